import type { NoduleEvidence } from './evidence.ts';
import { formatProbability, formatQuantity, type NumberStyle, readDate } from './numbers.ts';
import type { DraftWording, PaperWording, Wording } from './wording-shape.ts';

const GERMAN_NUMBERS: NumberStyle = { language: 'de-DE', percentSign: '\u00a0%' };
const quantity = (value: number, unit: string): string => formatQuantity(value, unit, GERMAN_NUMBERS);
const percent = (probability: number): string => formatProbability(probability, GERMAN_NUMBERS);
const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const KINDS = { solid: 'Solider', subsolid: 'Subsolider' };
const SIDES = { left: 'der linken Lunge', right: 'der rechten Lunge' };
/** The phrases in which the lung analysis says where something lies. */
const PLACES: Readonly<Record<string, string>> = {
  'upper third': 'oberes Drittel',
  'middle third': 'mittleres Drittel',
  'lower third': 'unteres Drittel',
  'upper zone': 'Oberfeld',
  'middle zone': 'Mittelfeld',
  'lower zone': 'Unterfeld',
  upper: 'oben',
  middle: 'Mitte',
  lower: 'unten',
  anterior: 'ventral',
  posterior: 'dorsal',
  medial: 'medial',
  lateral: 'lateral',
  central: 'zentral',
  peripheral: 'peripher',
  apical: 'apikal',
  basal: 'basal',
  subpleural: 'subpleural',
};

const draft: DraftWording = {
  notGiven: 'Keine Angabe.',
  noPrior: 'Keine Voruntersuchung vorhanden.',
  prior: (date, modalities, description) =>
    `${[modalities, description === null ? '' : `(${description})`].filter(Boolean).join(' ')} ${date === null ? 'ohne Datum' : `vom ${date}`}.`,
  study: (modalities, bodyParts, description) =>
    `${modalities}${bodyParts === null ? '' : `, Region: ${bodyParts}`}${description === null ? '' : ` (Untersuchung: ${description})`}.`,
  size: (series, instances) => `${plural(series, 'Serie', 'Serien')}, ${plural(instances, 'Instanz', 'Instanzen')}.`,
  equipment: (names) => `Gerät: ${names}.`,
  synthetic: 'Die Bilder sind synthetisch: von Software erzeugt, nicht von einer Person aufgenommen.',
  softwareRan: (models) => `Durch Software ausgewertet: ${models}.`,
  softwareNotEvaluable: (model, reason, runs) => `${model}${runs > 1 ? ` (${runs} Eingaben)` : ''}: nicht beurteilbar: ${reason}.`,
  softwareFailed: (model, reason, runs) => `${model}${runs > 1 ? ` (${runs} Eingaben)` : ''}: fehlgeschlagen: ${reason}.`,
  softwarePending: (model) => `${model}: nicht abgeschlossen.`,
  noSoftware: 'Es wurde kein KI-Modell ausgeführt.',
  noneAccepted: 'Kein KI-Befund wurde vom Befunder übernommen. Die Beurteilung des Befunders ist hier einzutragen.',
  measuredBy: (model) => `Messungen durch Software (${model}):`,
  impressionOpen: 'Vom Befunder einzutragen.',
  seeFindings: 'Siehe Wortlaut des Befunders unter Befund.',
  recommendationOpen: 'Es wurde keine Empfehlung erzeugt. Bei Bedarf vom Befunder einzutragen.',
  doesNotFit: (count) =>
    `${plural(count, 'weiterer übernommener Befund passt', 'weitere übernommene Befunde passen')} nicht in diesen Abschnitt: vom Befunder zu ergänzen.`,
};

const paper: PaperWording = {
  patient: 'Patient',
  name: 'Name',
  patientId: 'Patienten-ID',
  birthDate: 'Geburtsdatum',
  sex: 'Geschlecht',
  age: 'Alter',
  study: 'Untersuchung',
  studyDate: 'Untersuchungsdatum',
  accession: 'Auftragsnr.',
  description: 'Beschreibung',
  modality: 'Modalität',
  studyUid: 'Study UID',
  reportStatus: 'Status',
  version: 'Version',
  report: 'Befundbericht',
  created: 'Erstellt',
  keyImages: 'Schlüsselbilder',
  aiHeading: 'Herkunft der KI-Ergebnisse',
  aiNone: 'Auf diese Untersuchung wurde kein KI-Modell angewendet.',
  model: 'Modell',
  modelVersion: 'Version',
  result: 'Ergebnis',
  digest: 'Prüfsumme (SHA-256)',
  disclaimerHeading: 'Hinweis',
  signature: 'Elektronische Unterschrift',
  signedBy: 'Unterschrieben von',
  signedAt: 'Unterschrieben am',
  meaning: 'Bedeutung',
  contentHash: 'SHA-256 des Inhalts',
  notSigned: 'Dieser Bericht ist nicht unterschrieben.',
  draftBand: 'ENTWURF – NICHT UNTERSCHRIEBEN',
  syntheticBand: 'SYNTHETISCHE BILDER – NICHT VON EINER PERSON',
  addendum: 'Nachtrag',
  amendment: 'Änderung',
  amends: 'Ersetzt Version',
  reason: 'Grund',
  image: 'Bild',
  empty: '–',
  unprintable: 'Zeichen, für die dieses Dokument keine Schrift hat, stehen als ihre Unicode-Nummer, zum Beispiel [U+5C71].',
  sexName: { M: 'männlich', F: 'weiblich', O: 'divers' },
  page: ['Seite ', ' von ', ''],
};

/** German, as radiologists write it in Germany; decimal comma. */
export const GERMAN: Wording = {
  direction: 'ltr',
  section: {
    clinical_information: 'Klinische Angaben',
    technique: 'Technik',
    comparison: 'Voruntersuchungen',
    findings: 'Befund',
    impression: 'Beurteilung',
    recommendation: 'Empfehlung',
  },
  status: { draft: 'Entwurf', final: 'Endgültig', amended: 'Geändert' },
  disclaimer: 'Nur für Forschungszwecke. Kein Medizinprodukt. Ergebnis einer Software, das ein qualifizierter Befunder bestätigen muss.',
  embed: (text) => text,
  date: (value) => {
    const date = readDate(value);
    return date ? `${String(date.day).padStart(2, '0')}.${String(date.month).padStart(2, '0')}.${date.year}` : value;
  },
  list: (items) => items.join(', '),
  pneumonia: ({ probability, subtype, subtype_probability }) => {
    const origin = subtype === null ? null : subtype === 'bacterial_pneumonia' ? 'bakterielles' : 'virales';
    const model = probability === null ? '' : ` (Modellwahrscheinlichkeit ${percent(probability)})`;
    const weight = subtype_probability === null ? '' : ` (Modellwahrscheinlichkeit ${percent(subtype_probability)})`;
    return {
      finding: `Befund vereinbar mit Pneumonie${model}.${origin === null ? '' : ` Eher ${origin} Muster${weight}.`}`,
      impression: `Befund vereinbar mit Pneumonie${origin === null ? '' : `; eher ${origin} Muster`}.`,
    };
  },
  nodule: (nodule) => {
    const { diameter_mm, volume_mm3, mean_hu } = nodule;
    const numbers = [
      diameter_mm === null ? '' : `Durchmesser ${quantity(diameter_mm, 'mm')}`,
      volume_mm3 === null ? '' : `Volumen ${quantity(volume_mm3, 'mm³')}`,
      mean_hu === null ? '' : `mittlere Dichte ${quantity(mean_hu, 'HU')}`,
    ].filter(Boolean);
    const places = nodule.location.map((phrase) => PLACES[phrase.toLowerCase()] ?? phrase);
    const where = places.length === 0 ? '' : ` (${places.join(', ')})`;
    return {
      finding: `${[`${noduleInLung(nodule)}${where}`, ...numbers].join(', ')}.`,
      impression: `${noduleInLung(nodule)}${diameter_mm === null ? '' : `, ${quantity(diameter_mm, 'mm')}`}.`,
    };
  },
  nodules: (count, { diameter_mm, kind, side }) => {
    const size = diameter_mm === null ? '' : ` ${quantity(diameter_mm, 'mm')}`;
    const words = [kind === null ? '' : KINDS[kind].toLowerCase(), side === null ? '' : `in ${SIDES[side]}`].filter(Boolean).join(', ');
    return `${count} Lungenrundherde, der größte${size}${words === '' ? '' : ` (${words})`}.`;
  },
  emphysema: ({ laa950_percent }) => ({
    finding: `Emphysem${laa950_percent === null ? '' : `: ${quantity(laa950_percent, '%')} der Lunge unter \u2212950\u00a0HU (LAA-950)`}.`,
    impression: `Emphysem${laa950_percent === null ? '' : ` (LAA-950 ${quantity(laa950_percent, '%')})`}.`,
  }),
  titled: (title, text) => `${title}: ${text}`,
  measurement: (title, value, unit) => `${title}: ${quantity(value, unit)}`,
  measurementTitle: {
    'lung-volume-total': 'Gesamtes Lungenvolumen',
    'lung-volume-left': 'Volumen der linken Lunge',
    'lung-volume-right': 'Volumen der rechten Lunge',
    laa950: 'Lunge unter \u2212950\u00a0HU (LAA-950)',
    'mean-lung-density': 'Mittlere Lungendichte',
  },
  modality: {
    CT: 'CT',
    MR: 'MRT',
    CR: 'Röntgenaufnahme (CR)',
    DX: 'Digitale Röntgenaufnahme (DX)',
    MG: 'Mammographie',
    US: 'Sonographie',
    PT: 'PET',
    NM: 'Nuklearmedizin',
    XA: 'Angiographie',
    RF: 'Durchleuchtung',
    OT: 'Andere Modalität (OT)',
    SC: 'Sekundäraufnahme',
  },
  bodyPart: {
    CHEST: 'Thorax',
    THORAX: 'Thorax',
    LUNG: 'Lunge',
    HEAD: 'Kopf',
    BRAIN: 'Gehirn',
    NECK: 'Hals',
    ABDOMEN: 'Abdomen',
    PELVIS: 'Becken',
    BREAST: 'Mamma',
    HEART: 'Herz',
    SPINE: 'Wirbelsäule',
    HAND: 'Hand',
    KNEE: 'Knie',
    HIP: 'Hüfte',
  },
  draft,
  result: {
    notEvaluable: (reason) => `Nicht beurteilbar: ${reason}`,
    failed: (reason) => `Fehlgeschlagen: ${reason}`,
    pending: 'Nicht abgeschlossen',
    evaluated: 'Ausgewertet',
    noReason: 'kein Grund angegeben',
    score: (title, probability) => `${title} ${percent(probability)}`,
  },
  paper,
};

function noduleInLung({ kind, side }: NoduleEvidence): string {
  const nodule = kind === null ? 'Rundherd' : `${KINDS[kind]} Rundherd`;
  return side === null ? `${nodule} der Lunge` : `${nodule} in ${SIDES[side]}`;
}

import type { NoduleEvidence } from './evidence.ts';
import { formatProbability, formatQuantity, type NumberStyle, readDate } from './numbers.ts';
import type { DraftWording, PaperWording, Wording } from './wording-shape.ts';

const FRENCH_NUMBERS: NumberStyle = { language: 'fr-FR', percentSign: '\u00a0%' };
const quantity = (value: number, unit: string): string => formatQuantity(value, unit, FRENCH_NUMBERS);
const percent = (probability: number): string => formatProbability(probability, FRENCH_NUMBERS);
const plural = (count: number, one: string, many: string): string => `${count} ${count < 2 ? one : many}`;
/** French sets a no-break space before a colon. */
const COLON = '\u00a0: ';

const MONTHS = ['janv.', 'févr.', 'mars', 'avr.', 'mai', 'juin', 'juill.', 'août', 'sept.', 'oct.', 'nov.', 'déc.'];
const KINDS = { solid: 'solide', subsolid: 'subsolide' };
const SIDES = { left: 'poumon gauche', right: 'poumon droit' };
/** The phrases in which the lung analysis says where something lies. */
const PLACES: Readonly<Record<string, string>> = {
  'upper third': 'tiers supérieur',
  'middle third': 'tiers moyen',
  'lower third': 'tiers inférieur',
  'upper zone': 'zone supérieure',
  'middle zone': 'zone moyenne',
  'lower zone': 'zone inférieure',
  upper: 'supérieur',
  middle: 'moyen',
  lower: 'inférieur',
  anterior: 'antérieur',
  posterior: 'postérieur',
  medial: 'médial',
  lateral: 'latéral',
  central: 'central',
  peripheral: 'périphérique',
  apical: 'apical',
  basal: 'basal',
  subpleural: 'sous-pleural',
};

const draft: DraftWording = {
  notGiven: 'Non précisé.',
  noPrior: 'Pas d’examen antérieur disponible.',
  prior: (date, modalities, description) =>
    `${[modalities, description === null ? '' : `(${description})`].filter(Boolean).join(' ')} ${date === null ? 'de date inconnue' : `du ${date}`}.`,
  study: (modalities, bodyParts, description) =>
    `${modalities}${bodyParts === null ? '' : `, région${COLON}${bodyParts}`}${description === null ? '' : ` (examen${COLON}${description})`}.`,
  size: (series, instances) => `${plural(series, 'série', 'séries')}, ${plural(instances, 'instance', 'instances')}.`,
  equipment: (names) => `Appareil${COLON}${names}.`,
  synthetic: `Les images sont synthétiques${COLON}produites par un logiciel, non acquises sur une personne.`,
  softwareRan: (models) => `Évalué par logiciel${COLON}${models}.`,
  softwareNotEvaluable: (model, reason, runs) => `${model}${runs > 1 ? ` (${runs} entrées)` : ''}${COLON}non évaluable${COLON}${reason}.`,
  softwareFailed: (model, reason, runs) => `${model}${runs > 1 ? ` (${runs} entrées)` : ''}${COLON}échec${COLON}${reason}.`,
  softwarePending: (model) => `${model}${COLON}non terminé.`,
  noSoftware: 'Aucun modèle d’IA n’a été exécuté.',
  noneAccepted: 'Aucun résultat d’IA n’a été retenu par le lecteur. L’appréciation du lecteur est à rédiger ici.',
  measuredBy: (model) => `Mesures par logiciel (${model})${COLON.trimEnd()}`,
  impressionOpen: 'À rédiger par le lecteur.',
  seeFindings: 'Voir le texte du lecteur dans la section Résultats.',
  recommendationOpen: 'Aucune recommandation n’a été produite. À rédiger par le lecteur si nécessaire.',
  doesNotFit: (count) =>
    `${plural(count, 'autre résultat retenu ne tient', 'autres résultats retenus ne tiennent')} pas dans cette section${COLON}à compléter par le lecteur.`,
};

const paper: PaperWording = {
  patient: 'Patient',
  name: 'Nom',
  patientId: 'Identifiant patient',
  birthDate: 'Date de naissance',
  sex: 'Sexe',
  age: 'Âge',
  study: 'Examen',
  studyDate: 'Date de l’examen',
  accession: 'N° de demande',
  description: 'Description',
  modality: 'Modalité',
  studyUid: 'Study UID',
  reportStatus: 'Statut',
  version: 'Version',
  report: 'Compte rendu',
  created: 'Créé',
  keyImages: 'Images clés',
  aiHeading: 'Provenance des résultats d’IA',
  aiNone: 'Aucun modèle d’IA n’a été exécuté sur cet examen.',
  model: 'Modèle',
  modelVersion: 'Version',
  result: 'Résultat',
  digest: 'Empreinte (SHA-256)',
  disclaimerHeading: 'Avertissement',
  signature: 'Signature électronique',
  signedBy: 'Signé par',
  signedAt: 'Signé le',
  meaning: 'Signification',
  contentHash: 'SHA-256 du contenu',
  notSigned: 'Ce compte rendu n’est pas signé.',
  draftBand: 'BROUILLON – NON SIGNÉ',
  syntheticBand: 'IMAGES SYNTHÉTIQUES – PAS D’UNE PERSONNE',
  addendum: 'Addendum',
  amendment: 'Modification',
  amends: 'Remplace la version',
  reason: 'Motif',
  image: 'Image',
  empty: '–',
  unprintable: 'Les caractères pour lesquels ce document n’a pas de police sont imprimés par leur numéro Unicode, par exemple [U+5C71].',
  sexName: { M: 'Masculin', F: 'Féminin', O: 'Autre' },
  page: ['Page ', ' sur ', ''],
};

/** French, as radiologists write it in France; decimal comma. */
export const FRENCH: Wording = {
  direction: 'ltr',
  section: {
    clinical_information: 'Renseignements cliniques',
    technique: 'Technique',
    comparison: 'Comparaison',
    findings: 'Résultats',
    impression: 'Conclusion',
    recommendation: 'Recommandation',
  },
  status: { draft: 'Brouillon', final: 'Définitif', amended: 'Modifié' },
  disclaimer:
    'Usage de recherche uniquement. N’est pas un dispositif médical. Résultat d’un logiciel, à confirmer par un lecteur qualifié.',
  embed: (text) => text,
  date: (value) => {
    const date = readDate(value);
    return date ? `${date.day === 1 ? '1er' : date.day} ${MONTHS[date.month - 1]} ${date.year}` : value;
  },
  list: (items) => items.join(', '),
  pneumonia: ({ probability, subtype, subtype_probability }) => {
    const origin = subtype === null ? null : subtype === 'bacterial_pneumonia' ? 'bactérienne' : 'virale';
    const model = probability === null ? '' : ` (probabilité du modèle ${percent(probability)})`;
    const weight = subtype_probability === null ? '' : ` (probabilité du modèle ${percent(subtype_probability)})`;
    return {
      finding: `Aspect compatible avec une pneumonie${model}.${origin === null ? '' : ` Origine ${origin} privilégiée${weight}.`}`,
      impression: `Aspect compatible avec une pneumonie${origin === null ? '' : `, origine ${origin} privilégiée`}.`,
    };
  },
  nodule: (nodule) => {
    const { diameter_mm, volume_mm3, mean_hu } = nodule;
    const numbers = [
      diameter_mm === null ? '' : `diamètre ${quantity(diameter_mm, 'mm')}`,
      volume_mm3 === null ? '' : `volume ${quantity(volume_mm3, 'mm³')}`,
      mean_hu === null ? '' : `densité moyenne ${quantity(mean_hu, 'HU')}`,
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
    const words = [kind === null ? '' : KINDS[kind], side === null ? '' : SIDES[side]].filter(Boolean).join(', ');
    return `${count} nodules pulmonaires, le plus grand${size}${words === '' ? '' : ` (${words})`}.`;
  },
  emphysema: ({ laa950_percent }) => ({
    finding: `Emphysème${laa950_percent === null ? '' : `${COLON}${quantity(laa950_percent, '%')} du poumon sous \u2212950\u00a0HU (LAA-950)`}.`,
    impression: `Emphysème${laa950_percent === null ? '' : ` (LAA-950 ${quantity(laa950_percent, '%')})`}.`,
  }),
  titled: (title, text) => `${title}${COLON}${text}`,
  measurement: (title, value, unit) => `${title}${COLON}${quantity(value, unit)}`,
  measurementTitle: {
    'lung-volume-total': 'Volume pulmonaire total',
    'lung-volume-left': 'Volume du poumon gauche',
    'lung-volume-right': 'Volume du poumon droit',
    laa950: 'Poumon sous \u2212950\u00a0HU (LAA-950)',
    'mean-lung-density': 'Densité pulmonaire moyenne',
  },
  modality: {
    CT: 'Scanner (CT)',
    MR: 'IRM',
    CR: 'Radiographie (CR)',
    DX: 'Radiographie numérique (DX)',
    MG: 'Mammographie',
    US: 'Échographie',
    PT: 'TEP',
    NM: 'Médecine nucléaire',
    XA: 'Angiographie',
    RF: 'Radioscopie',
    OT: 'Autre modalité (OT)',
    SC: 'Capture secondaire',
  },
  bodyPart: {
    CHEST: 'thorax',
    THORAX: 'thorax',
    LUNG: 'poumon',
    HEAD: 'tête',
    BRAIN: 'cerveau',
    NECK: 'cou',
    ABDOMEN: 'abdomen',
    PELVIS: 'bassin',
    BREAST: 'sein',
    HEART: 'cœur',
    SPINE: 'rachis',
    HAND: 'main',
    KNEE: 'genou',
    HIP: 'hanche',
  },
  draft,
  result: {
    notEvaluable: (reason) => `Non évaluable${COLON}${reason}`,
    failed: (reason) => `Échec${COLON}${reason}`,
    pending: 'Non terminé',
    evaluated: 'Évalué',
    noReason: 'aucun motif indiqué',
    score: (title, probability) => `${title} ${percent(probability)}`,
  },
  paper,
};

function noduleInLung({ kind, side }: NoduleEvidence): string {
  const nodule = kind === null ? 'Nodule' : `Nodule ${KINDS[kind]}`;
  return side === null ? `${nodule} pulmonaire` : `${nodule} du ${SIDES[side]}`;
}

import type { NoduleEvidence } from './evidence.ts';
import { formatProbability, formatQuantity, type NumberStyle, readDate } from './numbers.ts';
import type { DraftWording, PaperWording, Wording } from './wording-shape.ts';

const SPANISH_NUMBERS: NumberStyle = { language: 'es-ES', percentSign: '\u00a0%' };
const quantity = (value: number, unit: string): string => formatQuantity(value, unit, SPANISH_NUMBERS);
const percent = (probability: number): string => formatProbability(probability, SPANISH_NUMBERS);
const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const MONTHS = ['ene', 'feb', 'mar', 'abr', 'may', 'jun', 'jul', 'ago', 'sep', 'oct', 'nov', 'dic'];
const KINDS = { solid: 'sólido', subsolid: 'subsólido' };
const SIDES = { left: 'pulmón izquierdo', right: 'pulmón derecho' };
/** The phrases in which the lung analysis says where something lies. */
const PLACES: Readonly<Record<string, string>> = {
  'upper third': 'tercio superior',
  'middle third': 'tercio medio',
  'lower third': 'tercio inferior',
  'upper zone': 'zona superior',
  'middle zone': 'zona media',
  'lower zone': 'zona inferior',
  upper: 'superior',
  middle: 'medio',
  lower: 'inferior',
  anterior: 'anterior',
  posterior: 'posterior',
  medial: 'medial',
  lateral: 'lateral',
  central: 'central',
  peripheral: 'periférico',
  apical: 'apical',
  basal: 'basal',
  subpleural: 'subpleural',
};

const draft: DraftWording = {
  notGiven: 'No consta.',
  noPrior: 'No hay estudio previo disponible.',
  prior: (date, modalities, description) =>
    `${[modalities, description === null ? '' : `(${description})`].filter(Boolean).join(' ')} ${date === null ? 'de fecha desconocida' : `del ${date}`}.`,
  study: (modalities, bodyParts, description) =>
    `${modalities}${bodyParts === null ? '' : `, región: ${bodyParts}`}${description === null ? '' : ` (estudio: ${description})`}.`,
  size: (series, instances) => `${plural(series, 'serie', 'series')}, ${plural(instances, 'instancia', 'instancias')}.`,
  equipment: (names) => `Equipo: ${names}.`,
  synthetic: 'Las imágenes son sintéticas: hechas por un programa, no tomadas de una persona.',
  softwareRan: (models) => `Evaluado por software: ${models}.`,
  softwareNotEvaluable: (model, reason, runs) => `${model}${runs > 1 ? ` (${runs} entradas)` : ''}: no evaluable: ${reason}.`,
  softwareFailed: (model, reason, runs) => `${model}${runs > 1 ? ` (${runs} entradas)` : ''}: error: ${reason}.`,
  softwarePending: (model) => `${model}: sin terminar.`,
  noSoftware: 'No se ejecutó ningún modelo de IA.',
  noneAccepted: 'El lector no aceptó ningún hallazgo de IA. La valoración del lector debe escribirse aquí.',
  measuredBy: (model) => `Mediciones por software (${model}):`,
  impressionOpen: 'A redactar por el lector.',
  seeFindings: 'Véase el texto del lector en Hallazgos.',
  recommendationOpen: 'No se generó ninguna recomendación. A redactar por el lector si procede.',
  doesNotFit: (count) =>
    `${plural(count, 'hallazgo aceptado más no cabe', 'hallazgos aceptados más no caben')} en esta sección: a añadir por el lector.`,
};

const paper: PaperWording = {
  patient: 'Paciente',
  name: 'Nombre',
  patientId: 'ID del paciente',
  birthDate: 'Fecha de nacimiento',
  sex: 'Sexo',
  age: 'Edad',
  study: 'Estudio',
  studyDate: 'Fecha del estudio',
  accession: 'N.º de petición',
  description: 'Descripción',
  modality: 'Modalidad',
  studyUid: 'Study UID',
  reportStatus: 'Estado',
  version: 'Versión',
  report: 'Informe',
  created: 'Creado',
  keyImages: 'Imágenes clave',
  aiHeading: 'Procedencia de los resultados de IA',
  aiNone: 'No se ejecutó ningún modelo de IA en este estudio.',
  model: 'Modelo',
  modelVersion: 'Versión',
  result: 'Resultado',
  digest: 'Huella (SHA-256)',
  disclaimerHeading: 'Advertencia',
  signature: 'Firma electrónica',
  signedBy: 'Firmado por',
  signedAt: 'Firmado el',
  meaning: 'Significado',
  contentHash: 'SHA-256 del contenido',
  notSigned: 'Este informe no está firmado.',
  draftBand: 'BORRADOR – SIN FIRMAR',
  syntheticBand: 'IMÁGENES SINTÉTICAS – NO DE UNA PERSONA',
  addendum: 'Adenda',
  amendment: 'Modificación',
  amends: 'Sustituye a la versión',
  reason: 'Motivo',
  image: 'Imagen',
  empty: '–',
  unprintable: 'Los caracteres para los que este documento no tiene tipo de letra se imprimen con su número Unicode, por ejemplo [U+5C71].',
  sexName: { M: 'Masculino', F: 'Femenino', O: 'Otro' },
  page: ['Página ', ' de ', ''],
};

/** Spanish, as radiologists write it in Spain; decimal comma. */
export const SPANISH: Wording = {
  direction: 'ltr',
  section: {
    clinical_information: 'Información clínica',
    technique: 'Técnica',
    comparison: 'Comparación',
    findings: 'Hallazgos',
    impression: 'Conclusión',
    recommendation: 'Recomendación',
  },
  status: { draft: 'Borrador', final: 'Definitivo', amended: 'Modificado' },
  disclaimer: 'Solo para investigación. No es un producto sanitario. Resultado de un software que debe confirmar un lector cualificado.',
  embed: (text) => text,
  date: (value) => {
    const date = readDate(value);
    return date ? `${date.day} ${MONTHS[date.month - 1]} ${date.year}` : value;
  },
  list: (items) => items.join(', '),
  pneumonia: ({ probability, subtype, subtype_probability }) => {
    const origin = subtype === null ? null : subtype === 'bacterial_pneumonia' ? 'bacteriano' : 'vírico';
    const model = probability === null ? '' : ` (probabilidad del modelo ${percent(probability)})`;
    const weight = subtype_probability === null ? '' : ` (probabilidad del modelo ${percent(subtype_probability)})`;
    return {
      finding: `Hallazgos compatibles con neumonía${model}.${origin === null ? '' : ` Patrón más probable: ${origin}${weight}.`}`,
      impression: `Hallazgos compatibles con neumonía${origin === null ? '' : `; patrón más probable: ${origin}`}.`,
    };
  },
  nodule: (nodule) => {
    const { diameter_mm, volume_mm3, mean_hu } = nodule;
    const numbers = [
      diameter_mm === null ? '' : `diámetro ${quantity(diameter_mm, 'mm')}`,
      volume_mm3 === null ? '' : `volumen ${quantity(volume_mm3, 'mm³')}`,
      mean_hu === null ? '' : `atenuación media ${quantity(mean_hu, 'HU')}`,
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
    const words = [kind === null ? '' : KINDS[kind], side === null ? '' : `en el ${SIDES[side]}`].filter(Boolean).join(', ');
    return `${count} nódulos pulmonares, el mayor${size}${words === '' ? '' : ` (${words})`}.`;
  },
  emphysema: ({ laa950_percent }) => ({
    finding: `Enfisema${laa950_percent === null ? '' : `: ${quantity(laa950_percent, '%')} del pulmón por debajo de \u2212950\u00a0HU (LAA-950)`}.`,
    impression: `Enfisema${laa950_percent === null ? '' : ` (LAA-950 ${quantity(laa950_percent, '%')})`}.`,
  }),
  titled: (title, text) => `${title}: ${text}`,
  measurement: (title, value, unit) => `${title}: ${quantity(value, unit)}`,
  measurementTitle: {
    'lung-volume-total': 'Volumen pulmonar total',
    'lung-volume-left': 'Volumen del pulmón izquierdo',
    'lung-volume-right': 'Volumen del pulmón derecho',
    laa950: 'Pulmón por debajo de \u2212950\u00a0HU (LAA-950)',
    'mean-lung-density': 'Densidad pulmonar media',
  },
  modality: {
    CT: 'TC',
    MR: 'RM',
    CR: 'Radiografía (CR)',
    DX: 'Radiografía digital (DX)',
    MG: 'Mamografía',
    US: 'Ecografía',
    PT: 'PET',
    NM: 'Medicina nuclear',
    XA: 'Angiografía',
    RF: 'Fluoroscopia',
    OT: 'Otra modalidad (OT)',
    SC: 'Captura secundaria',
  },
  bodyPart: {
    CHEST: 'tórax',
    THORAX: 'tórax',
    LUNG: 'pulmón',
    HEAD: 'cabeza',
    BRAIN: 'cerebro',
    NECK: 'cuello',
    ABDOMEN: 'abdomen',
    PELVIS: 'pelvis',
    BREAST: 'mama',
    HEART: 'corazón',
    SPINE: 'columna',
    HAND: 'mano',
    KNEE: 'rodilla',
    HIP: 'cadera',
  },
  draft,
  result: {
    notEvaluable: (reason) => `No evaluable: ${reason}`,
    failed: (reason) => `Error: ${reason}`,
    pending: 'Sin terminar',
    evaluated: 'Evaluado',
    noReason: 'sin motivo indicado',
    score: (title, probability) => `${title} ${percent(probability)}`,
  },
  paper,
};

function noduleInLung({ kind, side }: NoduleEvidence): string {
  const nodule = kind === null ? 'Nódulo' : `Nódulo ${KINDS[kind]}`;
  return side === null ? `${nodule} pulmonar` : `${nodule} en el ${SIDES[side]}`;
}

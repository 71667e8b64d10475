import { DISCLAIMER } from '../contract/disclaimer.ts';
import type { NoduleEvidence } from './evidence.ts';
import { formatProbability, formatQuantity, readDate } from './numbers.ts';
import type { DraftWording, PaperWording, Wording } from './wording-shape.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const draft: DraftWording = {
  notGiven: 'Not given.',
  noPrior: 'No prior study available.',
  prior: (date, modalities, description) =>
    `${[modalities, description === null ? '' : `(${description})`].filter(Boolean).join(' ')} of ${date ?? 'unknown date'}.`,
  study: (modalities, bodyParts, description) =>
    `${modalities}${bodyParts === null ? '' : ` of the ${bodyParts}`}${description === null ? '' : ` (study description: ${description})`}.`,
  size: (series, instances) => `${plural(series, 'series', 'series')}, ${plural(instances, 'instance', 'instances')}.`,
  equipment: (names) => `Equipment: ${names}.`,
  synthetic: 'The images are synthetic: made by software, not taken of a person.',
  softwareRan: (models) => `Evaluated by software: ${models}.`,
  softwareNotEvaluable: (model, reason, runs) => `${model}${runs > 1 ? ` (${runs} inputs)` : ''}: not evaluable: ${reason}.`,
  softwareFailed: (model, reason, runs) => `${model}${runs > 1 ? ` (${runs} inputs)` : ''}: failed: ${reason}.`,
  softwarePending: (model) => `${model}: not completed.`,
  noSoftware: 'No AI model was run.',
  noneAccepted: 'No AI finding was accepted by the reader. The assessment of the reader is to be written here.',
  measuredBy: (model) => `Measurements by software (${model}):`,
  impressionOpen: 'To be written by the reader.',
  seeFindings: "See the reader's wording under Findings.",
  recommendationOpen: 'No recommendation was generated. To be written by the reader where one is needed.',
  doesNotFit: (count) =>
    `${plural(count, 'more accepted finding is', 'more accepted findings are')} too long for this section: to be added by the reader.`,
};

const paper: PaperWording = {
  patient: 'Patient',
  name: 'Name',
  patientId: 'Patient ID',
  birthDate: 'Date of birth',
  sex: 'Sex',
  age: 'Age',
  study: 'Study',
  studyDate: 'Study date',
  accession: 'Accession no.',
  description: 'Description',
  modality: 'Modality',
  studyUid: 'Study UID',
  reportStatus: 'Status',
  version: 'Version',
  report: 'Report',
  created: 'Created',
  keyImages: 'Key images',
  aiHeading: 'AI provenance',
  aiNone: 'No AI model was run on this study.',
  model: 'Model',
  modelVersion: 'Version',
  result: 'Result',
  digest: 'Digest (SHA-256)',
  disclaimerHeading: 'Disclaimer',
  signature: 'Electronic signature',
  signedBy: 'Signed by',
  signedAt: 'Signed at',
  meaning: 'Meaning',
  contentHash: 'Content SHA-256',
  notSigned: 'This report has not been signed.',
  draftBand: 'DRAFT – NOT SIGNED',
  syntheticBand: 'SYNTHETIC IMAGES – NOT OF A PERSON',
  addendum: 'Addendum',
  amendment: 'Amendment',
  amends: 'Replaces version',
  reason: 'Reason',
  image: 'Image',
  empty: '–',
  unprintable: 'Characters that this document has no font for are printed as their Unicode numbers, for example [U+5C71].',
  sexName: { M: 'Male', F: 'Female', O: 'Other' },
  page: ['Page ', ' of ', ''],
};

/** English, as radiologists in the United States write it. */
export const ENGLISH: Wording = {
  direction: 'ltr',
  section: {
    clinical_information: 'Clinical information',
    technique: 'Technique',
    comparison: 'Comparison',
    findings: 'Findings',
    impression: 'Impression',
    recommendation: 'Recommendation',
  },
  status: { draft: 'Draft', final: 'Final', amended: 'Amended' },
  disclaimer: DISCLAIMER,
  embed: (text) => text,
  date: (value) => {
    const date = readDate(value);
    return date ? `${date.day} ${MONTHS[date.month - 1]} ${date.year}` : value;
  },
  list: (items) => items.join(', '),
  pneumonia: ({ probability, subtype, subtype_probability }) => {
    const origin = subtype === null ? null : subtype === 'bacterial_pneumonia' ? 'bacterial' : 'viral';
    const model = probability === null ? '' : ` (model probability ${formatProbability(probability)})`;
    const weight = subtype_probability === null ? '' : ` (model probability ${formatProbability(subtype_probability)})`;
    return {
      finding: `Findings consistent with pneumonia${model}.${origin === null ? '' : ` ${capital(origin)} pattern favored${weight}.`}`,
      impression: `Findings consistent with pneumonia${origin === null ? '' : `; ${origin} pattern favored`}.`,
    };
  },
  nodule: (nodule) => {
    const { diameter_mm, volume_mm3, mean_hu } = nodule;
    const numbers = [
      diameter_mm === null ? '' : `diameter ${formatQuantity(diameter_mm, 'mm')}`,
      volume_mm3 === null ? '' : `volume ${formatQuantity(volume_mm3, 'mm³')}`,
      mean_hu === null ? '' : `mean attenuation ${formatQuantity(mean_hu, 'HU')}`,
    ].filter(Boolean);
    const where = nodule.location.length === 0 ? '' : ` (${nodule.location.join(', ')})`;
    return {
      finding: `${[`${noduleInLung(nodule)}${where}`, ...numbers].join(', ')}.`,
      impression: `${noduleInLung(nodule)}${diameter_mm === null ? '' : `, ${formatQuantity(diameter_mm, 'mm')}`}.`,
    };
  },
  nodules: (count, { diameter_mm, kind, side }) => {
    const size = diameter_mm === null ? '' : ` ${formatQuantity(diameter_mm, 'mm')}`;
    const words = [kind ?? '', side === null ? '' : `in the ${side} lung`].filter(Boolean).join(', ');
    return `${count} lung nodules, the largest${size}${words === '' ? '' : ` (${words})`}.`;
  },
  emphysema: ({ laa950_percent }) => ({
    finding: `Emphysema${laa950_percent === null ? '' : `: ${formatQuantity(laa950_percent, '%')} of the lung below \u2212950\u00a0HU (LAA-950)`}.`,
    impression: `Emphysema${laa950_percent === null ? '' : ` (LAA-950 ${formatQuantity(laa950_percent, '%')})`}.`,
  }),
  titled: (title, text) => `${title}: ${text}`,
  measurement: (title, value, unit) => `${title}: ${formatQuantity(value, unit)}`,
  measurementTitle: {
    'lung-volume-total': 'Total lung volume',
    'lung-volume-left': 'Left lung volume',
    'lung-volume-right': 'Right lung volume',
    laa950: 'Lung below \u2212950\u00a0HU (LAA-950)',
    'mean-lung-density': 'Mean lung density',
  },
  modality: {
    CT: 'CT',
    MR: 'MRI',
    CR: 'Radiograph (CR)',
    DX: 'Digital radiograph (DX)',
    MG: 'Mammogram',
    US: 'Ultrasound',
    PT: 'PET',
    NM: 'Nuclear medicine',
    XA: 'X-ray angiography',
    RF: 'Fluoroscopy',
    OT: 'Other modality (OT)',
    SC: 'Secondary capture',
  },
  bodyPart: {
    CHEST: 'chest',
    THORAX: 'chest',
    LUNG: 'lung',
    HEAD: 'head',
    BRAIN: 'brain',
    NECK: 'neck',
    ABDOMEN: 'abdomen',
    PELVIS: 'pelvis',
    BREAST: 'breast',
    HEART: 'heart',
    SPINE: 'spine',
    HAND: 'hand',
    KNEE: 'knee',
    HIP: 'hip',
  },
  draft,
  result: {
    notEvaluable: (reason) => `Not evaluable: ${reason}`,
    failed: (reason) => `Failed: ${reason}`,
    pending: 'Not completed',
    evaluated: 'Evaluated',
    noReason: 'no reason given',
    score: (title, probability) => `${title} ${formatProbability(probability)}`,
  },
  paper,
};

function noduleInLung({ kind, side }: NoduleEvidence): string {
  const nodule = kind === null ? 'Nodule' : `${capital(kind)} nodule`;
  return side === null ? `${nodule} of the lung` : `${nodule} in the ${side} lung`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

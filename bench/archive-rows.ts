import { createHash } from 'node:crypto';
import { READING_LEVELS } from '../src/contract/reading-list.ts';
import { type DicomJson, stringifyDicomJson } from '../src/dicom/dicom-json.ts';
import { placeInList } from '../src/server/reading-list/priority.ts';
import { attributesAt } from '../src/server/studies/attribute-levels.ts';
import { componentForms, searchFormOf } from '../src/server/studies/patient-name.ts';
import { termsOfSeries, termsOfStudy } from '../src/server/studies/search-terms.ts';

// An archive as rows: the same for the same numbers, and as `storeInstance` would have written them.

type Row = Record<string, string | number | null>;
/** The rows of one study without its instances, by table. */
export type StudyRows = { patient: Row; study: Row; series: Row[]; search_term: Row[]; instances: number };

const FAMILIES =
  'Smith Miller Garcia Müller Nguyen Kowalski Rossi Schmidt Okafor Haddad Tanaka Ivanov Silva Andersson Dubois Novak Yilmaz Cohen'.split(
    ' ',
  );
const GIVEN = 'Anna John Maria Peter Fatima Wei Olga Paul Lea Omar Ines Jan Sofia Ali Emma Luca Nina Tom Ida Max'.split(' ');
const SYLLABLES = 'ba ko li mer sta ven tor ri ga dun sel hof wan bri'.split(' ');
const PROTOCOLS: [modality: string, description: string, sopClass: string, instances: number][] = [
  ['CT', 'CT Chest', '1.2.840.10008.5.1.4.1.1.2', 80],
  ['CT', 'CT Abdomen Pelvis', '1.2.840.10008.5.1.4.1.1.2', 90],
  ['MR', 'MR Head', '1.2.840.10008.5.1.4.1.1.4', 40],
  ['DX', 'Chest PA', '1.2.840.10008.5.1.4.1.1.1.1', 1],
  ['US', 'US Abdomen', '1.2.840.10008.5.1.4.1.1.6.1', 6],
  ['MG', 'Mammography screening', '1.2.840.10008.5.1.4.1.1.1.2', 4],
];
const STATIONS = 24;
const FIRST_DAY = Date.UTC(2015, 0, 1);
const MINUTES_BETWEEN = 90;

/** The study of a number, one of about 50 instances in one to three series; every second patient has two studies. */
export function studyRows(number: number): StudyRows {
  const random = randomOf(number);
  const at = new Date(FIRST_DAY + number * MINUTES_BETWEEN * 60_000).toISOString();
  const [modality, description, sopClass, perSeries] = pick(PROTOCOLS, random);
  const uid = `2.25.${100_000_000_000 + number}.${Math.floor(random() * 1e12)}`;
  const person = patientOf(Math.floor((number * 2) / 3));
  const common: DicomJson = {
    ...person.attributes,
    '00080020': { vr: 'DA', Value: [at.slice(0, 10).replaceAll('-', '')] },
    '00080030': { vr: 'TM', Value: [at.slice(11, 19).replaceAll(':', '')] },
    '00080050': { vr: 'SH', Value: [accessionOf(number)] },
    '00080090': { vr: 'PN', Value: [{ Alphabetic: `${pick(FAMILIES, random)}^${pick(GIVEN, random)}` }] },
    '00081030': { vr: 'LO', Value: [description] },
    '0020000D': { vr: 'UI', Value: [uid] },
    '00200010': { vr: 'SH', Value: [String(number)] },
  };
  const study = attributesAt(common, ['patient', 'study']);
  const count = 1 + Math.floor(random() * 3);
  const series = Array.from({ length: count }, (_, index) =>
    seriesRow({ uid: `${uid}.${index + 1}`, study: uid, number: index + 1, at, modality, sopClass, perSeries, random }),
  );
  const instances = series.reduce((sum, { row }) => sum + Number(row['instance_count']), 0);
  const ofStudy = { study_instance_uid: uid, series_instance_uid: '' };
  return {
    patient: { ...person.row, created_at: at, updated_at: at },
    study: {
      study_instance_uid: uid,
      patient_key: person.row['id'] ?? null,
      accession_number: accessionOf(number),
      study_id: String(number),
      study_date: at.slice(0, 10).replaceAll('-', ''),
      study_time: at.slice(11, 19).replaceAll(':', ''),
      study_moment: at.slice(0, 19).replaceAll(/[-:T]/g, ''),
      description,
      referring_physician: null,
      modalities: modality,
      series_count: count,
      instance_count: instances,
      is_synthetic: 0,
      status: 'complete',
      analysis_status: 'none',
      created_at: at,
      updated_at: at,
      attributes: stringifyDicomJson(study),
      ...readingOf(number, at),
    },
    series: series.map(({ row }) => row),
    search_term: [
      ...termsOfStudy(study).map((term) => ({ ...term, ...ofStudy })),
      ...series.flatMap(({ row, terms }) =>
        terms.map((term) => ({ ...term, study_instance_uid: uid, series_instance_uid: row['series_instance_uid'] ?? '' })),
      ),
    ],
    instances,
  };
}

/** One study of twenty is still to be read, at every level of priority. */
function readingOf(number: number, at: string): Row {
  const status = number % 20 === 0 ? 'unread' : 'signed';
  const level = READING_LEVELS[(number / 20) % READING_LEVELS.length] ?? 'routine';
  return { reading_status: status, reading_place: placeInList(status, level, at) };
}

/** Accession number of the study of a number. */
export function accessionOf(number: number): string {
  return `A${String(number).padStart(9, '0')}`;
}

/** ID and name of the patient of a number. */
export function patientOf(number: number): { id: string; family: string; given: string; row: Row; attributes: DicomJson } {
  const random = randomOf(number + 7_919);
  const family =
    random() < 0.5 ? pick(FAMILIES, random) : capital(pick(SYLLABLES, random) + pick(SYLLABLES, random) + pick(SYLLABLES, random));
  const given = pick(GIVEN, random);
  const name = { Alphabetic: `${family}^${given}` };
  const id = `P${String(number).padStart(8, '0')}`;
  const birth = `19${10 + Math.floor(random() * 90)}${String(1 + Math.floor(random() * 12)).padStart(2, '0')}15`;
  const sex = random() < 0.5 ? 'F' : 'M';
  const forms = componentForms(name);
  const row = {
    id: createHash('sha256').update(id).digest('hex').slice(0, 32),
    patient_id: id,
    issuer: '',
    name: name.Alphabetic,
    name_search: searchFormOf(name),
    name_alphabetic: forms.alphabetic,
    name_ideographic: null,
    name_phonetic: null,
    birth_date: birth,
    sex,
  };
  const attributes: DicomJson = {
    '00100010': { vr: 'PN', Value: [name] },
    '00100020': { vr: 'LO', Value: [id] },
    '00100030': { vr: 'DA', Value: [birth] },
    '00100040': { vr: 'CS', Value: [sex] },
  };
  return { id, family, given, row, attributes };
}

export function stationOf(number: number): string {
  return `STATION${String(number % STATIONS).padStart(2, '0')}`;
}

type SeriesPlan = {
  uid: string;
  study: string;
  number: number;
  at: string;
  modality: string;
  sopClass: string;
  perSeries: number;
  random: () => number;
};

function seriesRow({ uid, study, number, at, modality, sopClass, perSeries, random }: SeriesPlan) {
  const description = `Series ${number}`;
  const attributes: DicomJson = {
    '00080021': { vr: 'DA', Value: [at.slice(0, 10).replaceAll('-', '')] },
    '00080060': { vr: 'CS', Value: [modality] },
    '00080070': { vr: 'LO', Value: ['Isocenter benchmark'] },
    '00080080': { vr: 'LO', Value: ['General Hospital'] },
    '00081010': { vr: 'SH', Value: [stationOf(Math.floor(random() * STATIONS))] },
    '0008103E': { vr: 'LO', Value: [description] },
    '00081090': { vr: 'LO', Value: [`Model ${modality}`] },
    '00181030': { vr: 'LO', Value: [`Protocol ${Math.floor(random() * 40)}`] },
    '0020000E': { vr: 'UI', Value: [uid] },
    '00200011': { vr: 'IS', Value: [number] },
    '00200052': { vr: 'UI', Value: [`${uid}.9`] },
    '00400253': { vr: 'SH', Value: [`PPS${Math.floor(random() * 1e9)}`] },
  };
  const row: Row = {
    series_instance_uid: uid,
    study_instance_uid: study,
    modality,
    series_number: number,
    description,
    body_part: 'CHEST',
    view_position: null,
    sop_class_uid: sopClass,
    instance_count: Math.max(1, Math.round(perSeries * (0.5 + random()) * 0.5)),
    created_at: at,
    attributes: stringifyDicomJson(attributes),
  };
  return { row, terms: [...termsOfSeries(attributes), { tag: '00080016', term: sopClass }] };
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)] as T;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Linear congruential (Numerical Recipes' constants), from 0 to 1. */
function randomOf(seed: number): () => number {
  let state = Math.imul(seed + 1, 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

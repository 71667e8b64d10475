import type { ReadingLevel } from '../src/contract/reading-list.ts';
import type { Db } from '../src/server/platform/ports.ts';
import { placeInList } from '../src/server/reading-list/priority.ts';

const ROWS_AT_A_TIME = 250;
const STUDIES_OF_A_PATIENT = 4;
const MODALITIES = ['CT', 'MR', 'CR', 'DX', 'US', 'MG'] as const;
const PARTS = ['CHEST', 'HEAD', 'ABDOMEN', 'KNEE', 'SPINE'] as const;
/** Most work is routine, and most of what is held was signed long ago. */
const LEVELS: readonly ReadingLevel[] = [
  'routine',
  'routine',
  'routine',
  'urgent',
  'routine',
  'low',
  'routine',
  'routine',
  'critical',
  'routine',
];

/** Fills a tenant with so many studies as rows alone, one a minute backwards from `now`, a fifth of them signed. */
export async function insertManyStudies(db: Db, count: number, now: Date): Promise<void> {
  for (let start = 0; start < count; start += ROWS_AT_A_TIME) {
    const numbers = Array.from({ length: Math.min(ROWS_AT_A_TIME, count - start) }, (_, index) => start + index);
    const owners = numbers.filter((number) => number % STUDIES_OF_A_PATIENT === 0);
    await db.transaction().execute(async (tx) => {
      await tx
        .insertInto('patient')
        .values(owners.map((number) => patientRow(number, now)))
        .execute();
      await tx
        .insertInto('study')
        .values(numbers.map((number) => studyRow(number, now)))
        .execute();
      await tx
        .insertInto('series')
        .values(numbers.map((number) => seriesRow(number, now)))
        .execute();
      await tx
        .insertInto('search_term')
        .values(
          numbers.map((number) => ({ tag: '00100020', term: `many-${ownerOf(number)}`, ...placeOf(number), series_instance_uid: '' })),
        )
        .execute();
    });
  }
}

function ownerOf(number: number): number {
  return number - (number % STUDIES_OF_A_PATIENT);
}

function placeOf(number: number): { study_instance_uid: string } {
  return { study_instance_uid: `2.25.99.${number}` };
}

function pick<T>(from: readonly T[], number: number): T {
  const picked = from[number % from.length];
  if (picked === undefined) throw new Error('Nothing to pick from');
  return picked;
}

function atOf(number: number, now: Date): string {
  return new Date(now.getTime() - number * 60_000).toISOString();
}

function patientRow(number: number, now: Date) {
  const at = atOf(number, now);
  return {
    id: `${number}`.padStart(32, '0'),
    patient_id: `MANY-${number}`,
    issuer: '',
    name: `Many^Number ${number}`,
    name_search: `many number ${number}`,
    birth_date: '1960-01-01',
    sex: 'O',
    created_at: at,
    updated_at: at,
  };
}

function studyRow(number: number, now: Date) {
  const at = atOf(number, now);
  const reading_status = number % 5 === 4 ? ('signed' as const) : ('unread' as const);
  const moment = at.replaceAll(/\D/g, '');
  return {
    ...placeOf(number),
    patient_key: `${ownerOf(number)}`.padStart(32, '0'),
    accession_number: `A${number}`,
    study_date: moment.slice(0, 8),
    study_time: moment.slice(8, 14),
    study_moment: moment.slice(0, 14),
    description: `${pick(MODALITIES, number)} ${pick(PARTS, number).toLowerCase()}`,
    modalities: pick(MODALITIES, number),
    series_count: 1,
    instance_count: 1,
    is_synthetic: 1,
    status: 'complete' as const,
    analysis_status: 'none' as const,
    created_at: at,
    updated_at: at,
    attributes: '{}',
    reading_status,
    reading_place: placeInList(reading_status, pick(LEVELS, number), at),
  };
}

function seriesRow(number: number, now: Date) {
  return {
    ...placeOf(number),
    series_instance_uid: `2.25.99.${number}.1`,
    modality: pick(MODALITIES, number),
    series_number: 1,
    body_part: pick(PARTS, number),
    sop_class_uid: '1.2.840.10008.5.1.4.1.1.7',
    instance_count: 1,
    created_at: atOf(number, now),
    attributes: '{}',
  };
}

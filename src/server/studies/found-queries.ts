import { type ExpressionBuilder, type RawBuilder, type Selectable, sql } from 'kysely';
import { Tag } from '../../dicom/tags.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import type { Search } from './search-filter.ts';
import { KEY_COLUMN, type KeyRow, type Keys, orderOf } from './search-queries.ts';

type Row<T extends keyof Tables> = Selectable<Tables[T]>;
type PatientColumns = Pick<Row<'patient'>, 'patient_id' | 'birth_date' | 'sex'> & { patient_name: string };
type StudyColumns = Pick<
  Row<'study'>,
  | 'study_instance_uid'
  | 'accession_number'
  | 'study_id'
  | 'study_date'
  | 'study_time'
  | 'referring_physician'
  | 'modalities'
  | 'series_count'
  | 'instance_count'
> & { study_description: string | null };
type SeriesColumns = Pick<Row<'series'>, 'series_instance_uid' | 'modality' | 'series_number' | 'body_part' | 'view_position'> & {
  series_description: string | null;
  series_instance_count: number;
};
type InstanceColumns = Pick<
  Row<'instance'>,
  | 'sop_instance_uid'
  | 'sop_class_uid'
  | 'transfer_syntax_uid'
  | 'instance_number'
  | 'number_of_frames'
  | 'rows'
  | 'columns'
  | 'bits_allocated'
>;
/** What is counted for a patient. */
type PatientCounts = { patient_studies: number; patient_series: number | null; patient_instances: number | null };

/** What the columns say of one result, at its level and above, and the stored attributes that were asked for, as text. */
export type FoundRow = KeyRow &
  PatientColumns &
  Partial<PatientCounts & StudyColumns & SeriesColumns & InstanceColumns> & {
    study_attributes?: string | null;
    series_attributes?: string;
    dicom_json?: string;
    /** SOP classes of a study, separated by commas. */
    sop_classes?: string | null;
  };

/**
 * What is read besides columns: the stored attributes of patient and study (or those alone that hold an offset from UTC), of the series, of
 * the instance; the SOP classes in a study.
 */
export type Reading = { study: boolean | 'timezone'; series: boolean; instance: boolean; sopClasses: boolean };

/** Reads what keys name, in their order, with one statement. */
export function readFound(db: Db | Tx, search: Search, reading: Reading): (keys: Keys) => Promise<FoundRow[]> {
  const order = orderOf(search);
  switch (search.level) {
    case 'patient':
      return (keys) => patients(db, keys, reading).orderBy(order).execute();
    case 'study':
      return (keys) => studies(db, keys, reading).orderBy(order).execute();
    case 'series':
      return (keys) => series(db, keys, reading).orderBy(order).execute();
    case 'instance':
      return (keys) => instances(db, keys, reading).orderBy(order).execute();
  }
}

const PAGE = ['page.key', 'page.place'] as const;
const PATIENT = ['patient.name as patient_name', 'patient.patient_id', 'patient.birth_date', 'patient.sex'] as const;
const STUDY = [
  'study.study_instance_uid',
  'study.accession_number',
  'study.study_id',
  'study.study_date',
  'study.study_time',
  'study.description as study_description',
  'study.referring_physician',
  'study.modalities',
  'study.series_count',
  'study.instance_count',
] as const;
const SERIES = [
  'series.series_instance_uid',
  'series.modality',
  'series.series_number',
  'series.description as series_description',
  'series.body_part',
  'series.view_position',
  'series.instance_count as series_instance_count',
] as const;
const INSTANCE = [
  'instance.sop_instance_uid',
  'instance.sop_class_uid',
  'instance.transfer_syntax_uid',
  'instance.instance_number',
  'instance.number_of_frames',
  'instance.rows',
  'instance.columns',
  'instance.bits_allocated',
] as const;

// A cross join keeps its order in SQLite: each of the few keys leads to its row, and never the other way around.

function patients(db: Db | Tx, keys: Keys, { study }: Reading) {
  const query = db
    .selectFrom(keys.as('page'))
    .crossJoin('patient')
    .whereRef(KEY_COLUMN.patient, '=', 'page.key')
    .select([...PAGE, ...PATIENT]);
  return query
    .select((patient) => [
      ofPatient(patient, sql<number>`count(*)`).as('patient_studies'),
      ofPatient(patient, sql<number>`sum(${sql.ref('related.series_count')})`).as('patient_series'),
      ofPatient(patient, sql<number>`sum(${sql.ref('related.instance_count')})`).as('patient_instances'),
    ])
    .$if(study !== false, (some) => some.select((patient) => newestAttributes(patient).as('study_attributes')));
}

function studies(db: Db | Tx, keys: Keys, { study, sopClasses }: Reading) {
  return db
    .selectFrom(keys.as('page'))
    .crossJoin('study')
    .whereRef(KEY_COLUMN.study, '=', 'page.key')
    .innerJoin('patient', 'patient.id', 'study.patient_key')
    .select([...PAGE, ...PATIENT, ...STUDY])
    .$if(study !== false, (some) => some.select(attributesOf(study).as('study_attributes')))
    .$if(sopClasses, (some) => some.select((of) => classesOf(of).as('sop_classes')));
}

function series(db: Db | Tx, keys: Keys, reading: Reading) {
  return db
    .selectFrom(keys.as('page'))
    .crossJoin('series')
    .whereRef(KEY_COLUMN.series, '=', 'page.key')
    .innerJoin('study', 'study.study_instance_uid', 'series.study_instance_uid')
    .innerJoin('patient', 'patient.id', 'study.patient_key')
    .select([...PAGE, ...PATIENT, ...STUDY, ...SERIES])
    .$if(reading.study !== false, (some) => some.select(attributesOf(reading.study).as('study_attributes')))
    .$if(reading.series, (some) => some.select('series.attributes as series_attributes'))
    .$if(reading.sopClasses, (some) => some.select((of) => classesOf(of).as('sop_classes')));
}

function instances(db: Db | Tx, keys: Keys, reading: Reading) {
  return db
    .selectFrom(keys.as('page'))
    .crossJoin('instance')
    .whereRef(KEY_COLUMN.instance, '=', 'page.key')
    .innerJoin('series', 'series.series_instance_uid', 'instance.series_instance_uid')
    .innerJoin('study', 'study.study_instance_uid', 'instance.study_instance_uid')
    .innerJoin('patient', 'patient.id', 'study.patient_key')
    .select([...PAGE, ...PATIENT, ...STUDY, ...SERIES, ...INSTANCE])
    .$if(reading.study !== false, (some) => some.select(attributesOf(reading.study).as('study_attributes')))
    .$if(reading.series, (some) => some.select('series.attributes as series_attributes'))
    .$if(reading.instance, (some) => some.select('instance.dicom_json'))
    .$if(reading.sopClasses, (some) => some.select((of) => classesOf(of).as('sop_classes')));
}

function attributesOf(reading: Reading['study']): RawBuilder<string | null> {
  const attributes = sql.ref('study.attributes');
  return reading === 'timezone'
    ? sql`case when ${attributes} like ${`%"${Tag.TimezoneOffsetFromUTC}"%`} then ${attributes} end`
    : sql`${attributes}`;
}

function ofPatient(patient: ExpressionBuilder<Tables, 'patient'>, total: RawBuilder<number>) {
  return patient.selectFrom('study as related').select(total.as('total')).whereRef('related.patient_key', '=', 'patient.id').$asScalar();
}

function newestAttributes(patient: ExpressionBuilder<Tables, 'patient'>) {
  return patient
    .selectFrom('study as newest')
    .select('newest.attributes')
    .whereRef('newest.patient_key', '=', 'patient.id')
    .orderBy('newest.created_at', 'desc')
    .limit(1)
    .$asScalar();
}

function classesOf(study: ExpressionBuilder<Tables, 'study'>) {
  const distinct = study
    .selectFrom('instance as within')
    .select('within.sop_class_uid')
    .distinct()
    .whereRef('within.study_instance_uid', '=', 'study.study_instance_uid')
    .as('classes');
  return study
    .selectFrom(distinct)
    .select(sql<string>`string_agg(${sql.ref('classes.sop_class_uid')}, ',')`.as('list'))
    .$asScalar();
}

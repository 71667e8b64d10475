import { type RawBuilder, sql } from 'kysely';
import { type DataSet, personNameOf, textsOf } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';
import type { Db } from '../platform/ports.ts';
import { componentForm } from '../studies/patient-name.ts';
import { rangeOf } from './match.ts';
import type { Level, UniqueKeys } from './query-levels.ts';

/** Rows that are read at a time. */
const PAGE = 200;
/** Sorts after all text that goes on in any other way. */
const LAST_CHARACTER = '\u{10FFFF}';

/** What the columns say of one patient, study, series or instance; null where the level has none. Counts are of what is related below. */
export type FindRow = {
  /** What the pages go on after. */
  cursor: string;
  name: string;
  patient_id: string;
  issuer: string;
  birth_date: string | null;
  sex: string | null;
  study_instance_uid: string | null;
  study_id: string | null;
  study_date: string | null;
  study_time: string | null;
  accession_number: string | null;
  study_description: string | null;
  referring_physician: string | null;
  series_instance_uid: string | null;
  modality: string | null;
  series_number: number | null;
  series_description: string | null;
  body_part: string | null;
  /** Separated by commas, each once. */
  modalities: string | null;
  study_count: number;
  series_count: number;
  instance_count: number;
  dicom_json: string | null;
};

export type FindSearch = { level: Level; keys: DataSet; withJson: boolean };
type Table = 'patient' | 'study' | 'series' | 'instance';

const TABLES: Record<Level, readonly Table[]> = {
  PATIENT: ['patient'],
  STUDY: ['patient', 'study'],
  SERIES: ['patient', 'study', 'series'],
  IMAGE: ['patient', 'study', 'series', 'instance'],
};
const CURSOR: Record<Level, string> = {
  PATIENT: 'patient.id',
  STUDY: 'study.study_instance_uid',
  SERIES: 'series.series_instance_uid',
  IMAGE: 'instance.sop_instance_uid',
};

/**
 * What may match, page by page in the order of the level's own key: the columns narrow the search as far as indexes help, and the caller
 * decides on each row. `withJson` brings the stored DICOM JSON of one instance of each row.
 */
export async function* listCandidates(db: Db, search: FindSearch): AsyncGenerator<FindRow[]> {
  for (let after = ''; ; ) {
    const rows = await selectPage(db, search, after);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.cursor;
  }
}

export type Retrievable = {
  sop_instance_uid: string;
  sop_class_uid: string;
  transfer_syntax_uid: string;
  blob_key: string;
};

/** The instances of a retrieval, in the order of studies, series and instances. */
export async function listRetrievable(db: Db, { patientId, studies, series, instances }: UniqueKeys): Promise<Retrievable[]> {
  let query = db
    .selectFrom('instance')
    .innerJoin('series', 'series.series_instance_uid', 'instance.series_instance_uid')
    .innerJoin('study', 'study.study_instance_uid', 'instance.study_instance_uid')
    .innerJoin('patient', 'patient.id', 'study.patient_key')
    .select(['instance.sop_instance_uid', 'instance.sop_class_uid', 'instance.transfer_syntax_uid', 'instance.blob_key']);
  if (patientId !== undefined) query = query.where('patient.patient_id', '=', patientId);
  if (studies) query = query.where('instance.study_instance_uid', 'in', studies);
  if (series) query = query.where('instance.series_instance_uid', 'in', series);
  if (instances) query = query.where('instance.sop_instance_uid', 'in', instances);
  return query
    .orderBy('instance.study_instance_uid')
    .orderBy('series.series_number')
    .orderBy('instance.series_instance_uid')
    .orderBy('instance.instance_number')
    .orderBy('instance.sop_instance_uid')
    .execute();
}

async function selectPage(db: Db, { level, keys, withJson }: FindSearch, after: string): Promise<FindRow[]> {
  const tables = TABLES[level];
  const cursor = sql.ref(CURSOR[level]);
  const conditions = [...conditionsOf(keys, tables), sql<boolean>`${cursor} > ${after}`];
  const columns = [sql`${cursor} as ${sql.ref('cursor')}`, PATIENT_COLUMNS, tables.includes('study') ? STUDY_COLUMNS : NO_STUDY];
  columns.push(tables.includes('series') ? SERIES_COLUMNS : NO_SERIES, COUNTS[level]);
  columns.push(withJson ? sql`(${JSON_OF[level]}) as dicom_json` : sql`null as dicom_json`);
  const page = sql<FindRow>`(select ${sql.join(columns)} from ${FROM[level]} where ${sql.join(conditions, sql` and `)}
    order by ${cursor} limit ${sql.lit(PAGE)})`;
  // A select of Kysely's own, so that it counts as a read.
  return db.selectFrom(page.as('page')).selectAll().orderBy('cursor').execute();
}

const PATIENT_COLUMNS = sql`patient.name, patient.patient_id, patient.issuer, patient.birth_date, patient.sex`;
const STUDY_COLUMNS = sql`study.study_instance_uid, study.study_id, study.study_date, study.study_time, study.accession_number,
  study.description as study_description, study.referring_physician`;
const NO_STUDY = sql`null as study_instance_uid, null as study_id, null as study_date, null as study_time, null as accession_number,
  null as study_description, null as referring_physician`;
const SERIES_COLUMNS = sql`series.series_instance_uid, series.modality, series.series_number, series.description as series_description,
  series.body_part`;
const NO_SERIES = sql`null as series_instance_uid, null as modality, null as series_number, null as series_description, null as body_part`;

const FROM: Record<Level, RawBuilder<unknown>> = {
  PATIENT: sql`patient`,
  STUDY: sql`study join patient on patient.id = study.patient_key`,
  SERIES: sql`series join study on study.study_instance_uid = series.study_instance_uid join patient on patient.id = study.patient_key`,
  IMAGE: sql`instance join series on series.series_instance_uid = instance.series_instance_uid
    join study on study.study_instance_uid = instance.study_instance_uid join patient on patient.id = study.patient_key`,
};
const COUNTS: Record<Level, RawBuilder<unknown>> = {
  PATIENT: sql`null as modalities,
    (select count(*) from study as s where s.patient_key = patient.id) as study_count,
    (select count(*) from series as e join study as s on s.study_instance_uid = e.study_instance_uid where s.patient_key = patient.id) as series_count,
    (select count(*) from instance as i join study as s on s.study_instance_uid = i.study_instance_uid where s.patient_key = patient.id) as instance_count`,
  STUDY: sql`(select string_agg(m.modality, ',') from
      (select distinct e.modality from series as e where e.study_instance_uid = study.study_instance_uid) as m) as modalities,
    0 as study_count,
    (select count(*) from series as e where e.study_instance_uid = study.study_instance_uid) as series_count,
    (select count(*) from instance as i where i.study_instance_uid = study.study_instance_uid) as instance_count`,
  SERIES: sql`null as modalities, 0 as study_count, 0 as series_count,
    (select count(*) from instance as i where i.series_instance_uid = series.series_instance_uid) as instance_count`,
  IMAGE: sql`null as modalities, 0 as study_count, 0 as series_count, 0 as instance_count`,
};
const JSON_OF: Record<Level, RawBuilder<unknown>> = {
  PATIENT: sql`select i.dicom_json from study as s join instance as i on i.study_instance_uid = s.study_instance_uid
    where s.patient_key = patient.id limit 1`,
  STUDY: sql`select i.dicom_json from instance as i where i.study_instance_uid = study.study_instance_uid limit 1`,
  SERIES: sql`select i.dicom_json from instance as i where i.series_instance_uid = series.series_instance_uid limit 1`,
  IMAGE: sql`instance.dicom_json`,
};

/** Conditions that every match meets, and some others may. */
function conditionsOf(keys: DataSet, tables: readonly Table[]): RawBuilder<boolean>[] {
  const conditions: (RawBuilder<boolean> | undefined)[] = [textCondition(keys, Tag.PatientID, 'patient.patient_id'), nameCondition(keys)];
  if (tables.includes('study')) {
    conditions.push(uidCondition(keys, Tag.StudyInstanceUID, 'study.study_instance_uid'));
    conditions.push(textCondition(keys, Tag.AccessionNumber, 'study.accession_number'), dateCondition(keys));
  }
  if (tables.includes('series')) {
    conditions.push(uidCondition(keys, Tag.SeriesInstanceUID, 'series.series_instance_uid'));
    conditions.push(textCondition(keys, Tag.Modality, 'series.modality'));
  }
  if (tables.includes('instance')) conditions.push(uidCondition(keys, Tag.SOPInstanceUID, 'instance.sop_instance_uid'));
  return conditions.flatMap((condition) => condition ?? []);
}

function uidCondition(keys: DataSet, tag: string, column: string): RawBuilder<boolean> | undefined {
  const uids = textsOf(keys, tag);
  return uids.length === 0 ? undefined : sql`${sql.ref(column)} in (${sql.join(uids)})`;
}

/** One value without wildcards, or what stands before the first one; the trailing spaces of DICOM are not stored. */
function textCondition(keys: DataSet, tag: string, column: string): RawBuilder<boolean> | undefined {
  const [value, ...others] = textsOf(keys, tag);
  if (value === undefined || others.length > 0 || value === '""') return undefined;
  return prefixCondition(column, value);
}

function prefixCondition(column: string, pattern: string): RawBuilder<boolean> | undefined {
  const start = /^[^*?]*/.exec(pattern)?.[0] ?? '';
  if (start === pattern) return sql`${sql.ref(column)} = ${pattern}`;
  return start === '' ? undefined : sql`(${sql.ref(column)} >= ${start} and ${sql.ref(column)} < ${start + LAST_CHARACTER})`;
}

/** Only the beginning of a key of one group is looked for, in all groups. */
function nameCondition(keys: DataSet): RawBuilder<boolean> | undefined {
  const name = personNameOf(keys, Tag.PatientName);
  if (!name?.Alphabetic || name.Ideographic || name.Phonetic || (keys[Tag.PatientName]?.Value ?? []).length > 1) return undefined;
  const start = /^[^*?]*/.exec(name.Alphabetic)?.[0] ?? '';
  const form = componentForm(start);
  if (form === '' || name.Alphabetic === '""') return undefined;
  const groups = ['patient.name_alphabetic', 'patient.name_ideographic', 'patient.name_phonetic'].map(
    (column) => sql<boolean>`(${sql.ref(column)} >= ${form} and ${sql.ref(column)} < ${form + LAST_CHARACTER})`,
  );
  return sql`(${sql.join(groups, sql` or `)})`;
}

function dateCondition(keys: DataSet): RawBuilder<boolean> | undefined {
  const [key, ...others] = textsOf(keys, Tag.StudyDate);
  const range = key === undefined || others.length > 0 ? undefined : rangeOf(key, 'DA');
  // Dates of the old form, with periods, sort apart; the caller looks at them.
  return range && sql`((study.study_date >= ${range.from} and study.study_date <= ${range.to}) or study.study_date like '%.%')`;
}

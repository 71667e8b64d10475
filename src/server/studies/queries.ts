import { type ExpressionBuilder, type Selectable, sql } from 'kysely';
import type { InstanceSummary, StudyDetail, StudySummary } from '../../contract/studies.ts';
import { AppError } from '../platform/errors.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import { searchForm } from './patient-name.ts';

export type InstanceRow = Selectable<Tables['instance']>;
export type StudyRow = Selectable<Tables['study']>;
/** An instance with what its series says of the acquisition. */
export type StudyInstance = InstanceRow & Pick<Selectable<Tables['series']>, 'modality' | 'body_part' | 'view_position'>;
export type StudyPage = { items: StudySummary[]; next_cursor: string | null };

/** Studies by last change, newest first; `q` looks in patient name, patient ID, accession number and description. */
export async function listStudies(db: Db, { limit = 50, cursor, q }: { limit?: number; cursor?: string; q?: string }): Promise<StudyPage> {
  const after = cursor === undefined ? undefined : readCursor(cursor);
  let query = selectSummaries(db);
  if (q?.trim()) {
    const pattern = `%${searchForm(q).replaceAll(/[\\%_]/g, '\\$&')}%`;
    query = query.where((where) =>
      where.or([
        sql<boolean>`patient.name_search like ${pattern} escape '\\'`,
        sql<boolean>`lower(patient.patient_id) like ${pattern} escape '\\'`,
        sql<boolean>`lower(study.accession_number) like ${pattern} escape '\\'`,
        sql<boolean>`lower(study.description) like ${pattern} escape '\\'`,
      ]),
    );
  }
  if (after) {
    query = query.where((where) =>
      where.or([
        where('study.created_at', '<', after.created_at),
        where.and([where('study.created_at', '=', after.created_at), where('study.study_instance_uid', '<', after.study_instance_uid)]),
      ]),
    );
  }
  const rows = await query
    .orderBy('study.created_at', 'desc')
    .orderBy('study.study_instance_uid', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map(summaryOf);
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last ? writeCursor(last) : null };
}

export async function findStudyDetail(db: Db, studyInstanceUid: string): Promise<StudyDetail | undefined> {
  const row = await selectSummaries(db).where('study.study_instance_uid', '=', studyInstanceUid).executeTakeFirst();
  if (!row) return undefined;
  const [series, instances] = await Promise.all([
    db
      .selectFrom('series')
      .selectAll()
      .where('study_instance_uid', '=', studyInstanceUid)
      .orderBy('series_number')
      .orderBy('series_instance_uid')
      .execute(),
    db
      .selectFrom('instance')
      .select(['series_instance_uid', ...INSTANCE_COLUMNS])
      .where('study_instance_uid', '=', studyInstanceUid)
      .orderBy('instance_number')
      .orderBy('sop_instance_uid')
      .execute(),
  ]);
  const bySeries = Map.groupBy(instances, (instance) => instance.series_instance_uid);
  return {
    ...summaryOf(row),
    series: series.map(({ series_instance_uid, modality, series_number, description, body_part, view_position }) => ({
      series_instance_uid,
      modality,
      series_number,
      description,
      body_part,
      view_position,
      instances: (bySeries.get(series_instance_uid) ?? []).map(instanceSummary),
    })),
  };
}

export async function hasStudy(db: Db | Tx, studyInstanceUid: string): Promise<boolean> {
  const row = await db
    .selectFrom('study')
    .select('study_instance_uid')
    .where('study_instance_uid', '=', studyInstanceUid)
    .executeTakeFirst();
  return row !== undefined;
}

export async function findInstance(db: Db | Tx, sopInstanceUid: string): Promise<InstanceRow | undefined> {
  return db.selectFrom('instance').selectAll().where('sop_instance_uid', '=', sopInstanceUid).executeTakeFirst();
}

/** Every instance of a study with its series' modality, body part and view, in series and instance order. */
async function listStudyInstances(db: Db, studyInstanceUid: string): Promise<StudyInstance[]> {
  return db
    .selectFrom('instance')
    .innerJoin('series', 'series.series_instance_uid', 'instance.series_instance_uid')
    .selectAll('instance')
    .select(['series.modality', 'series.body_part', 'series.view_position'])
    .where('instance.study_instance_uid', '=', studyInstanceUid)
    .orderBy('series.series_number')
    .orderBy('instance.series_instance_uid')
    .orderBy('instance.instance_number')
    .orderBy('instance.sop_instance_uid')
    .execute();
}

/** What the choice of models needs to know of a study. */
export type StudyToAnalyze = {
  study_instance_uid: string;
  patient_birth_date: string | null;
  study_date: string | null;
  instances: StudyInstance[];
};

export async function findStudyToAnalyze(db: Db, studyInstanceUid: string): Promise<StudyToAnalyze | undefined> {
  const study = await db
    .selectFrom('study')
    .innerJoin('patient', 'patient.id', 'study.patient_key')
    .select(['study.study_instance_uid', 'study.study_date', 'patient.birth_date as patient_birth_date'])
    .where('study.study_instance_uid', '=', studyInstanceUid)
    .executeTakeFirst();
  return study && { ...study, instances: await listStudyInstances(db, studyInstanceUid) };
}

export type Prior = { study_instance_uid: string; study_date: string | null; description: string | null; modalities: string[] };

/** Earlier studies of the same patient record, the latest first. */
export async function listPriors(db: Db, studyInstanceUid: string, limit: number): Promise<Prior[]> {
  const rows = await db
    .selectFrom('study')
    .innerJoin('study as present', 'present.patient_key', 'study.patient_key')
    .select(['study.study_instance_uid', 'study.study_date', 'study.description'])
    .select((study) => [modalitiesOf(study).as('modalities')])
    .where('present.study_instance_uid', '=', studyInstanceUid)
    .whereRef('study.study_instance_uid', '!=', 'present.study_instance_uid')
    .whereRef('study.study_date', '<', 'present.study_date')
    .orderBy('study.study_date', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, modalities: namesIn(row.modalities) }));
}

/** The stored DICOM JSON of the named instances. */
export async function listDicomJson(db: Db, sopInstanceUids: readonly string[]): Promise<string[]> {
  if (sopInstanceUids.length === 0) return [];
  const rows = await db.selectFrom('instance').select('dicom_json').where('sop_instance_uid', 'in', sopInstanceUids).execute();
  return rows.map(({ dicom_json }) => dicom_json);
}

const INSTANCE_COLUMNS = [
  'sop_instance_uid',
  'sop_class_uid',
  'instance_number',
  'number_of_frames',
  'rows',
  'columns',
  'transfer_syntax_uid',
  'window_center',
  'window_width',
  'pixel_offset',
  'is_derived',
] as const;

function instanceSummary(row: Pick<InstanceRow, (typeof INSTANCE_COLUMNS)[number]>): InstanceSummary {
  const { pixel_offset, is_derived, ...rest } = row;
  return { ...rest, has_pixels: pixel_offset !== null, is_derived: is_derived === 1 };
}

type Within = ExpressionBuilder<Tables, 'study'>;

function selectSummaries(db: Db) {
  return db
    .selectFrom('study')
    .innerJoin('patient', 'patient.id', 'study.patient_key')
    .selectAll('study')
    .select([
      'patient.patient_id',
      'patient.name as patient_name',
      'patient.birth_date as patient_birth_date',
      'patient.sex as patient_sex',
    ])
    .select((study) => [
      seriesCount(study).as('series_count'),
      instanceCount(study).as('instance_count'),
      modalitiesOf(study).as('modalities'),
    ])
    .select((study) => [
      openFindings(study).as('open_findings'),
      reportStatus(study).as('report_status'),
      analysisReason(study).as('analysis_reason'),
    ]);
}

function seriesCount(study: Within) {
  return study
    .selectFrom('series')
    .select((series) => series.fn.countAll<number>().as('n'))
    .whereRef('series.study_instance_uid', '=', 'study.study_instance_uid');
}

function instanceCount(study: Within) {
  return study
    .selectFrom('instance')
    .select((instance) => instance.fn.countAll<number>().as('n'))
    .whereRef('instance.study_instance_uid', '=', 'study.study_instance_uid');
}

function modalitiesOf(study: Within) {
  // A sorted list in one statement that both dialects understand: min and max would lose the middle.
  return study
    .selectFrom(
      study
        .selectFrom('series')
        .select('series.modality')
        .distinct()
        .whereRef('series.study_instance_uid', '=', 'study.study_instance_uid')
        .as('m'),
    )
    .select(sql<string>`string_agg(m.modality, ',')`.as('list'));
}

function openFindings(study: Within) {
  return study
    .selectFrom('finding')
    .select((finding) => finding.fn.countAll<number>().as('n'))
    .whereRef('finding.study_instance_uid', '=', 'study.study_instance_uid')
    .where('finding.status', '=', 'proposed');
}

/** Why the newest run abstained or failed. */
function analysisReason(study: Within) {
  return study
    .selectFrom('analysis')
    .select('analysis.reason')
    .whereRef('analysis.study_instance_uid', '=', 'study.study_instance_uid')
    .where('analysis.status', 'in', ['abstained', 'failed'])
    .orderBy('analysis.created_at', 'desc')
    .limit(1);
}

function reportStatus(study: Within) {
  return study
    .selectFrom('report')
    .select('report.status')
    .whereRef('report.study_instance_uid', '=', 'study.study_instance_uid')
    .orderBy('report.version', 'desc')
    .limit(1);
}

type SummaryRow = Awaited<ReturnType<ReturnType<typeof selectSummaries>['executeTakeFirstOrThrow']>>;

function summaryOf(row: SummaryRow): StudySummary {
  return {
    study_instance_uid: row.study_instance_uid,
    patient_id: row.patient_id,
    patient_name: row.patient_name,
    patient_birth_date: row.patient_birth_date,
    patient_sex: row.patient_sex,
    accession_number: row.accession_number,
    study_date: row.study_date,
    study_time: row.study_time,
    description: row.description,
    modalities: namesIn(row.modalities),
    series_count: Number(row.series_count),
    instance_count: Number(row.instance_count),
    is_synthetic: row.is_synthetic === 1,
    status: row.status,
    analysis_status: row.analysis_status,
    analysis_reason: row.analysis_status === 'abstained' || row.analysis_status === 'failed' ? row.analysis_reason : null,
    open_findings: Number(row.open_findings),
    report_status: row.report_status,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

function namesIn(list: string | null): string[] {
  return (list ?? '').split(',').filter(Boolean).sort();
}

function writeCursor({ created_at, study_instance_uid }: StudySummary): string {
  return Buffer.from(JSON.stringify([created_at, study_instance_uid])).toString('base64url');
}

function readCursor(cursor: string): { created_at: string; study_instance_uid: string } {
  const parts: unknown = parseOr(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!Array.isArray(parts) || typeof parts[0] !== 'string' || typeof parts[1] !== 'string')
    throw new AppError('invalid-request', 'The cursor is not one that this server gave');
  return { created_at: parts[0], study_instance_uid: parts[1] };
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

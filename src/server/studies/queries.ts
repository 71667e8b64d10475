import type { Selectable } from 'kysely';
import type { InstanceSummary, StudyDetail } from '../../contract/studies.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { prepared } from '../platform/prepared.ts';
import type { Tables } from '../platform/schema.ts';
import { findSummary } from './summary-queries.ts';

export type InstanceRow = Selectable<Tables['instance']>;
export type StudyRow = Selectable<Tables['study']>;
/** An instance with what its series says of the acquisition. */
export type StudyInstance = InstanceRow &
  Pick<Selectable<Tables['series']>, 'modality' | 'body_part' | 'view_position'> & {
    /** Digest of the file as it came, however it is stored now. */
    content_digest: string;
  };
export async function findStudyDetail(db: Db, studyInstanceUid: string): Promise<StudyDetail | undefined> {
  const summary = await findSummary(db, studyInstanceUid);
  if (!summary) return undefined;
  const [series, instances] = await Promise.all([selectSeries(db, { studyInstanceUid }), selectInstances(db, { studyInstanceUid })]);
  const bySeries = Map.groupBy(instances, (instance) => instance.series_instance_uid);
  return {
    ...summary,
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
  const [instance] = await selectInstance(db, { sopInstanceUid });
  return instance;
}

/** Every instance of a study with its series' modality, body part and view, in series and instance order. */
async function listStudyInstances(db: Db, studyInstanceUid: string): Promise<StudyInstance[]> {
  return db
    .selectFrom('instance')
    .innerJoin('series', 'series.series_instance_uid', 'instance.series_instance_uid')
    .selectAll('instance')
    .leftJoin('original_file', 'original_file.sop_instance_uid', 'instance.sop_instance_uid')
    .select(['series.modality', 'series.body_part', 'series.view_position'])
    .select(({ fn }) => fn.coalesce('original_file.digest', 'instance.blob_key').as('content_digest'))
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
export async function listPriors(db: Db | Tx, studyInstanceUid: string, limit: number): Promise<Prior[]> {
  const rows = await db
    .selectFrom('study')
    .innerJoin('study as present', 'present.patient_key', 'study.patient_key')
    .select(['study.study_instance_uid', 'study.study_date', 'study.description', 'study.modalities'])
    .where('present.study_instance_uid', '=', studyInstanceUid)
    .whereRef('study.study_instance_uid', '!=', 'present.study_instance_uid')
    .whereRef('study.study_date', '<', 'present.study_date')
    .orderBy('study.study_date', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, modalities: row.modalities.split(',').filter(Boolean) }));
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

type SeriesRow = Selectable<Tables['series']>;
type InstanceLine = Pick<InstanceRow, 'series_instance_uid' | (typeof INSTANCE_COLUMNS)[number]>;

// Each study that is opened is asked for with these, and each frame.
const selectSeries = prepared<Db, { studyInstanceUid: string }, SeriesRow>((db, value) =>
  db
    .selectFrom('series')
    .selectAll()
    .where('study_instance_uid', '=', value('studyInstanceUid'))
    .orderBy('series_number')
    .orderBy('series_instance_uid'),
);
const selectInstances = prepared<Db, { studyInstanceUid: string }, InstanceLine>((db, value) =>
  db
    .selectFrom('instance')
    .select(['series_instance_uid', ...INSTANCE_COLUMNS])
    .where('study_instance_uid', '=', value('studyInstanceUid'))
    .orderBy('instance_number')
    .orderBy('sop_instance_uid'),
);
const selectInstance = prepared<Db | Tx, { sopInstanceUid: string }, InstanceRow>((db, value) =>
  db.selectFrom('instance').selectAll().where('sop_instance_uid', '=', value('sopInstanceUid')),
);

function instanceSummary(row: Pick<InstanceRow, (typeof INSTANCE_COLUMNS)[number]>): InstanceSummary {
  const { pixel_offset, is_derived, ...rest } = row;
  return { ...rest, has_pixels: pixel_offset !== null, is_derived: is_derived === 1 };
}

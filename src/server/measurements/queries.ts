import type { Db, Tx } from '../platform/ports.ts';
import type { InstanceRow } from '../studies/queries.ts';

/** Structured reports whose templates may be of measurements: Enhanced, Comprehensive, Comprehensive 3D and Extensible SR (PS3.4 B.5). */
const REPORT_CLASSES = ['22', '33', '34', '35'].map((last) => `1.2.840.10008.5.1.4.1.1.88.${last}`);
/** Of other programs: the latest, so that a study with very many stays quick. */
const MAX_REPORTS = 50;

/** The instances of a series, for whom its order is known otherwise. */
export async function listSeriesInstances(db: Db | Tx, seriesInstanceUid: string): Promise<Set<string>> {
  const rows = await db.selectFrom('instance').select('sop_instance_uid').where('series_instance_uid', '=', seriesInstanceUid).execute();
  return new Set(rows.map(({ sop_instance_uid }) => sop_instance_uid));
}

/** Structured reports of a study outside of the series, the latest first, as stored DICOM JSON. */
export async function listReportsOfOthers(
  db: Db,
  { studyInstanceUid, exceptSeries }: { studyInstanceUid: string; exceptSeries: string },
): Promise<string[]> {
  const rows = await db
    .selectFrom('instance')
    .select('dicom_json')
    .where('study_instance_uid', '=', studyInstanceUid)
    .where('series_instance_uid', '!=', exceptSeries)
    .where('sop_class_uid', 'in', REPORT_CLASSES)
    .orderBy('created_at', 'desc')
    .orderBy('sop_instance_uid')
    .limit(MAX_REPORTS)
    .execute();
  return rows.map(({ dicom_json }) => dicom_json);
}

export type ImageRow = Pick<
  InstanceRow,
  'sop_instance_uid' | 'series_instance_uid' | 'study_instance_uid' | 'sop_class_uid' | 'number_of_frames'
>;

/** The named instances, as far as they belong to the study and show something. */
export async function listImages(db: Db, studyInstanceUid: string, sopInstanceUids: readonly string[]): Promise<ImageRow[]> {
  if (sopInstanceUids.length === 0) return [];
  return db
    .selectFrom('instance')
    .select(['sop_instance_uid', 'series_instance_uid', 'study_instance_uid', 'sop_class_uid', 'number_of_frames'])
    .where('study_instance_uid', '=', studyInstanceUid)
    .where('sop_instance_uid', 'in', sopInstanceUids)
    .where('pixel_offset', 'is not', null)
    .execute();
}

/** The named instances of the study as stored DICOM JSON. */
export async function listHeaders(
  db: Db,
  studyInstanceUid: string,
  sopInstanceUids: readonly string[],
): Promise<Pick<InstanceRow, 'sop_instance_uid' | 'dicom_json'>[]> {
  if (sopInstanceUids.length === 0) return [];
  return db
    .selectFrom('instance')
    .select(['sop_instance_uid', 'dicom_json'])
    .where('study_instance_uid', '=', studyInstanceUid)
    .where('sop_instance_uid', 'in', sopInstanceUids)
    .execute();
}

/** Some picture of the study, which says whose it is. */
export async function findAnyImage(db: Db, studyInstanceUid: string): Promise<InstanceRow | undefined> {
  return db
    .selectFrom('instance')
    .selectAll()
    .where('study_instance_uid', '=', studyInstanceUid)
    .orderBy('sop_instance_uid')
    .limit(1)
    .executeTakeFirst();
}

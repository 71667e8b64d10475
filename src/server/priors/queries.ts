import type { Db } from '../platform/ports.ts';

/** Earlier studies that are looked at: more would not be read, however long the history is. */
const MAX_PRIORS = 200;

export type PriorRow = {
  study_instance_uid: string;
  study_date: string | null;
  study_moment: string;
  description: string | null;
  series: { modality: string; body_part: string | null; description: string | null }[];
  is_reported: boolean;
};

export type ComparedStudy = Omit<PriorRow, 'is_reported'> & { patient_key: string };

export async function findComparedStudy(db: Db, studyInstanceUid: string): Promise<ComparedStudy | undefined> {
  const study = await db
    .selectFrom('study')
    .select(['study_instance_uid', 'patient_key', 'study_date', 'study_moment', 'description'])
    .where('study_instance_uid', '=', studyInstanceUid)
    .executeTakeFirst();
  return study && { ...study, series: (await seriesOf(db, [studyInstanceUid])).get(studyInstanceUid) ?? [] };
}

/** Studies of the same patient record before a moment, the latest first. */
export async function listEarlierStudies(db: Db, { patient_key, study_moment, study_instance_uid }: ComparedStudy): Promise<PriorRow[]> {
  const studies = await db
    .selectFrom('study')
    .select(['study_instance_uid', 'study_date', 'study_moment', 'description'])
    .select(({ exists, selectFrom }) =>
      exists(
        selectFrom('report')
          .select('report.id')
          .whereRef('report.study_instance_uid', '=', 'study.study_instance_uid')
          .where('report.status', '=', 'final'),
      ).as('is_reported'),
    )
    .where('patient_key', '=', patient_key)
    .where('study_moment', '<', study_moment)
    .where('study_instance_uid', '!=', study_instance_uid)
    .orderBy('study_moment', 'desc')
    .orderBy('study_instance_uid')
    .limit(MAX_PRIORS)
    .execute();
  const series = await seriesOf(
    db,
    studies.map((study) => study.study_instance_uid),
  );
  // SQLite says 1 for true.
  return studies.map((study) => ({
    ...study,
    is_reported: Boolean(study.is_reported),
    series: series.get(study.study_instance_uid) ?? [],
  }));
}

async function seriesOf(db: Db, studyInstanceUids: readonly string[]): Promise<Map<string, PriorRow['series']>> {
  if (studyInstanceUids.length === 0) return new Map();
  const rows = await db
    .selectFrom('series')
    .select(['study_instance_uid', 'modality', 'body_part', 'description'])
    .where('study_instance_uid', 'in', studyInstanceUids)
    .execute();
  return Map.groupBy(rows, (row) => row.study_instance_uid);
}

import type { Db } from '../platform/ports.ts';

export type PriorStudy = { study_instance_uid: string; study_date: string | null; modalities: string[] };

/** Studies of a patient besides the named ones, the latest first. */
export async function listOtherStudies(
  db: Db,
  { patientKey, besides, limit }: { patientKey: string; besides: readonly string[]; limit: number },
): Promise<PriorStudy[]> {
  const rows = await db
    .selectFrom('study')
    .select(['study_instance_uid', 'study_date', 'modalities'])
    .where('patient_key', '=', patientKey)
    .$if(besides.length > 0, (query) => query.where('study_instance_uid', 'not in', besides))
    .orderBy('study_moment', 'desc')
    .orderBy('study_instance_uid')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, modalities: row.modalities.split(',').filter(Boolean) }));
}

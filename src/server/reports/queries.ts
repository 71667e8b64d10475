import type { Tx } from '../platform/ports.ts';

/** The state of the newest version of a study's report, without which there is none. */
export async function findNewestReportStatus(tx: Tx, studyInstanceUid: string): Promise<string | undefined> {
  const newest = await tx
    .selectFrom('report')
    .select('status')
    .where('study_instance_uid', '=', studyInstanceUid)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest?.status;
}

import type { Db, TenantJobs } from '../platform/ports.ts';
import { recordStudyStep } from './study-progress.ts';

/** Asked for by a person, so it goes before what merely became quiet. */
const ASKED_PRIORITY = 10;

export type CompleteDeps = { db: Db; jobs: TenantJobs; now: () => Date };

/**
 * Says that nothing more will come for the study: its analysis is due at once. Idempotent.
 *
 * @throws {AppError} `study-not-found`
 */
export async function markComplete({ db, jobs, now }: CompleteDeps, studyInstanceUid: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const at = now().toISOString();
    await recordStudyStep(tx, studyInstanceUid, { status: 'complete', analysis_status: 'queued', event: 'study_complete', at });
    await jobs.enqueue(
      tx,
      'analyze-study',
      { study_instance_uid: studyInstanceUid },
      { key: studyInstanceUid, runAt: now(), priority: ASKED_PRIORITY },
    );
  });
}

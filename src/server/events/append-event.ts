import type { Tx } from '../platform/ports.ts';

/** What happened, to which study, and the ids that a listener needs to look it up; never patient data. */
export type NewEvent = { type: string; study_instance_uid: string; at: string; ids?: Record<string, string> };

/** Writes the event in the transaction of the change that it tells of, so that neither is there without the other. */
export async function appendEvent(tx: Tx, { type, study_instance_uid, at, ids }: NewEvent): Promise<void> {
  const payload = JSON.stringify({ study_instance_uid, ...ids });
  await tx
    .insertInto('event')
    .values({ type, topic: `study:${study_instance_uid}`, payload, created_at: at })
    .execute();
}

import type { Tx } from '../platform/ports.ts';
import { columnsOf, prepared } from '../platform/prepared.ts';

/** What happened, to which study, and the ids that a listener needs to look it up; never patient data. */
export type NewEvent = { type: string; study_instance_uid: string; at: string; ids?: Record<string, string> };

/** Writes the event in the transaction of the change that it tells of, so that neither is there without the other. */
export async function appendEvent(tx: Tx, { type, study_instance_uid, at, ids }: NewEvent): Promise<void> {
  const payload = JSON.stringify({ study_instance_uid, ...ids });
  await insertEvent(tx, { type, topic: `study:${study_instance_uid}`, study_instance_uid, payload, created_at: at });
}

type EventRow = { type: string; topic: string; study_instance_uid: string; payload: string; created_at: string };
const insertEvent = prepared<Tx, EventRow, unknown>((tx, value) =>
  tx.insertInto('event').values(columnsOf(value, ['type', 'topic', 'study_instance_uid', 'payload', 'created_at'])),
);

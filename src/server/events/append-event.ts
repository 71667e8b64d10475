import type { EventType } from '../../contract/events.ts';
import type { Tx } from '../platform/ports.ts';
import { columnsOf, prepared } from '../platform/prepared.ts';
import { trackStudy } from '../reading-list/track-study.ts';

/**
 * What happened, to which study, diagnosis or upload, and the ids that a listener needs to look it up. `data` is what the listener is told besides:
 * numbers and closed words; never patient data.
 */
export type NewEvent = {
  type: EventType;
  at: string;
  study_instance_uid?: string;
  diagnosis_id?: string;
  upload_id?: string;
  /** Told to administrators alone. */
  room?: 'security';
  ids?: Record<string, string>;
  data?: Record<string, unknown>;
};

/**
 * Writes the event in the transaction of the change that it tells of, so that neither is there without the other; and puts the study where
 * the change puts it in the reading list.
 */
export async function appendEvent(tx: Tx, event: NewEvent): Promise<void> {
  const { type, at, study_instance_uid, diagnosis_id, ids, data } = event;
  await trackStudy(tx, event);
  // What is undefined is left out.
  const payload = JSON.stringify({ ...data, study_instance_uid, diagnosis_id, ...ids });
  await insertEvent(tx, { type, topic: topicOf(event), study_instance_uid: study_instance_uid ?? null, payload, created_at: at });
}

/** The room that hears of it. */
function topicOf({ study_instance_uid, diagnosis_id, upload_id, room }: NewEvent): string {
  if (room) return room;
  if (diagnosis_id) return `diagnosis:${diagnosis_id}`;
  if (upload_id) return `upload:${upload_id}`;
  return study_instance_uid ? `study:${study_instance_uid}` : 'system';
}

type EventRow = { type: string; topic: string; study_instance_uid: string | null; payload: string; created_at: string };
const insertEvent = prepared<Tx, EventRow, unknown>((tx, value) =>
  tx.insertInto('event').values(columnsOf(value, ['type', 'topic', 'study_instance_uid', 'payload', 'created_at'])),
);

import type { EventType } from '../../contract/events.ts';
import { appendEvent } from '../events/append-event.ts';
import { AppError } from '../platform/errors.ts';
import type { Tx } from '../platform/ports.ts';
import type { StudyRow } from './queries.ts';
import { updateStudyStatus } from './repository.ts';

/** A step of a study: its new state, and the event that tells of it. */
export type StudyStep = Partial<Pick<StudyRow, 'status' | 'analysis_status'>> & { event: EventType; at: string };

/**
 * Moves a study on and tells of it.
 *
 * @throws {AppError} `study-not-found`
 */
export async function recordStudyStep(tx: Tx, studyInstanceUid: string, { event, at, ...change }: StudyStep): Promise<void> {
  if (!(await updateStudyStatus(tx, studyInstanceUid, change, at))) throw new AppError('study-not-found', `No study ${studyInstanceUid}`);
  await appendEvent(tx, { type: event, study_instance_uid: studyInstanceUid, at });
}

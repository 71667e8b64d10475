import type { EventType } from '../../contract/events.ts';
import type { ReadingStatus } from '../../contract/reading-list.ts';
import type { Tx } from '../platform/ports.ts';
import { findNewestReportStatus } from '../reports/queries.ts';
import { readFacts } from './fact-queries.ts';
import { placeInList, prioritize } from './priority.ts';
import { deleteLock, findLock, listStudiesOfDiagnosis, updatePlace } from './repository.ts';
import { readTargets, targetModalityOf, targetsOf } from './targets.ts';

/** After these a study may stand elsewhere in the reading list. */
const MOVING: ReadonlySet<EventType> = new Set<EventType>([
  'study_complete',
  'study_restored',
  'study_moved',
  'analysis_finished',
  'analysis_complete',
  'finding_added',
  'finding_reviewed',
  'report_drafted',
  'report_signed',
  'report_amendment_opened',
  'diagnosis_created',
  'diagnosis_changed',
  'diagnosis_images_added',
  'diagnosis_cancelled',
  'order_scheduled',
  'order_changed',
  'order_removed',
  'follow_up_opened',
  'follow_up_done',
  'follow_up_dismissed',
  'reading_begun',
  'reading_ended',
]);

/** What happened, to which study or diagnosis, and when (ISO 8601, UTC). */
export type Happened = { type: EventType; study_instance_uid?: string | undefined; diagnosis_id?: string | undefined; at: string };

/**
 * Keeps the place of a study in the reading list with everything that can change it, in the transaction of the change. Called for each event
 * as it is written, so that no feature has to think of the list (docs/adr/0021).
 */
export async function trackStudy(tx: Tx, { type, study_instance_uid, diagnosis_id, at }: Happened): Promise<void> {
  if (!MOVING.has(type)) return;
  const uids =
    study_instance_uid !== undefined
      ? [study_instance_uid]
      : diagnosis_id !== undefined
        ? await listStudiesOfDiagnosis(tx, diagnosis_id)
        : [];
  for (const uid of uids) {
    if (type === 'report_signed') await deleteLock(tx, uid);
    await placeStudy(tx, uid, new Date(at));
  }
}

/** Puts a study where it belongs by what is known of it now. @returns whether that is another place than before */
export async function placeStudy(tx: Tx, studyInstanceUid: string, now: Date): Promise<boolean> {
  const known = (await readFacts(tx, [studyInstanceUid], now.toISOString().slice(0, 10))).get(studyInstanceUid);
  if (!known) return false;
  const reading_status = await statusOf(tx, studyInstanceUid, now);
  const targets = await readTargets(tx);
  const target_modality = targetModalityOf(targets, known.modalities);
  const { level } = prioritize(known.facts, targetsOf(targets, target_modality), now);
  const reading_place = placeInList(reading_status, level, known.facts.received_at);
  const isSame = reading_status === known.reading_status && reading_place === known.reading_place;
  if (isSame && target_modality === known.target_modality) return false;
  await updatePlace(tx, studyInstanceUid, { reading_status, reading_place, target_modality });
  return !isSame;
}

async function statusOf(tx: Tx, studyInstanceUid: string, now: Date): Promise<ReadingStatus> {
  const report = await findNewestReportStatus(tx, studyInstanceUid);
  if (report !== undefined) return report === 'draft' ? 'drafted' : 'signed';
  const lock = await findLock(tx, studyInstanceUid);
  return lock && lock.until > now.toISOString() ? 'reading' : 'unread';
}

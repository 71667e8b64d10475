import { EventEmitter } from 'node:events';
import { type DicomJson, stringifyDicomJson } from '../../dicom/dicom-json.ts';
import { Tag } from '../../dicom/tags.ts';
import type { Tx } from '../platform/ports.ts';
import { picked, Ups } from './workitem-attributes.ts';
import { insertEvents, listSubscribers } from './workitem-repository.ts';

/** UPS Event (PS3.4 CC.3.1). */
const UPS_EVENT = '1.2.840.10008.5.1.4.34.6.4';
const EVENT_TYPE_ID = '00001002';
/** Event type IDs, and the attributes of the workitem that each tells (PS3.4 table CC.2.4-1). */
const KINDS = {
  state: {
    id: 1,
    tells: [Ups.ProcedureStepState, Ups.InputReadinessState, Ups.ReasonForCancellation, Ups.DiscontinuationReasonCodeSequence],
  },
  cancel: {
    id: 2,
    tells: [Ups.RequestingAE, Ups.ReasonForCancellation, Ups.DiscontinuationReasonCodeSequence, Ups.ContactURI, Ups.ContactDisplayName],
  },
  progress: { id: 3, tells: [Ups.ProgressInformationSequence] },
  assigned: { id: 5, tells: [Ups.ScheduledStationNameCodeSequence, Ups.ScheduledHumanPerformersSequence] },
} as const;
export type Report = { kind: keyof typeof KINDS; json: DicomJson };

/** Wakes the channels of this process when something may be there to be told. */
const signal = new EventEmitter().setMaxListeners(0);

/** What of a change is told: state, progress, assignment; of a creation, also what it is assigned to. */
export function reportsOf(before: DicomJson | undefined, after: DicomJson): Report[] {
  const isNew = (tags: readonly string[]): boolean =>
    tags.some((tag) => JSON.stringify(after[tag]?.Value) !== JSON.stringify(before?.[tag]?.Value));
  const kinds: Report['kind'][] = [];
  if (isNew([Ups.ProcedureStepState, Ups.InputReadinessState])) kinds.push('state');
  if (before && isNew(KINDS.progress.tells)) kinds.push('progress');
  if (isNew(KINDS.assigned.tells)) kinds.push('assigned');
  return kinds.map((kind) => ({ kind, json: after }));
}

/** Leaves reports for everybody who subscribes to a workitem, or for those named, in the transaction of the change. */
export async function tellSubscribers(
  tx: Tx,
  uid: string,
  { reports, now, to }: { reports: readonly Report[]; now: Date; to?: readonly string[] },
): Promise<void> {
  if (reports.length === 0) return;
  const titles = to ?? (await listSubscribers(tx, uid)).map(({ ae_title }) => ae_title);
  const rows = titles.flatMap((ae_title) =>
    reports.map((report) => ({ ae_title, payload: payloadOf(uid, report), created_at: now.toISOString() })),
  );
  await insertEvents(tx, rows);
}

/** The transaction is done: channels that are open here look at once. Those of other processes look every second. */
export function wakeChannels(): void {
  signal.emit('change');
}

export function onChange(listener: () => void): () => void {
  signal.on('change', listener);
  return () => signal.off('change', listener);
}

/** An event report as it goes over a channel (PS3.18 11.13), but for the message ID. */
function payloadOf(uid: string, { kind, json }: Report): string {
  const { id, tells } = KINDS[kind];
  return stringifyDicomJson({
    [Tag.AffectedSOPClassUID]: { vr: 'UI', Value: [UPS_EVENT] },
    [Tag.AffectedSOPInstanceUID]: { vr: 'UI', Value: [uid] },
    [EVENT_TYPE_ID]: { vr: 'US', Value: [id] },
    ...picked(json, tells),
  });
}

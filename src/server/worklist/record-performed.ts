import type { PerformedStep } from '../../contract/worklist.ts';
import { type DataSet, itemsOf, textOf } from '../../dicom/data-set.ts';
import { type DicomJson, fromDicomJson, stringifyDicomJson, toDicomJson } from '../../dicom/dicom-json.ts';
import { Tag } from '../../dicom/tags.ts';
import { appendEvent } from '../events/append-event.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { findScheduled, type OrderRow, updateOrder } from './order-repository.ts';
import {
  findPerformed,
  insertPerformed,
  listPerformed,
  type PerformedRow,
  type PerformedSearch,
  updatePerformed,
} from './performed-repository.ts';

/** Defined terms of Performed Procedure Step Status (PS3.3 C.4.14). */
const STATUSES = { 'IN PROGRESS': 'in_progress', COMPLETED: 'completed', DISCONTINUED: 'discontinued' } as const;
const ORDER_STATUSES = { in_progress: 'started', completed: 'completed', discontinued: 'discontinued' } as const;
/** Bytes of what a modality says in all; it grows with every change. */
const MAX_CONTENT = 4_194_304;
/** Written when the step is made, and not to be changed afterwards (PS3.4 table F.7.2-1, "not allowed"). */
const FIXED: ReadonlySet<string> = new Set([
  Tag.PatientName,
  Tag.PatientID,
  Tag.PatientBirthDate,
  Tag.PatientSex,
  Tag.ScheduledStepAttributesSequence,
  Tag.PerformedProcedureStepID,
  Tag.PerformedStationAETitle,
  Tag.PerformedProcedureStepStartDate,
  Tag.PerformedProcedureStepStartTime,
  Tag.Modality,
  Tag.StudyID,
]);

/** Why a modality's word was not taken; `done` if it was. */
export type StepOutcome = 'done' | 'exists' | 'not-found' | 'final' | 'no-status' | 'wrong-status' | 'no-study' | 'fixed' | 'too-large';
export type StepDeps = { db: Db; now: () => Date };
/** What is said, by whom, of which step. */
export type StepMessage = { sopInstanceUid: string; aeTitle: string; dataSet: DataSet };

/**
 * A modality has begun a procedure step (N-CREATE, PS3.4 F.7.2.1). Its scheduled step, if it names one that is known, counts as started.
 */
export async function beginPerformed({ db, now }: StepDeps, { sopInstanceUid, aeTitle, dataSet }: StepMessage): Promise<StepOutcome> {
  const status = textOf(dataSet, Tag.PerformedProcedureStepStatus);
  if (status === undefined) return 'no-status';
  if (status !== 'IN PROGRESS') return 'wrong-status';
  const scheduled = itemsOf(dataSet, Tag.ScheduledStepAttributesSequence);
  const study = scheduled.map((item) => textOf(item, Tag.StudyInstanceUID)).find((uid) => uid !== undefined);
  if (study === undefined) return 'no-study';
  const content = contentOf(dataSet);
  if (content.length > MAX_CONTENT) return 'too-large';
  const at = now().toISOString();
  return db.transaction().execute(async (tx) => {
    const orders = await ordersOf(tx, scheduled);
    const row: PerformedRow = {
      sop_instance_uid: sopInstanceUid,
      study_instance_uid: study,
      order_id: orders[0]?.id ?? null,
      ae_title: aeTitle,
      status: 'in_progress',
      content,
      created_at: at,
      updated_at: at,
    };
    if (!(await insertPerformed(tx, row))) return 'exists';
    await follow(tx, row, { orders, at });
    return 'done';
  });
}

/** A modality goes on or ends (N-SET, PS3.4 F.7.2.2): never after it has completed or discontinued the step. */
export async function changePerformed(
  { db, now }: StepDeps,
  { sopInstanceUid, dataSet }: Omit<StepMessage, 'aeTitle'>,
): Promise<StepOutcome> {
  const said = textOf(dataSet, Tag.PerformedProcedureStepStatus);
  const known = said === undefined ? undefined : Object.entries(STATUSES).find(([term]) => term === said)?.[1];
  if (said !== undefined && known === undefined) return 'wrong-status';
  return db.transaction().execute(async (tx) => {
    const held = await findPerformed(tx, sopInstanceUid);
    if (!held) return 'not-found';
    if (held.status !== 'in_progress') return 'final';
    const before = fromDicomJson(parseColumn<DicomJson>(held.content));
    if (Object.keys(dataSet).some((tag) => FIXED.has(tag) && !isSame(before, dataSet, tag))) return 'fixed';
    const content = contentOf({ ...before, ...dataSet });
    if (content.length > MAX_CONTENT) return 'too-large';
    const at = now().toISOString();
    const changed: PerformedRow = { ...held, content, status: known ?? held.status, updated_at: at };
    await updatePerformed(tx, sopInstanceUid, changed);
    if (changed.status !== held.status)
      await follow(tx, changed, { orders: await ordersOf(tx, itemsOf(before, Tag.ScheduledStepAttributesSequence)), at });
    return 'done';
  });
}

/** What a modality has said of a step so far, with its state; undefined if it has said nothing of it. */
export async function performedDataSet(db: Db, sopInstanceUid: string): Promise<{ study: string; dataSet: DataSet } | undefined> {
  const row = await findPerformed(db, sopInstanceUid);
  return row && { study: row.study_instance_uid, dataSet: fromDicomJson(parseColumn<DicomJson>(row.content)) };
}

export async function readPerformed(db: Db, search: PerformedSearch): Promise<PerformedStep[]> {
  return (await listPerformed(db, search)).map(({ content, ...row }) => ({ ...row, attributes: parseColumn<DicomJson>(content) }));
}

/** The scheduled steps move with what is done of them, and whoever listens is told. */
async function follow(
  tx: Tx,
  { status, study_instance_uid, sop_instance_uid }: PerformedRow,
  { orders, at }: { orders: OrderRow[]; at: string },
): Promise<void> {
  for (const { id } of orders) await updateOrder(tx, id, { status: ORDER_STATUSES[status], updated_at: at });
  const ids = { sop_instance_uid, ...(orders[0] ? { order_id: orders[0].id } : {}) };
  await appendEvent(tx, { type: `procedure_${status}`, at, study_instance_uid, ids });
}

async function ordersOf(tx: Tx, scheduled: readonly DataSet[]): Promise<OrderRow[]> {
  const orders: OrderRow[] = [];
  for (const item of scheduled) {
    const [studyInstanceUid, stepId] = [textOf(item, Tag.StudyInstanceUID), textOf(item, Tag.ScheduledProcedureStepID)];
    const order = studyInstanceUid && stepId ? await findScheduled(tx, { studyInstanceUid, stepId }) : undefined;
    if (order && !orders.some(({ id }) => id === order.id)) orders.push(order);
  }
  return orders;
}

function contentOf({ [Tag.SpecificCharacterSet]: _, ...dataSet }: DataSet): string {
  return stringifyDicomJson(toDicomJson(dataSet));
}

/** What is said again as it was is no change. */
function isSame(before: DataSet, after: DataSet, tag: string): boolean {
  const only = (dataSet: DataSet): string => contentOf(dataSet[tag] ? { [tag]: dataSet[tag] } : {});
  return only(before) === only(after);
}

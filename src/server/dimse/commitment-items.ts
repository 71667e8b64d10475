import { type DataSet, itemsOf, numberOf, textOf } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';
import type { CommitmentFailure, CommitmentItem } from './commitment-repository.ts';
import { STATUS } from './message.ts';
import { StorageCommitmentPushModel, StorageCommitmentPushModelInstance } from './sop-classes.ts';

/** Action and event types of PS3.4 J.3.2.1 and J.3.3.1. */
export const REQUEST_COMMITMENT = 1;
export const ALL_COMMITTED = 1;
export const SOME_FAILED = 2;
/** Failure reasons of PS3.3 C.14.1.1. */
export const FAILURE = { processing: STATUS.processingFailure, noSuchObject: STATUS.noSuchSopInstance, classConflict: 0x0119 } as const;

/** Most objects of one transaction. */
const MAX_ITEMS = 50_000;

/** A request for commitment, or a report of it. */
export type Transaction = { transactionUid: string; items: CommitmentItem[]; failures: CommitmentFailure[] };

/** Transaction UID and references (PS3.4 tables J.3-1 and J.3-2); undefined if the data set names no transaction, or too much. */
export function readTransaction(dataSet: DataSet): Transaction | undefined {
  const transactionUid = textOf(dataSet, Tag.TransactionUID);
  const items = itemsOf(dataSet, Tag.ReferencedSOPSequence);
  const failed = itemsOf(dataSet, Tag.FailedSOPSequence);
  if (!transactionUid || items.length + failed.length > MAX_ITEMS) return undefined;
  const failures = failed.map((item) => ({ ...referenceOf(item), reason: numberOf(item, Tag.FailureReason) ?? FAILURE.processing }));
  return { transactionUid, items: items.map(referenceOf), failures };
}

export function writeTransaction({ transactionUid, items, failures }: Transaction): DataSet {
  const references = items.map((item) => referenceTo(item));
  const failed = failures.map(({ reason, ...item }) => ({
    ...referenceTo(item),
    [Tag.FailureReason]: { vr: 'US' as const, Value: [reason] },
  }));
  return {
    [Tag.TransactionUID]: { vr: 'UI', Value: [transactionUid] },
    ...(references.length > 0 ? { [Tag.ReferencedSOPSequence]: { vr: 'SQ', Value: references } } : {}),
    ...(failed.length > 0 ? { [Tag.FailedSOPSequence]: { vr: 'SQ', Value: failed } } : {}),
  };
}

/** The command fields of an N-ACTION or N-EVENT-REPORT about the one instance that the service has. */
export function commitmentFields(type: { action: number } | { event: number }): DataSet {
  const isAction = 'action' in type;
  return {
    [isAction ? Tag.RequestedSOPClassUID : Tag.AffectedSOPClassUID]: { vr: 'UI', Value: [StorageCommitmentPushModel] },
    [isAction ? Tag.RequestedSOPInstanceUID : Tag.AffectedSOPInstanceUID]: { vr: 'UI', Value: [StorageCommitmentPushModelInstance] },
    [isAction ? Tag.ActionTypeID : Tag.EventTypeID]: { vr: 'US', Value: [isAction ? type.action : type.event] },
  };
}

function referenceOf(item: DataSet): CommitmentItem {
  return {
    sop_class_uid: textOf(item, Tag.ReferencedSOPClassUID) ?? '',
    sop_instance_uid: textOf(item, Tag.ReferencedSOPInstanceUID) ?? '',
  };
}

function referenceTo({ sop_class_uid, sop_instance_uid }: CommitmentItem): DataSet {
  return {
    [Tag.ReferencedSOPClassUID]: { vr: 'UI', Value: [sop_class_uid] },
    [Tag.ReferencedSOPInstanceUID]: { vr: 'UI', Value: [sop_instance_uid] },
  };
}

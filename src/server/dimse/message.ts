import { type DataSet, DicomError, numberOf, textOf } from '../../dicom/data-set.ts';
import { parseDataSet } from '../../dicom/parse.ts';
import { Tag } from '../../dicom/tags.ts';
import { ImplicitVrLittleEndian } from '../../dicom/uids.ts';
import { writeDataSet } from '../../dicom/write.ts';
import { PduError } from './pdu.ts';

/** Command fields of PS3.7 annex E that this node speaks; a response has bit 15 set. */
export const COMMANDS = {
  'c-store': 0x0001,
  'c-get': 0x0010,
  'c-find': 0x0020,
  'c-move': 0x0021,
  'c-echo': 0x0030,
  'c-cancel': 0x0fff,
  'n-event-report': 0x0100,
  'n-get': 0x0110,
  'n-set': 0x0120,
  'n-action': 0x0130,
  'n-create': 0x0140,
} as const;
export type CommandName = keyof typeof COMMANDS;

/** Statuses of PS3.7 annex C and PS3.4 annexes B and C that do not come from an `AppError`. */
export const STATUS = {
  success: 0x0000,
  pending: 0xff00,
  /** Pending, and one or more optional keys were not matched (PS3.4 table C.4-1). */
  pendingNotAllKeys: 0xff01,
  cancelled: 0xfe00,
  subOperationsFailed: 0xb000,
  invalidAttributeValue: 0x0106,
  processingFailure: 0x0110,
  duplicateSopInstance: 0x0111,
  noSuchSopInstance: 0x0112,
  noSuchEventType: 0x0113,
  missingAttribute: 0x0120,
  missingAttributeValue: 0x0121,
  sopClassNotSupported: 0x0122,
  noSuchActionType: 0x0123,
  duplicateTransactionUid: 0x0131,
  notAuthorized: 0x0124,
  unrecognizedOperation: 0x0211,
  outOfResources: 0xa700,
  noSubOperationSucceeded: 0xa702,
  moveDestinationUnknown: 0xa801,
  doesNotMatchSopClass: 0xa900,
  cannotUnderstand: 0xc000,
} as const;

/** Whether more responses follow (PS3.7 C.1.3). */
export function isPending(status: number): boolean {
  return status === STATUS.pending || status === STATUS.pendingNotAllKeys;
}

const RESPONSE = 0x8000;
/** Command Data Set Type (0000,0800): there is no data set. Anything else says that one follows. */
const NO_DATA_SET = 0x0101;
const HAS_DATA_SET = 0x0001;

/** What a command set says of itself. `respondsTo` in responses and cancellations. */
export type CommandHead = {
  field: number;
  messageId: number;
  respondsTo: number;
  isResponse: boolean;
  hasData: boolean;
  status: number;
};

/** @throws {PduError} if the bytes are no command set */
export function parseCommand(bytes: Uint8Array): DataSet {
  try {
    return parseDataSet(bytes, ImplicitVrLittleEndian);
  } catch (error) {
    if (error instanceof DicomError) throw new PduError('A command set is damaged');
    throw error;
  }
}

/** @throws {PduError} without a command field */
export function readCommandHead(command: DataSet): CommandHead {
  const field = numberOf(command, Tag.CommandField);
  if (field === undefined) throw new PduError('A command set does not say its command');
  return {
    field: field & ~RESPONSE,
    messageId: numberOf(command, Tag.MessageID) ?? 0,
    respondsTo: numberOf(command, Tag.MessageIDBeingRespondedTo) ?? 0,
    isResponse: (field & RESPONSE) !== 0,
    hasData: (numberOf(command, Tag.CommandDataSetType) ?? NO_DATA_SET) !== NO_DATA_SET,
    status: numberOf(command, Tag.Status) ?? STATUS.success,
  };
}

/** A command set as bytes, its group length before it. Only ASCII may stand in it (PS3.7 6.3.1). */
export function writeCommand(command: DataSet): Uint8Array {
  const rest = writeDataSet(command, ImplicitVrLittleEndian);
  const length = writeDataSet({ [Tag.CommandGroupLength]: { vr: 'UL', Value: [rest.length] } }, ImplicitVrLittleEndian);
  return Buffer.concat([length, rest]);
}

/** A request's command set. */
export function requestOf(name: CommandName, messageId: number, more: { hasData: boolean; fields: DataSet }): DataSet {
  return {
    ...more.fields,
    [Tag.CommandField]: { vr: 'US', Value: [COMMANDS[name]] },
    [Tag.MessageID]: { vr: 'US', Value: [messageId] },
    [Tag.CommandDataSetType]: { vr: 'US', Value: [more.hasData ? HAS_DATA_SET : NO_DATA_SET] },
  };
}

/** The response to a request; what the request says of its class and instance is repeated (PS3.7 9.1). */
export function responseTo(
  request: DataSet,
  status: number,
  more: { hasData?: boolean; fields?: DataSet; comment?: string } = {},
): DataSet {
  const response: DataSet = {
    ...more.fields,
    [Tag.CommandField]: { vr: 'US', Value: [(numberOf(request, Tag.CommandField) ?? 0) | RESPONSE] },
    [Tag.MessageIDBeingRespondedTo]: { vr: 'US', Value: [numberOf(request, Tag.MessageID) ?? 0] },
    [Tag.CommandDataSetType]: { vr: 'US', Value: [more.hasData ? HAS_DATA_SET : NO_DATA_SET] },
    [Tag.Status]: { vr: 'US', Value: [status] },
  };
  // What a request asks of an object that is there is `requested`; the response calls it `affected` (PS3.7 10.1).
  const sopClass = textOf(request, Tag.AffectedSOPClassUID) ?? textOf(request, Tag.RequestedSOPClassUID);
  const instance = textOf(request, Tag.AffectedSOPInstanceUID) ?? textOf(request, Tag.RequestedSOPInstanceUID);
  if (sopClass !== undefined) response[Tag.AffectedSOPClassUID] ??= { vr: 'UI', Value: [sopClass] };
  if (instance !== undefined) response[Tag.AffectedSOPInstanceUID] ??= { vr: 'UI', Value: [instance] };
  if (more.comment) response[Tag.ErrorComment] = { vr: 'LO', Value: [asComment(more.comment)] };
  return response;
}

/** LO of at most 64 characters, in the default repertoire. */
function asComment(text: string): string {
  return text
    .replaceAll(/[^\x20-\x5b\x5d-\x7e]/g, ' ')
    .slice(0, 64)
    .trim();
}

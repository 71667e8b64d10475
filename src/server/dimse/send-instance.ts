import { type DataSet, DicomError } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';
import { ExplicitVrLittleEndian, ImplicitVrLittleEndian, transferSyntaxOf } from '../../dicom/uids.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore } from '../platform/ports.ts';
import { canGiveObject, transcodeStored } from '../transcoding/transcode-stored.ts';
import type { Transcoder } from '../transcoding/transcoder.ts';
import { MAX_CONTEXTS, type ProposedContext } from './associate-items.ts';
import type { AcceptedContext, Association } from './association.ts';
import { dataSetOffset } from './file-head.ts';
import type { Retrievable } from './find-queries.ts';
import { STATUS } from './message.ts';

/** File meta groups are a few hundred bytes. */
const HEAD_BYTES = 65_536;
const MEDIUM_PRIORITY = 0;

/** Who asked for the object to be sent, in a C-MOVE (PS3.7 9.1.1.1). */
export type MoveOriginator = { aeTitle: string; messageId: number };
export type SendOutcome = 'sent' | 'warning' | 'failed';
export type SendDeps = { blobs: BlobStore; transcoder: Transcoder };

/**
 * C-STORE as the SCU: sends one stored instance. Its bytes go out as they are where a context has its transfer syntax; else it is written
 * anew, without loss, in the syntax of a context that there is.
 *
 * @throws {AppError} `unavailable` if the association ends
 */
export async function sendInstance(
  deps: SendDeps,
  association: Association,
  { instance, originator }: { instance: Retrievable; originator?: MoveOriginator },
): Promise<SendOutcome> {
  const context = contextFor(association.contexts(), instance);
  if (!context) return 'failed';
  const content = await contentFor(deps, instance, context.transferSyntax);
  if (!content) return 'failed';
  const { head } = await association.request(context.id, 'c-store', fieldsOf(instance, originator), content);
  if (head.status === STATUS.success) return 'sent';
  // Warnings of the storage service (PS3.4 B.2.3).
  return head.status >>> 12 === 0xb ? 'warning' : 'failed';
}

/** Contexts to propose for sending: each class in each syntax that it is stored in, and native ones to fall back on. */
export function contextsFor(instances: readonly Retrievable[]): ProposedContext[] {
  const wanted = new Map<string, { abstractSyntax: string; transferSyntaxes: string[] }>();
  for (const { sop_class_uid, transfer_syntax_uid } of instances) {
    wanted.set(`${sop_class_uid} ${transfer_syntax_uid}`, { abstractSyntax: sop_class_uid, transferSyntaxes: [transfer_syntax_uid] });
  }
  for (const instance of instances) {
    if (!canGiveObject(instance, ExplicitVrLittleEndian)) continue;
    const abstractSyntax = instance.sop_class_uid;
    wanted.set(abstractSyntax, { abstractSyntax, transferSyntaxes: [ExplicitVrLittleEndian, ImplicitVrLittleEndian] });
  }
  return [...wanted.values()].slice(0, MAX_CONTEXTS).map((context, index) => ({ id: 2 * index + 1, ...context }));
}

/** As it is stored, else uncompressed, else in another syntax that loses nothing. */
function contextFor(contexts: readonly AcceptedContext[], instance: Retrievable): AcceptedContext | undefined {
  const ofClass = contexts.filter(({ abstractSyntax, weSend }) => weSend && abstractSyntax === instance.sop_class_uid);
  const possible = ofClass.filter(
    ({ transferSyntax }) => !transferSyntaxOf(transferSyntax).deflated && canGiveObject(instance, transferSyntax),
  );
  return (
    ofClass.find(({ transferSyntax }) => transferSyntax === instance.transfer_syntax_uid) ??
    possible.find(({ transferSyntax }) => !transferSyntaxOf(transferSyntax).encapsulated) ??
    possible[0]
  );
}

/** The data set in pieces; undefined if it cannot be written in the syntax. */
async function contentFor(deps: SendDeps, instance: Retrievable, transferSyntax: string): Promise<AsyncIterable<Uint8Array> | undefined> {
  const { blob_key, transfer_syntax_uid } = instance;
  try {
    if (transferSyntax !== transfer_syntax_uid) {
      const pieces = transcodeStored(deps, instance, transferSyntax);
      // The first piece is preamble and file meta, which are not sent; with it comes what stands in the way.
      await pieces.next();
      return pieces;
    }
    const offset = dataSetOffset(await deps.blobs.readRange(blob_key, { start: 0, end: HEAD_BYTES - 1 }));
    return readFrom(deps.blobs, blob_key, offset);
  } catch (error) {
    // What is lost or damaged fails alone; the rest of the retrieval goes on.
    if (error instanceof DicomError || error instanceof AppError) return undefined;
    throw error;
  }
}

/** Opens the file when it is read first, and closes it whatever happens. Ends in an error if the bytes are not those that were stored. */
async function* readFrom(blobs: BlobStore, key: string, offset: number): AsyncGenerator<Uint8Array> {
  const { stream } = await blobs.open(key);
  let left = offset;
  try {
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      if (piece.length > left) yield piece.subarray(left);
      left = Math.max(0, left - piece.length);
    }
  } finally {
    stream.destroy();
  }
}

function fieldsOf({ sop_class_uid, sop_instance_uid }: Retrievable, originator: MoveOriginator | undefined): DataSet {
  const fields: DataSet = {
    [Tag.AffectedSOPClassUID]: { vr: 'UI', Value: [sop_class_uid] },
    [Tag.AffectedSOPInstanceUID]: { vr: 'UI', Value: [sop_instance_uid] },
    [Tag.Priority]: { vr: 'US', Value: [MEDIUM_PRIORITY] },
  };
  if (originator) {
    fields[Tag.MoveOriginatorApplicationEntityTitle] = { vr: 'AE', Value: [originator.aeTitle] };
    fields[Tag.MoveOriginatorMessageID] = { vr: 'US', Value: [originator.messageId] };
  }
  return fields;
}

import { DicomError, type Part10, textOf } from '../../dicom/data-set.ts';
import { parsePart10 } from '../../dicom/parse.ts';
import { Tag } from '../../dicom/tags.ts';
import { isValidUid } from '../../dicom/uids.ts';
import { AppError, ERROR_KINDS } from '../platform/errors.ts';
import { inflateRaw } from '../studies/read-arrival.ts';
import { type StoreDeps, storeInstance } from '../studies/store-instance.ts';
import type { AcceptedContext } from './association.ts';
import { fileHead } from './file-head.ts';
import { responseTo, STATUS } from './message.ts';
import type { Message } from './message-reader.ts';
import type { Session } from './session.ts';

/** SOP class and instance stand among the first attributes; what hides them further back is left to `storeInstance`. */
const MAX_PEEK_BYTES = 65_536;
const FIRST_PEEK_BYTES = 1024;
const MAX_DEFLATED_PEEK_BYTES = 4096;
/** The attribute after SOP Instance UID (0008,0018). */
const AFTER_SOP_INSTANCE_UID = '00080019';

type Named = { sopClassUid: string; sopInstanceUid: string };
type Outcome = { status: number; comment?: string };

/**
 * C-STORE (PS3.4 annex B): the data set goes to `storeInstance` while it arrives, as a Part 10 file whose file meta group we write from the
 * command and the presentation context; its bytes stay as they are. Success is said after the commit.
 *
 * The file meta group names nothing of the sender, so that the same object from two senders is one file.
 */
export async function answerStore(deps: StoreDeps, session: Session, message: Message): Promise<void> {
  const { association, log } = session;
  const outcome = await storeMessage(deps, session, message);
  if (outcome.status !== STATUS.success)
    log.warn({ calling: session.callingAe, status: outcome.status.toString(16), reason: outcome.comment }, 'object refused');
  const { status, ...more } = outcome;
  await association.send(message.contextId, responseTo(message.command, status, more));
}

async function storeMessage(deps: StoreDeps, session: Session, { contextId, command, data }: Message): Promise<Outcome> {
  const context = session.association.contexts().find(({ id }) => id === contextId);
  const refusal = refusalOf(session, command, context);
  if (refusal || !context || !data) {
    data?.discard();
    session.audit.refused('store', 'C-STORE', session.grants.may_store ? 'invalid-request' : 'forbidden');
    return refusal ?? { status: STATUS.cannotUnderstand, comment: 'No data set' };
  }
  const named = namedBy(command);
  const head = fileHead({ ...named, transferSyntaxUid: context.transferSyntax });
  try {
    await storeInstance({ ...deps, ...session.audit.storing(), sender: session.callingAe }, checked(head, data.content, named));
    return { status: STATUS.success };
  } catch (error) {
    session.audit.refused('store', 'C-STORE', error);
    if (error instanceof MismatchError) return { status: STATUS.doesNotMatchSopClass, comment: error.message };
    if (!(error instanceof AppError)) throw error;
    const { dimse, title } = ERROR_KINDS[error.kind];
    return { status: dimse, comment: title };
  } finally {
    data.discard();
  }
}

function refusalOf({ grants }: Session, command: Message['command'], context: AcceptedContext | undefined): Outcome | undefined {
  if (!grants.may_store) return { status: STATUS.notAuthorized, comment: 'This peer may not store' };
  const { sopClassUid, sopInstanceUid } = namedBy(command);
  if (sopClassUid !== context?.abstractSyntax) return { status: STATUS.sopClassNotSupported, comment: 'Not the SOP class of the context' };
  if (!isValidUid(sopInstanceUid)) return { status: STATUS.cannotUnderstand, comment: 'The command names no SOP instance' };
  return undefined;
}

function namedBy(command: Message['command']): Named {
  return {
    sopClassUid: textOf(command, Tag.AffectedSOPClassUID) ?? '',
    sopInstanceUid: textOf(command, Tag.AffectedSOPInstanceUID) ?? '',
  };
}

/** A little of a deflated data set is enough, and cannot grow to much. */
function inflateBeginning(bytes: Uint8Array, maxLength: number): Uint8Array {
  return inflateRaw(bytes.subarray(0, MAX_DEFLATED_PEEK_BYTES), maxLength);
}

/** The data set is another object than the command says. */
class MismatchError extends Error {}

/** The file in pieces as they come. @throws {MismatchError} as soon as its beginning shows another object than `named` */
async function* checked(head: Uint8Array, content: AsyncIterable<Uint8Array>, named: Named): AsyncGenerator<Uint8Array> {
  yield head;
  let seen: Uint8Array[] | undefined = [head];
  let size = head.length;
  let lookAt = size + FIRST_PEEK_BYTES;
  for await (const piece of content) {
    seen?.push(piece);
    size += piece.length;
    while (seen && size >= lookAt) {
      if (isIdentified(Buffer.concat(seen, lookAt), named) || lookAt >= MAX_PEEK_BYTES) seen = undefined;
      // Twice as much each time: looking again and again stays linear.
      lookAt *= 2;
    }
    yield piece;
  }
  if (seen) isIdentified(Buffer.concat(seen), named);
}

/** Whether enough is there to know the object. @throws {MismatchError} */
function isIdentified(bytes: Uint8Array, named: Named): boolean {
  const dataSet = readBeginning(bytes)?.dataSet;
  const sopClassUid = dataSet && textOf(dataSet, Tag.SOPClassUID);
  const sopInstanceUid = dataSet && textOf(dataSet, Tag.SOPInstanceUID);
  if (sopClassUid === undefined || sopInstanceUid === undefined) return false;
  if (sopClassUid !== named.sopClassUid) throw new MismatchError('The data set is of another SOP class than the command');
  if (sopInstanceUid !== named.sopInstanceUid) throw new MismatchError('The data set is another SOP instance than the command');
  return true;
}

/** The first attributes; undefined if the bytes end among them. */
function readBeginning(bytes: Uint8Array): Part10 | undefined {
  try {
    return parsePart10(bytes, { until: AFTER_SOP_INSTANCE_UID, inflateRaw: inflateBeginning });
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}

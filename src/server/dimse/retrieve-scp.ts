import { type DataSet, textOf } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';
import { writeDataSet } from '../../dicom/write.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore, Db } from '../platform/ports.ts';
import type { Transcoder } from '../transcoding/transcoder.ts';
import type { Association } from './association.ts';
import { openAssociation } from './client.ts';
import { listRetrievable, type Retrievable } from './find-queries.ts';
import { type Request, readIdentifier } from './find-scp.ts';
import { responseTo, STATUS } from './message.ts';
import { findPeerByAeTitle } from './queries.ts';
import { uniqueKeysOf } from './query-levels.ts';
import type { SecureTransport } from './secure-transport.ts';
import { contextsFor, type MoveOriginator, sendInstance } from './send-instance.ts';
import type { Session } from './session.ts';
import type { Timeouts } from './timeouts.ts';

type RetrieveDeps = {
  db: Db;
  blobs: BlobStore;
  transcoder: Transcoder;
  timeouts: Timeouts;
  transport?: SecureTransport | undefined;
};
type Counts = { remaining: number; completed: number; failed: number; warning: number };
type Retrieval = { session: Session; request: Request; instances: Retrievable[]; transferSyntax: string };

/** Failed SOP Instance UID List (0008,0058) is told up to this many UIDs. */
const MAX_FAILED_UIDS = 10_000;

/**
 * C-MOVE (PS3.4 C.4.2): sends to a peer over an association of our own. Only a peer that is known can be the destination: the request
 * names it by title alone.
 */
export async function answerMove(deps: RetrieveDeps, session: Session, request: Request): Promise<void> {
  const { message } = request;
  const begun = await begin(deps, session, request);
  if (!begun) return;
  const destination = await findPeerByAeTitle(deps.db, textOf(message.command, Tag.MoveDestination) ?? '');
  if (!destination) return end(begun, STATUS.moveDestinationUnknown, 'No peer of this title is known');
  if (begun.instances.length === 0) return conclude(begun, noneLeft(), []);
  const { timeouts, transport } = deps;
  const contexts = contextsFor(begun.instances);
  const outbound = await orUnavailable(openAssociation(destination, { callingAe: session.node.aeTitle, contexts, timeouts, transport }));
  if (!outbound) {
    session.log.warn({ calling: session.callingAe, destination: destination.ae_title }, 'the destination of a retrieval does not answer');
    return end(begun, STATUS.noSubOperationSucceeded, 'The destination does not answer or refuses');
  }
  try {
    const originator = { aeTitle: session.callingAe, messageId: message.head.messageId };
    await sendAll(deps, begun, { outbound, originator, destination: destination.ae_title });
  } finally {
    outbound.release();
  }
}

/** C-GET (PS3.4 C.4.3): sends over the association of the request, in the contexts for which the peer took the part of the SCP. */
export async function answerGet(deps: RetrieveDeps, session: Session, request: Request): Promise<void> {
  const begun = await begin(deps, session, request);
  if (begun) await sendAll(deps, begun, { outbound: session.association });
}

/** Reads the request and finds what it asks for; answers it if that cannot be done. */
async function begin({ db }: RetrieveDeps, session: Session, request: Request): Promise<Retrieval | undefined> {
  const identifier = await readIdentifier(session, request.message);
  const keys = identifier && uniqueKeysOf(identifier.keys, identifier.level);
  const retrieval = { session, request, instances: [], transferSyntax: identifier?.transferSyntax ?? '' };
  if (!identifier || !keys) {
    await end(retrieval, STATUS.doesNotMatchSopClass, 'The identifier lacks its level or the unique key of it');
    return undefined;
  }
  return { ...retrieval, instances: await listRetrievable(db, keys) };
}

type Way = { outbound: Association; originator?: MoveOriginator; destination?: string };

async function sendAll(deps: RetrieveDeps, retrieval: Retrieval, { outbound, originator, destination }: Way): Promise<void> {
  const { session, request, instances } = retrieval;
  const counts: Counts = { ...noneLeft(), remaining: instances.length };
  const failed: string[] = [];
  const given = new Map<string, number>();
  for (const instance of instances) {
    if (request.signal.aborted) {
      await tellGiven(retrieval, given, destination);
      return end(retrieval, STATUS.cancelled, '', counts);
    }
    const sent = outbound.isOpen() ? sendInstance(deps, outbound, { instance, ...(originator ? { originator } : {}) }) : undefined;
    const outcome = (await orUnavailable(sent)) ?? 'failed';
    counts.remaining -= 1;
    counts[outcome === 'sent' ? 'completed' : outcome] += 1;
    if (outcome === 'failed') failed.push(instance.sop_instance_uid);
    else given.set(instance.study_instance_uid, (given.get(instance.study_instance_uid) ?? 0) + 1);
    if (counts.remaining > 0) await respond(retrieval, { status: STATUS.pending, counts });
  }
  session.log.info({ calling: session.callingAe, ...counts }, 'retrieval answered');
  await tellGiven(retrieval, given, destination);
  return conclude(retrieval, counts, failed);
}

/** What left the house, study by study, is in the audit trail before the end is said. */
async function tellGiven({ session }: Retrieval, given: ReadonlyMap<string, number>, destination: string | undefined): Promise<void> {
  const command = destination === undefined ? 'C-GET' : 'C-MOVE';
  await session.audit.retrieved(command, given, destination === undefined ? {} : { destination });
}

/** The last response: its status says whether all, some or none could be sent (PS3.4 table C.4-2). */
async function conclude(retrieval: Retrieval, counts: Counts, failed: string[]): Promise<void> {
  if (failed.length === 0) return respond(retrieval, { status: STATUS.success, counts });
  const status = counts.completed + counts.warning > 0 ? STATUS.subOperationsFailed : STATUS.noSubOperationSucceeded;
  const list: DataSet = { [Tag.FailedSOPInstanceUIDList]: { vr: 'UI', Value: failed.slice(0, MAX_FAILED_UIDS) } };
  return respond(retrieval, { status, counts, data: writeDataSet(list, retrieval.transferSyntax) });
}

function end(retrieval: Retrieval, status: number, comment: string, counts?: Counts): Promise<void> {
  return respond(retrieval, { status, comment, ...(counts ? { counts } : {}) });
}

type Answer = { status: number; comment?: string; counts?: Counts; data?: Uint8Array };

async function respond({ session, request }: Retrieval, { status, comment = '', counts, data }: Answer): Promise<void> {
  const { contextId, command } = request.message;
  const fields = counts ? countFields(counts, status) : {};
  const response = responseTo(command, status, { fields, comment, hasData: data !== undefined });
  await session.association.send(contextId, response, data && [data]);
}

/** Remaining sub-operations are told while pending and after a cancellation only (PS3.4 C.4.2.1.6). */
function countFields({ remaining, completed, failed, warning }: Counts, status: number): DataSet {
  const number = (value: number): DataSet[string] => ({ vr: 'US', Value: [Math.min(value, 0xffff)] });
  const isUnfinished = status === STATUS.pending || status === STATUS.cancelled;
  return {
    ...(isUnfinished ? { [Tag.NumberOfRemainingSuboperations]: number(remaining) } : {}),
    [Tag.NumberOfCompletedSuboperations]: number(completed),
    [Tag.NumberOfFailedSuboperations]: number(failed),
    [Tag.NumberOfWarningSuboperations]: number(warning),
  };
}

function noneLeft(): Counts {
  return { remaining: 0, completed: 0, failed: 0, warning: 0 };
}

/** The value, or undefined if the other side is not or no longer there. */
async function orUnavailable<T>(promise: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

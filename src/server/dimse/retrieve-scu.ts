import type { PeerRetrieval, PeerRetrieve } from '../../contract/peers.ts';
import { type DataSet, numberOf } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';
import { ExplicitVrLittleEndian, ImplicitVrLittleEndian, RleLossless, storageSopClasses } from '../../dicom/uids.ts';
import { writeDataSet } from '../../dicom/write.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Scope } from '../platform/scope.ts';
import type { StoreDeps } from '../studies/store-instance.ts';
import { MAX_CONTEXTS, type ProposedContext } from './associate-items.ts';
import type { Association } from './association.ts';
import { openAssociation } from './client.ts';
import { COMMANDS, responseTo, STATUS } from './message.ts';
import type { Message } from './message-reader.ts';
import type { LocalNode } from './negotiate.ts';
import { openPeerAudit } from './peer-audit.ts';
import type { PeerRow } from './queries.ts';
import type { SecureTransport } from './secure-transport.ts';
import type { DicomLog, Session } from './session.ts';
import { StudyRootGet, StudyRootMove } from './sop-classes.ts';
import { answerStore } from './store-scp.ts';
import type { Timeouts } from './timeouts.ts';

/** Classes that go beyond the contexts of one association; what is stored in them is fetched by C-MOVE. */
const LEFT_OUT =
  /Retired|Trial|Draft|Radiation|Lensometry|Refraction|Keratometry|Acuity|Spectacle|Stereometric|Implant|Palette|Hanging|Inventory|Protocol|Plan|Record|Waveform|Mesh|Map Storage|Volume Presentation|Tractography|XRF|Axial/;
/** The better first: what an object is held in is asked for before what it would be rewritten to. */
const SYNTAXES = [ExplicitVrLittleEndian, ImplicitVrLittleEndian];

/** What archives hold compressed: JPEG, JPEG-LS, JPEG 2000 and RLE. All of them for each class would make too long a request for some peers. */
const COMPRESSED = ['70', '50', '80', '90', '91'].map((last) => `1.2.840.10008.1.2.4.${last}`).concat(RleLossless);

/** How far a retrieval is, as the peer counts it. */
export type SubOperations = { remaining: number | null; completed: number; failed: number; warning: number };
export type Watch = { onProgress?: (counts: SubOperations) => Promise<void>; signal?: AbortSignal };
export type RetrieveDeps = Scope & StoreDeps & { transport: SecureTransport; log: DicomLog; node: LocalNode; timeouts?: Timeouts };

/**
 * C-MOVE to ourselves, or C-GET, as the SCU. Resolves when the application has sent everything. What goes wrong at the other side is part of
 * the answer. An abort ends the association, by which the peer knows that nobody waits any more.
 */
export async function retrieveFrom(deps: RetrieveDeps, peer: PeerRow, wanted: PeerRetrieve, watch: Watch = {}): Promise<PeerRetrieval> {
  const isGet = wanted.method === 'get';
  const sopClass = isGet ? StudyRootGet : StudyRootMove;
  const contexts = [{ id: 1, abstractSyntax: sopClass, transferSyntaxes: SYNTAXES }, ...(isGet ? storageContexts() : [])];
  let association: Association | undefined;
  try {
    association = await openAssociation(peer, {
      callingAe: deps.node.aeTitle,
      transport: deps.transport,
      contexts,
      // In a C-GET the peer is the user of our storage service.
      roles: contexts.slice(1).map(({ abstractSyntax }) => ({ sopClassUid: abstractSyntax, scu: false, scp: true })),
      onRequest: receiverOf(deps, peer),
      ...(deps.timeouts ? { timeouts: deps.timeouts } : {}),
    });
    const asking = { sopClass, wanted, destination: isGet ? undefined : deps.node.aeTitle };
    return await ask(association, asking, watch);
  } catch (error) {
    if (error instanceof AppError) return outcome(error.message);
    throw error;
  } finally {
    await association?.settled();
    association?.release();
  }
}

type Asking = { sopClass: string; wanted: PeerRetrieve; destination: string | undefined };

async function ask(
  association: Association,
  { sopClass, wanted, destination }: Asking,
  { onProgress, signal }: Watch,
): Promise<PeerRetrieval> {
  const context = association.contexts().find(({ abstractSyntax }) => abstractSyntax === sopClass);
  if (!context) return outcome('This way of retrieval is not supported');
  const fields: DataSet = {
    [Tag.AffectedSOPClassUID]: { vr: 'UI', Value: [sopClass] },
    [Tag.Priority]: { vr: 'US', Value: [0] },
    ...(destination === undefined ? {} : { [Tag.MoveDestination]: { vr: 'AE', Value: [destination] } }),
  };
  const { responses } = await association.ask(context.id, destination === undefined ? 'c-get' : 'c-move', fields, [
    writeDataSet(identifierOf(wanted), context.transferSyntax),
  ]);
  const stop = (): void => association.abort();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  let last: Message | undefined;
  for await (const message of responses) {
    message.data?.discard();
    last = message;
    const remaining = numberOf(message.command, Tag.NumberOfRemainingSuboperations) ?? null;
    await onProgress?.({ remaining, ...countsOf(message) });
  }
  signal?.removeEventListener('abort', stop);
  if (!last) return outcome('The association ended');
  const { head } = last;
  const counts = countsOf(last);
  if (head.status === STATUS.success) return { ok: true, detail: 'Success', ...counts };
  return { ...outcome(nameOf(head.status)), ...counts };
}

function countsOf({ command }: Message): Pick<PeerRetrieval, 'completed' | 'failed' | 'warning'> {
  return {
    completed: numberOf(command, Tag.NumberOfCompletedSuboperations) ?? 0,
    failed: numberOf(command, Tag.NumberOfFailedSuboperations) ?? 0,
    warning: numberOf(command, Tag.NumberOfWarningSuboperations) ?? 0,
  };
}

function identifierOf({ study_instance_uid, series_instance_uid, sop_instance_uid }: PeerRetrieve): DataSet {
  const level = sop_instance_uid ? 'IMAGE' : series_instance_uid ? 'SERIES' : 'STUDY';
  return {
    [Tag.QueryRetrieveLevel]: { vr: 'CS', Value: [level] },
    [Tag.StudyInstanceUID]: { vr: 'UI', Value: [study_instance_uid] },
    ...(series_instance_uid ? { [Tag.SeriesInstanceUID]: { vr: 'UI', Value: [series_instance_uid] } } : {}),
    ...(sop_instance_uid ? { [Tag.SOPInstanceUID]: { vr: 'UI', Value: [sop_instance_uid] } } : {}),
  };
}

/** Stores what the peer sends over the association of a C-GET, as if it had associated with us. */
function receiverOf(deps: RetrieveDeps, peer: PeerRow): (association: Association, message: Message) => void {
  const caller = { callingAe: peer.ae_title, peerId: peer.id, remoteAddress: peer.host, associationId: newId() };
  const audit = openPeerAudit(deps, caller);
  const grants = { may_store: true, may_query: false, may_retrieve: false };
  return (association, message) => {
    const { log, node } = deps;
    const session: Session = { association, callingAe: peer.ae_title, peerId: peer.id, grants, node, log, audit };
    association.operate(async () => {
      if (message.head.field === COMMANDS['c-store']) return answerStore(deps, session, message);
      message.data?.discard();
      return association.send(message.contextId, responseTo(message.command, STATUS.unrecognizedOperation));
    });
  };
}

/** The storage classes of imaging, each in what a peer is likely to hold it in. */
function storageContexts(): ProposedContext[] {
  const classes = storageSopClasses().filter(({ name }) => !LEFT_OUT.test(name));
  return classes
    .slice(0, MAX_CONTEXTS - 1)
    .map(({ uid }, index) => ({ id: 2 * index + 3, abstractSyntax: uid, transferSyntaxes: [...SYNTAXES, ...COMPRESSED] }));
}

function outcome(detail: string): PeerRetrieval {
  return { ok: false, detail, completed: 0, failed: 0, warning: 0 };
}

function nameOf(status: number): string {
  if (status === STATUS.moveDestinationUnknown) return 'The application does not know our title';
  return `Status ${status.toString(16).padStart(4, '0')}`;
}

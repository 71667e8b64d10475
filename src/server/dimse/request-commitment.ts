import { DicomError, numberOf } from '../../dicom/data-set.ts';
import { parseDataSet } from '../../dicom/parse.ts';
import { Tag } from '../../dicom/tags.ts';
import { writeDataSet } from '../../dicom/write.ts';
import { appendEvent } from '../events/append-event.ts';
import { gather } from '../platform/data-stream.ts';
import { AppError } from '../platform/errors.ts';
import { newId, newUid } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, TenantJobs, Tx } from '../platform/ports.ts';
import type { Association } from './association.ts';
import { openAssociation } from './client.ts';
import { commitmentFields, REQUEST_COMMITMENT, readTransaction, type Transaction, writeTransaction } from './commitment-items.ts';
import {
  type CommitmentItem,
  type CommitmentRow,
  findCommitment,
  findRequested,
  insertCommitment,
  listSent,
  moveCommitment,
} from './commitment-repository.ts';
import { type ForwardRow, findForward, updateForward } from './forward-repository.ts';
import { nextAttempt } from './manage-forwards.ts';
import { COMMANDS, responseTo, STATUS } from './message.ts';
import type { Message } from './message-reader.ts';
import { ownTitle, type TitleDeps } from './own-title.ts';
import { findPeer } from './queries.ts';
import { COMMITMENT_CONTEXTS } from './report-commitment.ts';
import type { SecureTransport } from './secure-transport.ts';
import type { Timeouts } from './timeouts.ts';

/** Requests of one transaction: the peer may be gone, or forget to report. */
const MAX_REQUESTS = 10;
/** So long a peer may take for its report before it is asked again. */
const REPORT_WITHIN_MS = 3_600_000;
/** So long the association of the request stays open for a report; peers that report later make one of their own. */
const LINGER_MS = 5_000;
const MAX_REPORT_BYTES = 16_777_216;

type RequestDeps = { db: Db; jobs: TenantJobs; now: () => Date };
type RequestJobDeps = RequestDeps & TitleDeps & { tenant_id: string; transport: SecureTransport; timeouts?: Timeouts };

/** Notes that the peer of a forward is to be asked for storage commitment, with the job that asks. */
export async function wantCommitment(tx: Tx, { jobs, now }: RequestDeps, forward: ForwardRow): Promise<void> {
  const at = now();
  const row: CommitmentRow = {
    id: newId(at),
    role: 'scu',
    transaction_uid: newUid(at),
    ae_title: forward.ae_title,
    peer_id: forward.peer_id,
    forward_id: forward.id,
    items: JSON.stringify(await listSent(tx, forward.id)),
    failures: '[]',
    status: 'waiting',
    attempts: 0,
    last_error: null,
    created_at: at.toISOString(),
    finished_at: null,
  };
  await insertCommitment(tx, row);
  await jobs.enqueue(tx, 'request-commitment', { commitment_id: row.id }, { key: row.id, runAt: at });
}

/** N-ACTION to the peer (PS3.4 J.3.2). Its report comes over the same association or over one of the peer's own; until then it is asked again. */
export async function requestCommitment(deps: RequestJobDeps, id: string): Promise<void> {
  const row = await findCommitment(deps.db, id);
  if (!row || (row.status !== 'waiting' && row.status !== 'requested')) return;
  const peer = row.peer_id === null ? undefined : await findPeer(deps.db, row.peer_id);
  if (!peer) return settle(deps, row, { reason: 'The peer is no longer known' });
  const attempts = row.attempts + 1;
  if (attempts > MAX_REQUESTS) return settle(deps, row, { reason: row.last_error ?? 'The peer did not report' });
  // Each request is a transaction of its own: a peer may refuse one that it knows.
  const transactionUid = row.attempts === 0 ? row.transaction_uid : newUid(deps.now());
  const asked = { ...row, transaction_uid: transactionUid };
  await note(deps, asked, { attempts, runAt: new Date(deps.now().getTime() + REPORT_WITHIN_MS) });
  const problem = await ask(deps, asked, peer);
  if (problem !== undefined) await note(deps, asked, { attempts, last_error: problem, runAt: nextAttempt(deps.now(), attempts) });
}

/** Why it could not be asked; undefined if the peer took the request. */
async function ask(deps: RequestJobDeps, row: CommitmentRow, peer: Parameters<typeof openAssociation>[0]): Promise<string | undefined> {
  const reported = Promise.withResolvers<void>();
  let association: Association | undefined;
  try {
    association = await openAssociation(peer, {
      callingAe: await ownTitle(deps, deps.tenant_id),
      transport: deps.transport,
      contexts: COMMITMENT_CONTEXTS,
      ...(deps.timeouts ? { timeouts: deps.timeouts } : {}),
      onRequest: (by, message) => by.operate(() => answerReport(deps, by, { message, aeTitle: peer.ae_title }).then(reported.resolve)),
    });
    const [context] = association.contexts();
    if (!context) return `${peer.ae_title} does not commit storage`;
    const request = { transactionUid: row.transaction_uid, items: parseColumn<CommitmentItem[]>(row.items), failures: [] };
    const data = writeDataSet(writeTransaction(request), context.transferSyntax);
    const { head } = await association.request(context.id, 'n-action', commitmentFields({ action: REQUEST_COMMITMENT }), [data]);
    if (head.status !== STATUS.success) return `The request was answered with status ${head.status.toString(16)}`;
    await linger(reported.promise, LINGER_MS);
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  } finally {
    await association?.settled();
    association?.release();
  }
}

async function linger(reported: Promise<void>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([reported, late]);
  clearTimeout(timer);
}

/** N-EVENT-REPORT of a peer that was asked: its word is kept. Said of what nobody asked it is refused. */
export async function answerReport(
  deps: RequestDeps,
  association: Association,
  { message, aeTitle }: { message: Message; aeTitle: string },
): Promise<void> {
  const { command, contextId, data } = message;
  const respond = (status: number, comment = ''): Promise<void> => association.send(contextId, responseTo(command, status, { comment }));
  const bytes = data && (await gather(data.content, MAX_REPORT_BYTES));
  if (message.head.field !== COMMANDS['n-event-report']) return respond(STATUS.unrecognizedOperation);
  const event = numberOf(command, Tag.EventTypeID);
  if (event !== 1 && event !== 2) return respond(STATUS.noSuchEventType);
  const context = association.contexts().find(({ id }) => id === contextId);
  const report = bytes && context && read(bytes, context.transferSyntax);
  if (!report) return respond(STATUS.missingAttribute, 'The report names no transaction');
  const row = await findRequested(deps.db, { aeTitle, transactionUid: report.transactionUid });
  if (!row) return respond(STATUS.noSuchSopInstance, 'Nobody asked for this transaction');
  await settle(deps, row, { report });
  return respond(STATUS.success);
}

function read(bytes: Uint8Array, transferSyntax: string): Transaction | undefined {
  try {
    return readTransaction(parseDataSet(bytes, transferSyntax));
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}

/** Keeps the end of it, with the forward and in one transaction. What the report does not name is not committed. */
async function settle(
  { db, now }: RequestDeps,
  row: CommitmentRow,
  { report, reason }: { report?: Transaction; reason?: string },
): Promise<void> {
  const at = now().toISOString();
  const named = new Set(report?.items.map(({ sop_instance_uid }) => sop_instance_uid));
  const missing = parseColumn<CommitmentItem[]>(row.items).filter(({ sop_instance_uid }) => !named.has(sop_instance_uid));
  const failures = missing.map(
    (item) => report?.failures.find((one) => one.sop_instance_uid === item.sop_instance_uid) ?? { ...item, reason: 0 },
  );
  const status = report && missing.length === 0 ? ('committed' as const) : ('failed' as const);
  const last_error = status === 'committed' ? null : (reason ?? `The peer did not commit ${missing.length} objects`);
  await db.transaction().execute(async (tx) => {
    const change = { status, failures: JSON.stringify(failures), last_error, finished_at: at };
    if (!(await moveCommitment(tx, row.id, ['waiting', 'requested'], change)) || row.forward_id === null) return;
    const forward = await findForward(tx, row.forward_id);
    if (!forward) return;
    await updateForward(tx, forward.id, { commitment: status });
    const { study_instance_uid } = forward;
    await appendEvent(tx, {
      type: `storage_${status === 'committed' ? 'committed' : 'not_committed'}`,
      study_instance_uid,
      at,
      ids: { forward_id: forward.id },
    });
  });
}

type Note = { attempts: number; last_error?: string; runAt: Date };

async function note({ db, jobs }: RequestJobDeps, row: CommitmentRow, { runAt, ...change }: Note): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { transaction_uid } = row;
    if (!(await moveCommitment(tx, row.id, ['waiting', 'requested'], { ...change, transaction_uid, status: 'requested' }))) return;
    if (row.forward_id !== null) await updateForward(tx, row.forward_id, { commitment: 'requested' });
    await jobs.enqueue(tx, 'request-commitment', { commitment_id: row.id }, { key: row.id, runAt });
  });
}

import { ExplicitVrLittleEndian, ImplicitVrLittleEndian } from '../../dicom/uids.ts';
import { writeDataSet } from '../../dicom/write.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { BlobStore, Db, TenantJobs } from '../platform/ports.ts';
import type { AcceptedContext, Association } from './association.ts';
import { openAssociation } from './client.ts';
import { ALL_COMMITTED, commitmentFields, FAILURE, SOME_FAILED, type Transaction, writeTransaction } from './commitment-items.ts';
import {
  type CommitmentItem,
  type CommitmentRow,
  findCommitment,
  insertCommitment,
  listHeld,
  moveCommitment,
} from './commitment-repository.ts';
import { MAX_ATTEMPTS, nextAttempt } from './manage-forwards.ts';
import { STATUS } from './message.ts';
import { ownTitle, type TitleDeps } from './own-title.ts';
import { findPeer } from './queries.ts';
import type { SecureTransport } from './secure-transport.ts';
import { StorageCommitmentPushModel } from './sop-classes.ts';
import type { Timeouts } from './timeouts.ts';

/** So long the association of the request has for the report; then one of our own carries it. */
const SAME_ASSOCIATION_MS = 180_000;

export type ReportDeps = {
  db: Db;
  blobs: BlobStore;
  jobs: TenantJobs;
  now: () => Date;
};
type ReportJobDeps = ReportDeps & TitleDeps & { tenant_id: string; transport: SecureTransport; timeouts?: Timeouts };

/**
 * Takes a request for storage commitment down, with the job that reports if the association of the request does not carry the report.
 * Undefined if the peer has used the transaction UID before.
 */
export async function keepRequest(
  { db, jobs, now }: ReportDeps,
  { aeTitle, peerId, transaction }: { aeTitle: string; peerId: string | undefined; transaction: Transaction },
): Promise<CommitmentRow | undefined> {
  const at = now();
  const row: CommitmentRow = {
    id: newId(at),
    role: 'scp',
    transaction_uid: transaction.transactionUid,
    ae_title: aeTitle,
    peer_id: peerId ?? null,
    forward_id: null,
    items: JSON.stringify(transaction.items),
    failures: '[]',
    status: 'waiting',
    attempts: 0,
    last_error: null,
    created_at: at.toISOString(),
    finished_at: null,
  };
  return db.transaction().execute(async (tx) => {
    if (!(await insertCommitment(tx, row))) return undefined;
    const runAt = new Date(at.getTime() + SAME_ASSOCIATION_MS);
    await jobs.enqueue(tx, 'report-commitment', { commitment_id: row.id }, { key: row.id, runAt });
    return row;
  });
}

/**
 * N-EVENT-REPORT (PS3.4 J.3.3): what of the request is held, with its bytes. Nothing is promised that a disk does not have.
 *
 * @throws {AppError} `unavailable` if the association ends, or the peer does not take the report
 */
export async function sendReport(
  deps: ReportDeps,
  association: Association,
  { row, context }: { row: CommitmentRow; context: AcceptedContext },
): Promise<void> {
  const result = await resultOf(deps, row);
  const event = result.failures.length === 0 ? ALL_COMMITTED : SOME_FAILED;
  const data = writeDataSet(writeTransaction(result), context.transferSyntax);
  const { head } = await association.request(context.id, 'n-event-report', commitmentFields({ event }), [data]);
  if (head.status !== STATUS.success) throw new AppError('unavailable', `The report was answered with status ${head.status.toString(16)}`);
  await deps.db.transaction().execute(async (tx) => {
    const change = { status: 'reported' as const, failures: JSON.stringify(result.failures), finished_at: deps.now().toISOString() };
    await moveCommitment(tx, row.id, ['waiting'], change);
  });
}

/** Reports over an association of our own, which asks for the provider's part; tried again with growing pauses. */
export async function reportCommitment(deps: ReportJobDeps, id: string): Promise<void> {
  const row = await findCommitment(deps.db, id);
  if (row?.status !== 'waiting') return;
  const peer = row.peer_id === null ? undefined : await findPeer(deps.db, row.peer_id);
  if (!peer) return fail(deps, row, 'Nobody knows where the application listens');
  let association: Association | undefined;
  try {
    association = await openAssociation(peer, {
      callingAe: await ownTitle(deps, deps.tenant_id),
      transport: deps.transport,
      contexts: COMMITMENT_CONTEXTS,
      roles: [{ sopClassUid: StorageCommitmentPushModel, scu: false, scp: true }],
      ...(deps.timeouts ? { timeouts: deps.timeouts } : {}),
    });
    const [context] = association.contexts();
    if (!context) throw new AppError('unavailable', `${peer.ae_title} takes no storage commitment reports`);
    await sendReport(deps, association, { row, context });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await delay(deps, row, error.message);
  } finally {
    association?.release();
  }
}

export const COMMITMENT_CONTEXTS = [
  { id: 1, abstractSyntax: StorageCommitmentPushModel, transferSyntaxes: [ExplicitVrLittleEndian, ImplicitVrLittleEndian] },
];

async function resultOf({ db, blobs }: ReportDeps, row: CommitmentRow): Promise<Transaction> {
  const items = parseColumn<CommitmentItem[]>(row.items);
  const held = new Map(
    (
      await listHeld(
        db,
        items.map((item) => item.sop_instance_uid),
      )
    ).map((object) => [object.sop_instance_uid, object]),
  );
  const result: Transaction = { transactionUid: row.transaction_uid, items: [], failures: [] };
  for (const item of items) {
    const object = held.get(item.sop_instance_uid);
    if (!object) result.failures.push({ ...item, reason: FAILURE.noSuchObject });
    else if (object.sop_class_uid !== item.sop_class_uid) result.failures.push({ ...item, reason: FAILURE.classConflict });
    else if (!(await blobs.has(object.blob_key))) result.failures.push({ ...item, reason: FAILURE.processing });
    else result.items.push(item);
  }
  return result;
}

async function delay(deps: ReportJobDeps, row: CommitmentRow, reason: string): Promise<void> {
  const attempts = row.attempts + 1;
  if (attempts >= MAX_ATTEMPTS) return fail(deps, row, reason);
  await deps.db.transaction().execute(async (tx) => {
    if (!(await moveCommitment(tx, row.id, ['waiting'], { attempts, last_error: reason }))) return;
    const runAt = nextAttempt(deps.now(), attempts);
    await deps.jobs.enqueue(tx, 'report-commitment', { commitment_id: row.id }, { key: row.id, runAt });
  });
}

async function fail({ db, now }: ReportJobDeps, { id, attempts }: CommitmentRow, reason: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const change = { status: 'failed' as const, attempts: attempts + 1, last_error: reason, finished_at: now().toISOString() };
    await moveCommitment(tx, id, ['waiting'], change);
  });
}

import type { EventType } from '../../contract/events.ts';
import type { ForwardSelection } from '../../contract/forwards.ts';
import { appendEvent } from '../events/append-event.ts';
import { beginAct, entryOf, systemActor } from '../platform/act.ts';
import { AppError } from '../platform/errors.ts';
import { parseColumn } from '../platform/json.ts';
import type { Tx } from '../platform/ports.ts';
import type { Scope } from '../platform/scope.ts';
import type { Transcoder } from '../transcoding/transcoder.ts';
import type { Association } from './association.ts';
import { openAssociation } from './client.ts';
import { listRetrievable, type Retrievable } from './find-queries.ts';
import {
  type ForwardInstance,
  type ForwardRow,
  findForward,
  forgetFailures,
  listForwardInstances,
  moveForward,
  putForwardInstances,
} from './forward-repository.ts';
import { MAX_ATTEMPTS, nextAttempt } from './manage-forwards.ts';
import { ownTitle, type TitleDeps } from './own-title.ts';
import { findPeer, type PeerRow } from './queries.ts';
import { wantCommitment } from './request-commitment.ts';
import type { SecureTransport } from './secure-transport.ts';
import { contextsFor, sendInstance } from './send-instance.ts';
import type { Timeouts } from './timeouts.ts';

/** Instances whose outcome is kept at once: a crash sends no more than these again, which a peer takes as the same. */
const KEEP_EVERY = 25;

export type SendingDeps = Scope & TitleDeps & { transcoder: Transcoder; transport: SecureTransport; now: () => Date; timeouts?: Timeouts };

/**
 * Sends what a forward still has to send over one association. What the peer does not take, or a peer that is not there, is tried again with
 * growing pauses; after `MAX_ATTEMPTS` the forward has failed and waits for a person. Safe to repeat: what the peer acknowledged is not
 * sent again.
 */
export async function forwardStudy(deps: SendingDeps, id: string, signal?: AbortSignal): Promise<void> {
  const row = await findForward(deps.db, id);
  if (!row || !(await begin(deps, row))) return;
  const peer = await findPeer(deps.db, row.peer_id);
  if (!peer) return giveUp(deps, row, 'The peer is no longer known');
  const { series_instance_uids, sop_instance_uids } = parseColumn<ForwardSelection>(row.selection);
  const wanted = await listRetrievable(deps.db, {
    studies: [row.study_instance_uid],
    ...(series_instance_uids.length > 0 ? { series: series_instance_uids } : {}),
    ...(sop_instance_uids.length > 0 ? { instances: sop_instance_uids } : {}),
  });
  const held = await listForwardInstances(deps.db, id);
  const done = new Set(held.filter(({ outcome }) => outcome !== 'failed').map(({ sop_instance_uid }) => sop_instance_uid));
  const left = wanted.filter(({ sop_instance_uid }) => !done.has(sop_instance_uid));
  const sending: Sending = { row, peer, total: wanted.length, sent: wanted.length - left.length, failed: 0, outcomes: [], signal };
  const failure = left.length === 0 ? undefined : await sendAll(deps, sending, left);
  // Who cancelled it has said so already; a process that ends leaves the rest to another.
  signal?.throwIfAborted();
  await conclude(deps, sending, failure);
}

type Sending = {
  row: ForwardRow;
  peer: PeerRow;
  total: number;
  sent: number;
  failed: number;
  outcomes: ForwardInstance[];
  signal: AbortSignal | undefined;
};

/** Whether there is something to do: it may have been cancelled, or be done. */
function begin({ db }: SendingDeps, { id }: ForwardRow): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    await forgetFailures(tx, id);
    return moveForward(tx, id, ['waiting', 'sending'], { status: 'sending', next_attempt_at: null });
  });
}

/** Returns why it did not come to its end; undefined if each instance was offered. */
async function sendAll(deps: SendingDeps, sending: Sending, left: readonly Retrievable[]): Promise<string | undefined> {
  const { transport, timeouts } = deps;
  let association: Association | undefined;
  try {
    const callingAe = await ownTitle(deps, deps.tenant_id);
    const contexts = contextsFor(left);
    association = await openAssociation(sending.peer, { callingAe, contexts, transport, ...(timeouts ? { timeouts } : {}) });
    for (const instance of left) {
      if (sending.signal?.aborted) break;
      const outcome = await sendInstance(deps, association, { instance });
      if (outcome === 'failed') sending.failed += 1;
      else sending.sent += 1;
      sending.outcomes.push({ sop_instance_uid: instance.sop_instance_uid, outcome });
      if (sending.outcomes.length >= KEEP_EVERY) await keep(deps, sending);
    }
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  } finally {
    await keep(deps, sending);
    association?.release();
  }
}

/** Keeps what the peer said; objects have left the house, which the audit trail tells in the same breath. */
async function keep(deps: SendingDeps, sending: Sending): Promise<void> {
  const { row, peer, sent, total } = sending;
  const outcomes = sending.outcomes.splice(0);
  if (outcomes.length === 0) return;
  await deps.db.transaction().execute(async (tx) => {
    await putForwardInstances(tx, row, outcomes);
    await moveForward(tx, row.id, ['sending'], { sent_count: sent, total_count: total });
  });
  const instances = outcomes.filter(({ outcome }) => outcome !== 'failed').length;
  if (instances === 0) return;
  const act = beginAct({ tenantId: deps.tenant_id, actor: systemActor('forward-study'), action: 'forward', operation: 'C-STORE' });
  await deps.audit.record(deps.tenant_id, {
    ...entryOf(act),
    object: { type: 'forward', id: row.id },
    study_instance_uid: row.study_instance_uid,
    details: { destination: peer.ae_title, instances },
  });
}

async function conclude(deps: SendingDeps, sending: Sending, failure: string | undefined): Promise<void> {
  const { row, total, sent, failed } = sending;
  const problem = failure ?? (failed > 0 ? `The peer did not take ${failed} of ${total} instances` : undefined);
  const counts = { total_count: total, sent_count: sent };
  const attempts = row.attempts + 1;
  if (problem !== undefined && attempts >= MAX_ATTEMPTS) return giveUp(deps, { ...row, ...counts, attempts }, problem);
  const now = deps.now();
  await deps.db.transaction().execute(async (tx) => {
    if (problem !== undefined) {
      const runAt = nextAttempt(now, attempts);
      const change = { status: 'waiting' as const, attempts, last_error: problem, next_attempt_at: runAt.toISOString(), ...counts };
      if (!(await moveForward(tx, row.id, ['sending'], change))) return;
      await tell(tx, row, { event: 'forward_delayed', now });
      await deps.jobs.enqueue(tx, 'forward-study', { forward_id: row.id }, { key: row.id, runAt });
      return;
    }
    const change = { status: 'sent' as const, attempts, last_error: null, finished_at: now.toISOString(), ...counts };
    if (!(await moveForward(tx, row.id, ['sending'], change))) return;
    await tell(tx, row, { event: 'forward_sent', now });
    if (row.commitment === 'wanted' && sent > 0) await wantCommitment(tx, deps, row);
  });
}

async function giveUp({ db, now, audit, tenant_id }: SendingDeps, row: ForwardRow, reason: string): Promise<void> {
  const at = now();
  await db.transaction().execute(async (tx) => {
    const { total_count, sent_count, attempts } = row;
    const change = { status: 'failed' as const, last_error: reason, finished_at: at.toISOString(), total_count, sent_count, attempts };
    if (await moveForward(tx, row.id, ['sending'], change)) await tell(tx, row, { event: 'forward_failed', now: at });
  });
  const act = beginAct({ tenantId: tenant_id, actor: systemActor('forward-study'), action: 'forward', operation: 'C-STORE' });
  const failed = entryOf(act, { outcome: 'failed', reason: 'unavailable' });
  const object = { type: 'forward', id: row.id };
  await audit.record(tenant_id, { ...failed, object, study_instance_uid: row.study_instance_uid, details: { destination: row.ae_title } });
}

async function tell(tx: Tx, { id, study_instance_uid }: ForwardRow, { event, now }: { event: EventType; now: Date }): Promise<void> {
  await appendEvent(tx, { type: event, study_instance_uid, at: now.toISOString(), ids: { forward_id: id } });
}

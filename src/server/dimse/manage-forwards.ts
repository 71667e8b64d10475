import type { EventType } from '../../contract/events.ts';
import type { Forward, ForwardSelection, NewForward } from '../../contract/forwards.ts';
import { appendEvent } from '../events/append-event.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, TenantJobs, Tx } from '../platform/ports.ts';
import { hasStudy } from '../studies/queries.ts';
import {
  countInstances,
  type ForwardRow,
  findForward,
  findForwardOfRule,
  insertForward,
  moveForward,
  updateForward,
} from './forward-repository.ts';
import { findPeer } from './queries.ts';

/** First pause after a failed try, and the longest; twice as long each time. */
const RETRY_FIRST_MS = 30_000;
const RETRY_LONGEST_MS = 3_600_000;
/** About fourteen hours of tries. */
export const MAX_ATTEMPTS = 20;

export type ForwardDeps = { db: Db; jobs: TenantJobs; now: () => Date };
/** Who asked: a user, or the action of a rule, whose key makes it one forward of the study however often the rule fires. */
export type ForwardOrigin = { requestedBy: string; ruleKey?: string };

/**
 * Puts instances of a study on their way to a peer; a job sends them. Asked again by the same rule it sends what has come since.
 *
 * @throws {AppError} `study-not-found`, `not-found` for the peer
 */
export async function requestForward(deps: ForwardDeps, { requestedBy, ruleKey }: ForwardOrigin, wanted: NewForward): Promise<Forward> {
  const { study_instance_uid, peer_id, commitment = false } = wanted;
  return deps.db.transaction().execute(async (tx) => {
    if (!(await hasStudy(tx, study_instance_uid))) throw new AppError('study-not-found', `No study ${study_instance_uid}`);
    const peer = await findPeer(tx, peer_id);
    if (!peer) throw new AppError('not-found', `No peer ${peer_id}`);
    const held = ruleKey === undefined ? undefined : await findForwardOfRule(tx, ruleKey);
    if (held) return (await hasMore(tx, held)) ? startAgain(tx, deps, held) : forwardOf(held);
    const now = deps.now();
    const { series_instance_uids = [], sop_instance_uids = [] } = wanted;
    const row: ForwardRow = {
      id: newId(now),
      study_instance_uid,
      selection: JSON.stringify({ series_instance_uids, sop_instance_uids } satisfies ForwardSelection),
      peer_id,
      ae_title: peer.ae_title,
      status: 'waiting',
      total_count: 0,
      sent_count: 0,
      attempts: 0,
      next_attempt_at: now.toISOString(),
      last_error: null,
      commitment: commitment ? 'wanted' : 'none',
      rule_key: ruleKey ?? null,
      requested_by: requestedBy,
      created_at: now.toISOString(),
      finished_at: null,
    };
    await insertForward(tx, row);
    await start(tx, deps, row, 'forward_requested');
    return forwardOf(row);
  });
}

/** Tries again what failed or was cancelled, as if it were new. @throws {AppError} `not-found`, `wrong-state` */
export async function retryForward(deps: ForwardDeps, id: string): Promise<Forward> {
  return deps.db.transaction().execute(async (tx) => {
    const row = await getForward(tx, id);
    if (row.status !== 'failed' && row.status !== 'cancelled' && row.status !== 'waiting')
      throw new AppError('wrong-state', `The forward is ${row.status}`);
    return startAgain(tx, deps, row);
  });
}

/** Stops it; what has been sent stays sent. @throws {AppError} `not-found`, `wrong-state` */
export async function cancelForward(deps: ForwardDeps, id: string): Promise<Forward> {
  const cancelled = await deps.db.transaction().execute(async (tx) => {
    const row = await getForward(tx, id);
    const change = { status: 'cancelled' as const, next_attempt_at: null, finished_at: deps.now().toISOString() };
    if (!(await moveForward(tx, id, ['waiting', 'sending'], change))) throw new AppError('wrong-state', `The forward is ${row.status}`);
    const { study_instance_uid } = row;
    await appendEvent(tx, { type: 'forward_cancelled', study_instance_uid, at: change.finished_at, ids: { forward_id: id } });
    return forwardOf({ ...row, ...change });
  });
  await deps.jobs.cancel('forward-study', id);
  return cancelled;
}

/** @throws {AppError} `not-found` */
export async function getForward(db: Db | Tx, id: string): Promise<ForwardRow> {
  const row = await findForward(db, id);
  if (!row) throw new AppError('not-found', `No forward ${id}`);
  return row;
}

export function forwardOf({ selection, rule_key, ...row }: ForwardRow): Forward {
  return { ...row, ...parseColumn<ForwardSelection>(selection), is_by_rule: rule_key !== null };
}

/** When a try that has failed so often is repeated. */
export function nextAttempt(now: Date, attempts: number): Date {
  return new Date(now.getTime() + Math.min(RETRY_LONGEST_MS, RETRY_FIRST_MS * 2 ** Math.min(16, attempts - 1)));
}

/** Whether something has come that the forward as it stands would not send. */
async function hasMore(tx: Tx, { status, study_instance_uid, total_count }: ForwardRow): Promise<boolean> {
  if (status === 'waiting') return false;
  return status === 'sending' || (await countInstances(tx, study_instance_uid)) > total_count;
}

async function startAgain(tx: Tx, deps: ForwardDeps, row: ForwardRow): Promise<Forward> {
  const change = {
    status: 'waiting' as const,
    attempts: 0,
    next_attempt_at: deps.now().toISOString(),
    last_error: null,
    finished_at: null,
    commitment: row.commitment === 'none' ? ('none' as const) : ('wanted' as const),
  };
  await updateForward(tx, row.id, change);
  await start(tx, deps, { ...row, ...change }, 'forward_requested');
  return forwardOf({ ...row, ...change });
}

async function start(tx: Tx, { jobs, now }: ForwardDeps, { id, study_instance_uid }: ForwardRow, event: EventType): Promise<void> {
  await appendEvent(tx, { type: event, study_instance_uid, at: now().toISOString(), ids: { forward_id: id } });
  await jobs.enqueue(tx, 'forward-study', { forward_id: id }, { key: id, runAt: now() });
}

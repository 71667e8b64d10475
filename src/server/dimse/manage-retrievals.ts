import type { PeerRetrieve } from '../../contract/peers.ts';
import type { NewRetrieval } from '../../contract/retrievals.ts';
import { beginAct, entryOf, systemActor } from '../platform/act.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Db, TenantJobs, Tx } from '../platform/ports.ts';
import { findPeer } from './queries.ts';
import { findRetrieval, insertRetrieval, moveRetrieval, type RetrievalRow } from './retrieval-repository.ts';
import { type RetrieveDeps, retrieveFrom, type SubOperations } from './retrieve-scu.ts';

/** The counts are kept this often at most; a peer may tell them with every object. */
const KEEP_EVERY_MS = 1_000;
/** A retrieval is for a person, who tries it again; a process that ended is no failure of it. */
const ATTEMPTS = 1;

export type RetrievalDeps = { db: Db; jobs: TenantJobs; now: () => Date };

/** Lets a job fetch something from a peer. @throws {AppError} `not-found` for the peer */
export async function requestRetrieval(deps: RetrievalDeps, requestedBy: string, wanted: NewRetrieval): Promise<RetrievalRow> {
  const { peer_id, study_instance_uid, series_instance_uid = null, sop_instance_uid = null, method = 'move' } = wanted;
  return deps.db.transaction().execute(async (tx) => {
    const peer = await findPeer(tx, peer_id);
    if (!peer) throw new AppError('not-found', `No peer ${peer_id}`);
    const now = deps.now();
    const what = { study_instance_uid, series_instance_uid, sop_instance_uid };
    const row: RetrievalRow = {
      id: newId(now),
      peer_id,
      ae_title: peer.ae_title,
      ...what,
      method,
      ...BEGINNING,
      requested_by: requestedBy,
      created_at: now.toISOString(),
    };
    await insertRetrieval(tx, row);
    await enqueue(tx, deps, row.id);
    return row;
  });
}

/** @throws {AppError} `not-found`, `wrong-state` if it goes on or is done */
export async function retryRetrieval(deps: RetrievalDeps, id: string): Promise<RetrievalRow> {
  return deps.db.transaction().execute(async (tx) => {
    const row = await getRetrieval(tx, id);
    if (!(await moveRetrieval(tx, id, ['failed', 'cancelled'], BEGINNING)))
      throw new AppError('wrong-state', `The retrieval is ${row.status}`);
    await enqueue(tx, deps, id);
    return { ...row, ...BEGINNING };
  });
}

/** Stops it; what has come stays. @throws {AppError} `not-found`, `wrong-state` if it has ended */
export async function cancelRetrieval({ db, jobs, now }: RetrievalDeps, id: string): Promise<RetrievalRow> {
  const change = { status: 'cancelled', finished_at: now().toISOString() } as const;
  const row = await db.transaction().execute(async (tx) => {
    const held = await getRetrieval(tx, id);
    if (!(await moveRetrieval(tx, id, ['waiting', 'running'], change)))
      throw new AppError('wrong-state', `The retrieval is ${held.status}`);
    return held;
  });
  await jobs.cancel('retrieve-study', id);
  return { ...row, ...change };
}

/** @throws {AppError} `not-found` */
export async function getRetrieval(db: Db | Tx, id: string): Promise<RetrievalRow> {
  const row = await findRetrieval(db, id);
  if (!row) throw new AppError('not-found', `No retrieval ${id}`);
  return row;
}

/** Does the work of a retrieval, and keeps how far it is. What goes wrong at the peer is how it ends. */
export async function runRetrieval(deps: RetrieveDeps, id: string, signal: AbortSignal): Promise<void> {
  const move = (from: RetrievalRow['status'][], change: Parameters<typeof moveRetrieval>[3]): Promise<boolean> =>
    deps.db.transaction().execute((tx) => moveRetrieval(tx, id, from, change));
  const row = await findRetrieval(deps.db, id);
  if (!row || !(await move(['waiting', 'running'], { status: 'running' }))) return;
  let keptAt = 0;
  const onProgress = async (counts: SubOperations): Promise<void> => {
    const at = performance.now();
    if (at - keptAt < KEEP_EVERY_MS) return;
    keptAt = at;
    await move(['running'], counts);
  };
  const peer = await findPeer(deps.db, row.peer_id);
  const told = peer && (await retrieveFrom(deps, peer, wantedOf(row), { onProgress, signal }));
  // Who cancelled it has said so already; a process that ends leaves it to another.
  signal.throwIfAborted();
  const { ok = false, detail = 'The peer is no longer known', ...counts } = told ?? {};
  const ended = { status: ok ? 'done' : 'failed', detail, remaining: 0, finished_at: deps.now().toISOString() } as const;
  if (await move(['running'], { ...ended, ...counts })) await record(deps, { ...row, ...ended, ...counts });
}

/** The trail tells what was asked of the peer; that objects came is told where they are stored. */
async function record({ audit, tenant_id }: RetrieveDeps, row: RetrievalRow): Promise<void> {
  const operation = row.method === 'get' ? 'C-GET' : 'C-MOVE';
  const act = beginAct({ tenantId: tenant_id, actor: systemActor('retrieve-study'), action: 'retrieve', operation });
  const { id, study_instance_uid, ae_title: from, completed } = row;
  const entry = entryOf(act, row.status === 'done' ? undefined : { outcome: 'failed', reason: 'unavailable' });
  await audit.record(tenant_id, {
    ...entry,
    object: { type: 'retrieval', id },
    study_instance_uid,
    details: { from, instances: completed },
  });
}

const BEGINNING = { status: 'waiting', remaining: null, completed: 0, failed: 0, warning: 0, detail: null, finished_at: null } as const;

function wantedOf({ study_instance_uid, series_instance_uid, sop_instance_uid, method }: RetrievalRow): PeerRetrieve {
  return {
    study_instance_uid,
    ...(series_instance_uid === null ? {} : { series_instance_uid }),
    ...(sop_instance_uid === null ? {} : { sop_instance_uid }),
    method,
  };
}

async function enqueue(tx: Tx, { jobs, now }: RetrievalDeps, id: string): Promise<void> {
  await jobs.enqueue(tx, 'retrieve-study', { retrieval_id: id }, { key: id, runAt: now(), maxAttempts: ATTEMPTS });
}

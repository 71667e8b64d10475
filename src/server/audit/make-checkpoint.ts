import type { KeyObject } from 'node:crypto';
import type { AuditCheckpoint } from '../../contract/audit.ts';
import type { AuditTrail } from '../platform/audit.ts';
import type { NewAuditEntry } from '../platform/audit-entry.ts';
import type { Db } from '../platform/ports.ts';
import { type ChainHead, entryHash, GENESIS } from './chain.ts';
import { CHECKPOINT_FORM, checkpointHash, signStatement } from './checkpoint.ts';
import { readChain } from './export-lines.ts';
import { findFirstSeq, findHead, insertCheckpoint, listNewestCheckpoints } from './repository.ts';

/** Entries after which a checkpoint is made without waiting for its hour. */
export const CHECKPOINT_EVERY = 10_000;

export type CheckpointDeps = { db: Db; tenantId: string; trail: AuditTrail; privateKey: KeyObject; now: () => Date };

/**
 * Checks the entries since the last checkpoint and signs how far the chain has come; undefined if nothing was added. A break is signed as
 * such (`intact: false`), so that the trail goes on and nobody can call the break younger than it is, and becomes an entry itself.
 */
export async function makeCheckpoint(deps: CheckpointDeps): Promise<AuditCheckpoint | undefined> {
  const { db, tenantId, trail, privateKey, now } = deps;
  await trail.flush();
  const head = await findHead(db);
  const [before] = await listNewestCheckpoints(db, tenantId, { limit: 1 });
  if (head.seq === (before?.seq ?? 0) && head.hash === (before?.hash ?? GENESIS)) return undefined;
  const broken = await findBreak(deps, { head, before });
  const statement = {
    form: CHECKPOINT_FORM,
    tenant_id: tenantId,
    number: (before?.number ?? 0) + 1,
    ...head,
    at: now().toISOString(),
    intact: broken === undefined,
    previous_checkpoint: before ? checkpointHash(before) : GENESIS,
  } as const;
  const checkpoint = signStatement(statement, privateKey);
  await db.transaction().execute(async (tx) => {
    await insertCheckpoint(tx, checkpoint);
    if (broken !== undefined) await trail.append(tx, tenantId, [breakEntry(broken)]);
  });
  return checkpoint;
}

/** The first entry that is not as it was written; undefined if all are. */
async function findBreak(
  { db, tenantId }: CheckpointDeps,
  { head, before }: { head: ChainHead; before: AuditCheckpoint | undefined },
): Promise<number | undefined> {
  // An end that lies before the last checkpoint was cut.
  if (before && head.seq < before.seq) return head.seq + 1;
  // The entry that the last checkpoint vouches for is checked again, unless its retention is over: a chain that was rewritten as a whole differs there.
  const oldest = await findFirstSeq(db);
  const first = Math.max(before?.seq ?? 1, oldest ?? 1);
  let expected = { seq: first, previous: before?.seq === first - 1 ? before.hash : before ? undefined : GENESIS };
  for await (const page of readChain(db, tenantId, { first, last: head.seq })) {
    for (const entry of page) {
      if (entry.seq !== expected.seq || entry.hash !== entryHash(entry)) return expected.seq;
      if (expected.previous !== undefined && entry.previous_hash !== expected.previous) return entry.seq;
      if (entry.seq === before?.seq && entry.hash !== before.hash) return entry.seq;
      expected = { seq: entry.seq + 1, previous: entry.hash };
    }
  }
  const ended = expected.seq - 1 === head.seq && expected.previous === head.hash;
  return ended ? undefined : expected.seq;
}

function breakEntry(seq: number): NewAuditEntry {
  return {
    actor: { kind: 'system', id: 'audit', name: null, role: null },
    action: 'system',
    operation: 'audit-checkpoint',
    object: { type: 'audit', id: String(seq) },
    outcome: 'failed',
    reason: 'chain-broken',
    details: { first_broken_entry: seq },
  };
}

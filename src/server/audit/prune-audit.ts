import type { AuditTrail } from '../platform/audit.ts';
import type { Db } from '../platform/ports.ts';
import { deleteEntriesUpTo, findCheckpointUpTo, findFirstSeq, findLastBefore } from './repository.ts';

const DAY_MS = 86_400_000;
/** Entries that one transaction removes. */
const BATCH = 5_000;

export type PruneDeps = { db: Db; tenantId: string; trail: AuditTrail; retentionDays: number; now: () => Date };

/**
 * Removes entries that are older than the retention, up to the last of them that a checkpoint vouches for: that signed checkpoint is what
 * the rest of the chain then begins with. Returns how many were removed; the removal is an entry itself.
 */
export async function pruneAudit({ db, tenantId, trail, retentionDays, now }: PruneDeps): Promise<number> {
  const before = new Date(now().getTime() - retentionDays * DAY_MS).toISOString();
  const last = await findLastBefore(db, before);
  const anchor = last === undefined ? undefined : await findCheckpointUpTo(db, tenantId, last);
  const first = await findFirstSeq(db);
  if (!anchor || first === undefined || anchor.seq < first) return 0;
  let removed = 0;
  for (let upTo = first - 1; upTo < anchor.seq; ) {
    upTo = Math.min(upTo + BATCH, anchor.seq);
    removed += await db.transaction().execute((tx) => deleteEntriesUpTo(tx, upTo));
  }
  await trail.record(tenantId, {
    actor: { kind: 'system', id: 'audit', name: null, role: null },
    action: 'system',
    operation: 'prune-audit',
    object: { type: 'audit', id: String(anchor.seq) },
    details: { removed, before, checkpoint: anchor.number },
  });
  return removed;
}

import type { AuditTrail } from '../platform/audit.ts';
import type { Db } from '../platform/ports.ts';
import { findCursor, findFirstSeq, findHead, listChain, putCursor } from './repository.ts';
import { type SyslogTarget, sendFrames } from './syslog-client.ts';
import { type SyslogOrigin, syslogFrame } from './syslog-message.ts';

const CURSOR = 'syslog';
/** Entries of one connection: only when it has closed well do they count as sent. */
const BATCH = 1_000;

export type ForwardDeps = { db: Db; tenantId: string; trail: AuditTrail; target: SyslogTarget; origin: Omit<SyslogOrigin, 'tenantId'> };

/**
 * Sends the entries that the audit repository (ATNA) has not had yet; where it had got to is kept in the database. After a failure the
 * batch is sent again, so the receiver may get an entry twice, and never misses one. Returns how many were sent.
 *
 * @throws {Error} if the receiver cannot be reached or breaks off
 */
export async function forwardAudit({ db, tenantId, trail, target, origin }: ForwardDeps, signal?: AbortSignal): Promise<number> {
  await trail.flush();
  const { seq: head } = await findHead(db);
  const first = (await findFirstSeq(db)) ?? 1;
  let sent = 0;
  for (let done = Math.max(await findCursor(db, CURSOR), first - 1); done < head; ) {
    signal?.throwIfAborted();
    const entries = await listChain(db, tenantId, { fromSeq: done + 1, toSeq: head, limit: BATCH });
    const last = entries.at(-1);
    if (!last) break;
    await sendFrames(
      target,
      entries.map((entry) => syslogFrame(entry, { ...origin, tenantId })),
    );
    await db.transaction().execute((tx) => putCursor(tx, CURSOR, last.seq));
    sent += entries.length;
    done = last.seq;
  }
  return sent;
}

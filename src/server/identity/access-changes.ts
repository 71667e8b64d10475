import { appendEvent } from '../events/append-event.ts';
import type { Principal } from '../platform/auth.ts';
import type { Tx } from '../platform/ports.ts';
import type { Scope } from '../platform/scope.ts';
import type { Identity } from './identity.ts';
import { digestOf } from './secret.ts';
import { deleteSession, deleteSessionByToken, deleteSessionsOf, deleteSessionsOfProvider } from './session-repository.ts';

/** An account, key or link; nobody in particular: everybody of the tenant. */
type Whose = { user_id?: string; api_key_id?: string; share_link_id?: string };
type Clock = Pick<Identity, 'now'>;
type Here = Pick<Scope, 'db'>;

/**
 * Tells, in the transaction of the change, that somebody may do less than before, or nothing: whoever is connected live is looked at
 * before anything else is told.
 */
export async function tellAccessChanged(tx: Tx, at: Date, whose: Whose = {}): Promise<void> {
  await appendEvent(tx, { type: 'access_changed', at: at.toISOString(), room: 'security', ids: whose });
}

/** Ends a session of an account, with its refresh tokens. Returns whether there was one. */
export async function endSessionOf({ now }: Clock, { db }: Here, userId: string, id: string): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const isEnded = await deleteSession(tx, id, userId);
    if (isEnded) await tellAccessChanged(tx, now(), { user_id: userId });
    return isEnded;
  });
}

/** Ends the session that a request came with, if it came with one. */
export async function endPresentSession({ now }: Clock, { db }: Here, { kind, id, session_id }: Principal): Promise<void> {
  if (session_id === undefined) return;
  await db.transaction().execute(async (tx) => {
    await deleteSession(tx, session_id);
    await tellAccessChanged(tx, now(), kind === 'share' ? { share_link_id: id } : { user_id: id });
  });
}

/** Ends all sessions of an account, but one if it is named; returns how many. */
export async function endSessionsOf({ now }: Clock, { db }: Here, userId: string, except?: string): Promise<number> {
  return db.transaction().execute((tx) => endSessionsWithin(tx, now(), userId, except));
}

/** As `endSessionsOf`, within a transaction. */
export async function endSessionsWithin(tx: Tx, at: Date, userId: string, except?: string): Promise<number> {
  const ended = await deleteSessionsOf(tx, userId, except);
  await tellAccessChanged(tx, at, { user_id: userId });
  return ended;
}

/** Ends the session of a cookie that is about to be replaced, if there is one. */
export async function endReplaced({ systemDb, scope, now }: Identity, token: string): Promise<void> {
  const ended = await deleteSessionByToken(systemDb, digestOf(token));
  if (!ended) return;
  const { db } = await scope(ended.tenant_id);
  const { user_id, share_link_id } = ended;
  const whose = user_id === null ? { share_link_id: share_link_id ?? '' } : { user_id };
  await db.transaction().execute((tx) => tellAccessChanged(tx, now(), whose));
}

/** Ends the sessions that a provider of sign-on opened. */
export async function endSessionsOfProvider(tx: Tx, at: Date, providerId: string): Promise<void> {
  await deleteSessionsOfProvider(tx, providerId);
  await tellAccessChanged(tx, at);
}

import type { Session } from '../../contract/identity.ts';
import type { Act } from '../platform/act.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Tx } from '../platform/ports.ts';
import { tellAccessChanged } from './access-changes.ts';
import { ACCESS_SECONDS } from './access-token.ts';
import type { Identity } from './identity.ts';
import { readPolicies } from './policies.ts';
import { roleOf } from './repository.ts';
import { digestOf, newSecret } from './secret.ts';
import {
  deleteExpiredSessions,
  deleteOldestSessions,
  deleteSession,
  findRefreshToken,
  findSessionById,
  findSessionByToken,
  insertRefreshToken,
  insertSession,
  type SessionHolder,
  type SessionRow,
  spendRefreshToken,
  touchSession,
} from './session-repository.ts';

/** Of one account or link at a time: beyond it the oldest ends. More than anybody has devices, and few enough to fill no disk. */
const MAX_SESSIONS = 200;

/** Where a client is, and what it says it is; both are shown in the list of sessions. `act` is told who turns out to be there. */
export type Client = { ip: string; device: string; act?: Act };

/** `token` is what the cookie holds. */
export type OpenedSession = { id: string; tenant_id: string; token: string; expires_at: string };
export type TokenPair = { token_type: 'Bearer'; access_token: string; expires_in: number; refresh_token: string };

export type NewSession = {
  tenantId: string;
  /** An account, or a share link. */
  holder: { user_id: string; role: string } | { share_link_id: string };
  method: SessionRow['method'];
  /** The provider whose word opens it. */
  providerId?: string | null;
  client: Client;
  /** Ends it earlier than the rules of the tenant do. */
  notAfter?: string;
  /** Whether a second factor was shown. */
  isStrong?: boolean;
};

/**
 * Opens a session with a token that nobody had before, whatever the client sent: a session that somebody prepared is never taken over.
 * Idle time and longest time are those of the tenant's rules now.
 */
export async function openSession(
  { now, config }: Pick<Identity, 'now' | 'config'>,
  tx: Tx,
  { tenantId, holder, method, providerId = null, client, notAfter, isStrong = false }: NewSession,
): Promise<OpenedSession> {
  const at = now();
  const created_at = at.toISOString();
  const { session_hours, session_idle_minutes, mfa_required } = await readPolicies(tx, config);
  const latest = new Date(at.getTime() + session_hours * 3_600_000).toISOString();
  const expires_at = notAfter !== undefined && notAfter < latest ? notAfter : latest;
  const token = newSecret();
  const id = newId(at);
  await deleteExpiredSessions(tx, created_at);
  const session: SessionRow = {
    user_id: 'user_id' in holder ? holder.user_id : null,
    share_link_id: 'share_link_id' in holder ? holder.share_link_id : null,
    id,
    token_hash: digestOf(token),
    method,
    provider_id: providerId,
    strong_at: isStrong ? created_at : null,
    must_enroll: !isStrong && 'role' in holder && mfa_required.some((role) => role === holder.role) ? 1 : 0,
    ip: client.ip,
    device: client.device,
    created_at,
    last_used_at: created_at,
    expires_at,
    idle_seconds: session_idle_minutes * 60,
  };
  await insertSession(tx, session);
  await deleteOldestSessions(tx, session, MAX_SESSIONS);
  return { id, tenant_id: tenantId, token, expires_at };
}

/** The first pair of a session, for a client that keeps tokens itself; its refresh token is written in the session's transaction. */
export async function issueRefreshToken(tx: Tx, sessionId: string, now: Date): Promise<string> {
  const refresh_token = newSecret();
  await insertRefreshToken(tx, { token_hash: digestOf(refresh_token), session_id: sessionId, created_at: now.toISOString() });
  return refresh_token;
}

export async function tokenPair(
  { tokens }: Pick<Identity, 'tokens'>,
  refreshToken: string,
  claims: { tenant_id: string; user_id: string; session_id: string; role: string },
): Promise<TokenPair> {
  return { token_type: 'Bearer', access_token: await tokens.issue(claims), expires_in: ACCESS_SECONDS, refresh_token: refreshToken };
}

/**
 * The next pair for a refresh token. A token that was used before ends its session: it was copied, and nobody can tell by whom.
 *
 * @throws {AppError} `unauthenticated`
 */
export async function refreshTokens(
  identity: Identity,
  refreshToken: string,
  act?: Act,
): Promise<TokenPair & { expires_at: string; principal: Principal }> {
  const { systemDb, scope, now } = identity;
  const token_hash = digestOf(refreshToken);
  const known = await findRefreshToken(systemDb, token_hash);
  const holder = known && (await findSessionById(systemDb, known.tenant_id, known.session_id));
  const principal = holder && principalOf(holder, now());
  if (!known || !holder || !principal) throw new AppError('unauthenticated', 'The session is over; sign in again');
  const { db } = await scope(known.tenant_id);
  const next = await db.transaction().execute(async (tx) => {
    if (await spendRefreshToken(tx, token_hash, now().toISOString())) return issueRefreshToken(tx, holder.id, now());
    await deleteSession(tx, holder.id);
    await tellAccessChanged(tx, now(), { user_id: principal.user_id });
    return undefined;
  });
  if (next === undefined) {
    if (act)
      Object.assign(act, {
        tenantId: known.tenant_id,
        object: { type: 'session', id: holder.id },
        details: { refresh_token_reused: true },
      });
    throw new AppError('unauthenticated', 'The refresh token was used before, so its session was ended; sign in again');
  }
  await touchSession(systemDb, holder, now().toISOString());
  const { tenant_id, user_id, role } = principal;
  return {
    ...(await tokenPair(identity, next, { tenant_id, user_id, session_id: holder.id, role })),
    expires_at: holder.expires_at,
    principal,
  };
}

/** Keeps the session of a cookie awake. @throws {AppError} `unauthenticated` */
export async function stayLonger({ systemDb, now }: Identity, token: string): Promise<{ expires_at: string; principal: Principal }> {
  const holder = await findSessionByToken(systemDb, digestOf(token));
  const principal = holder && principalOf(holder, now());
  if (!holder || !principal) throw new AppError('unauthenticated', 'The session is over; sign in again');
  await touchSession(systemDb, holder, now().toISOString());
  return { expires_at: holder.expires_at, principal };
}

/** Whose session the token of a cookie opens; undefined if none, or none that still counts. */
export async function findSessionPrincipal(identity: Identity, token: string, isUse: boolean): Promise<Principal | undefined> {
  return holderOf(identity, await findSessionByToken(identity.systemDb, digestOf(token)), isUse);
}

/** Whose session an access token belongs to. The session decides, each time: what ended it, or changed its holder, counts at once. */
export async function findTokenPrincipal(identity: Identity, token: string, isUse: boolean): Promise<Principal | undefined> {
  const claims = await identity.tokens.verify(token);
  if (!claims) return undefined;
  const holder = await findSessionById(identity.systemDb, claims.tenant_id, claims.session_id);
  return holder?.user_id === claims.user_id ? holderOf(identity, holder, isUse) : undefined;
}

function holderOf({ systemDb, now, uses }: Identity, holder: SessionHolder | undefined, isUse: boolean): Principal | undefined {
  const at = now();
  const principal = holder && principalOf(holder, at);
  if (holder && principal && isUse)
    uses.note(`session:${holder.id}`, holder.last_used_at, at, () => touchSession(systemDb, holder, at.toISOString()));
  return principal;
}

/** Nobody, where the session, its account, its link or its tenant is past its time or was switched off. */
function principalOf(holder: SessionHolder, at: Date): Principal | undefined {
  const now = at.toISOString();
  const idleSince = new Date(at.getTime() - holder.idle_seconds * 1000).toISOString();
  if (holder.tenant_active !== 1 || holder.expires_at <= now || holder.last_used_at <= idleSince) return undefined;
  return holder.user_id === null ? linkPrincipal(holder, now) : userPrincipal(holder, holder.user_id);
}

function userPrincipal(holder: SessionHolder, userId: string): Principal | undefined {
  if (holder.user_active !== 1 || holder.role === null) return undefined;
  return {
    kind: 'user',
    tenant_id: holder.tenant_id,
    id: userId,
    user_id: userId,
    username: holder.username ?? '',
    full_name: holder.full_name ?? '',
    role: roleOf({ role: holder.role }),
    is_operator: holder.is_operator === 1,
    session_id: holder.id,
    idle_seconds: holder.idle_seconds,
    ...(holder.must_enroll === 1 ? { must_enroll: true } : {}),
    ...(holder.patient_key === null ? {} : { patient_key: holder.patient_key }),
  };
}

/** Sees what a patient may see of it (signed reports, images), of this one study alone. */
function linkPrincipal(holder: SessionHolder, now: string): Principal | undefined {
  const { share_link_id: id, link_study: study_instance_uid, link_expires_at, link_revoked_at, link_report } = holder;
  if (id !== null && holder.link_diagnosis !== null) return diagnosisLinkPrincipal(holder, { id, now });
  if (id === null || study_instance_uid === null || link_revoked_at !== null || (link_expires_at ?? '') <= now) return undefined;
  return {
    ...linkHolder(holder, id),
    permissions: link_report === null ? ['study:read', 'report:read'] : ['report:read'],
    visibility: { kind: 'shared', study_instance_uid, report_id: link_report },
  };
}

/** Sees the results of this one diagnosis, through the one door that shows them, and nothing else of the tenant. */
function diagnosisLinkPrincipal(holder: SessionHolder, { id, now }: { id: string; now: string }): Principal | undefined {
  const { link_diagnosis: diagnosis_id, diagnosis_link_expires_at, diagnosis_link_revoked_at } = holder;
  if (diagnosis_id === null || diagnosis_link_revoked_at !== null || (diagnosis_link_expires_at ?? '') <= now) return undefined;
  return { ...linkHolder(holder, id), permissions: [], visibility: { kind: 'none' }, diagnosis_id };
}

/** Not the account that made the link: its holder acts for nobody. */
function linkHolder({ tenant_id, id: session_id, idle_seconds }: SessionHolder, id: string) {
  return {
    kind: 'share',
    tenant_id,
    id,
    user_id: id,
    username: 'share link',
    full_name: 'Share link',
    role: 'patient',
    session_id,
    idle_seconds,
  } as const;
}

export function sessionOf(row: SessionRow, currentId: string | undefined): Session {
  const { id, method, ip, device, created_at, last_used_at, expires_at } = row;
  return { id, method, ip, device, created_at, last_used_at, expires_at, is_current: id === currentId };
}

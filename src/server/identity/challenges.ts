import { newId } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, SystemDb } from '../platform/ports.ts';
import { findChallenge, insertChallenge, spendChallenge } from './challenge-repository.ts';
import { digestOf, newSecret } from './secret.ts';

/** Long enough to find the telephone, or to sign in at a provider. */
const CHALLENGE_MS = 5 * 60_000;

/** What each kind of challenge keeps until its next step. */
export type ChallengeContents = {
  /** The right password was shown, or a provider's word; `account` is the digest of the password's hash, so that a new one ends it. */
  'second-step': { method: 'password' | 'sso'; provider_id: string | null; account: string };
  'passkey-registration': { rp_id: string; origin: string };
  'passkey-sign-in': { rp_id: string; origin: string };
  /** `browser` is the digest of what the browser that began it holds in a cookie. */
  'single-sign-on': { provider_id: string; browser: string; nonce: string; verifier: string; redirect_uri: string; return_to: string };
};
export type ChallengeKind = keyof ChallengeContents;

/** A challenge that is still good. */
export type Challenge<K extends ChallengeKind> = { id: string; tenant_id: string; user_id: string | null; content: ChallengeContents[K] };

/** Makes a challenge for the next step; its secret is returned and kept as a digest alone. */
export async function issueChallenge<K extends ChallengeKind>(
  { now }: { now: () => Date },
  db: Db,
  {
    kind,
    content,
    userId = null,
    secret = newSecret(),
  }: { kind: K; content: ChallengeContents[K]; userId?: string | null; secret?: string },
): Promise<{ secret: string; expires_at: string }> {
  const at = now();
  const expires_at = new Date(at.getTime() + CHALLENGE_MS).toISOString();
  const row = { kind, content: JSON.stringify(content), user_id: userId, created_at: at.toISOString(), expires_at };
  await db.transaction().execute((tx) => insertChallenge(tx, { ...row, id: newId(at), secret_hash: digestOf(secret) }));
  return { secret, expires_at };
}

/** The challenge of that kind that the secret names; undefined for one that is over, was used or never was. */
export async function readChallenge<K extends ChallengeKind>(
  { systemDb, now }: { systemDb: SystemDb; now: () => Date },
  kind: K,
  secret: string,
): Promise<Challenge<K> | undefined> {
  const row = await findChallenge(systemDb, digestOf(secret));
  if (row?.kind !== kind || row.expires_at <= now().toISOString()) return undefined;
  const { id, tenant_id, user_id, content } = row;
  return { id, tenant_id, user_id, content: parseColumn<ChallengeContents[K]>(content) };
}

/** As `readChallenge`, and uses it up: of two at once, one only gets it. */
export async function takeChallenge<K extends ChallengeKind>(
  deps: { systemDb: SystemDb; now: () => Date; scope(tenantId: string): Promise<{ db: Db }> },
  kind: K,
  secret: string,
): Promise<Challenge<K> | undefined> {
  const challenge = await readChallenge(deps, kind, secret);
  if (!challenge) return undefined;
  const { db } = await deps.scope(challenge.tenant_id);
  return (await spendChallenge(db, challenge.id)) ? challenge : undefined;
}

import type { SecondStep } from '../../contract/identity.ts';
import { actorOf } from '../platform/act.ts';
import { AppError } from '../platform/errors.ts';
import { spendChallenge } from './challenge-repository.ts';
import { issueChallenge, readChallenge } from './challenges.ts';
import { readHeldFactors } from './factor-repository.ts';
import { spendCode, wrongCode } from './factors.ts';
import type { Identity } from './identity.ts';
import { addressGuard, factorGuard, forgive, takeTry } from './lockout.ts';
import { admit, type Credentials, checkPassword, type Entrant, type Entry, mayEnter, personOf, type SignIn } from './log-in.ts';
import { findUserById } from './repository.ts';
import { digestOf } from './secret.ts';

/**
 * Signs in with user name and password, or takes the first step of that.
 *
 * @throws {AppError} `wrong-credentials`, `too-many-requests`
 */
export async function logIn(
  identity: Identity,
  credentials: Credentials,
  { client, wantsTokens }: Pick<Entry, 'client' | 'wantsTokens'>,
): Promise<SignIn | SecondStep> {
  const entrant = await checkPassword(identity, credentials, client);
  return enter(identity, entrant, { method: 'password', client, wantsTokens });
}

/**
 * Lets in who has shown one thing, or asks for another: an account with an authenticator app or a passkey is not opened by a password, or
 * by a provider's word, alone.
 *
 * @throws {AppError} as `admit`
 */
export async function enter(identity: Identity, entrant: Entrant, entry: Entry): Promise<SignIn | SecondStep> {
  if (entry.isStrong) return admit(identity, entrant, entry);
  const { db, user, guards } = entrant;
  const { totp_since, passkeys, recovery_codes_left } = await readHeldFactors(db, user.id);
  if (totp_since === null && passkeys === 0) return admit(identity, entrant, entry);
  // The password was right. Codes are counted by themselves, so that showing it again gives no more tries of them.
  await db.transaction().execute((tx) => forgive(tx, guards, identity.now()));
  if (entry.client.act) Object.assign(entry.client.act, { details: { ...entry.client.act.details, second_step: true } });
  const method = entry.method === 'sso' ? 'sso' : 'password';
  const content = { method, provider_id: entry.providerId ?? null, account: digestOf(user.password_hash) } as const;
  const { secret, expires_at } = await issueChallenge(identity, db, { kind: 'second-step', content, userId: user.id });
  const factors: SecondStep['factors'] = [
    ...(totp_since === null ? [] : (['totp'] as const)),
    ...(recovery_codes_left === 0 ? [] : (['recovery_code'] as const)),
    ...(passkeys === 0 ? [] : (['passkey'] as const)),
  ];
  return { challenge: secret, factors, expires_at };
}

/**
 * The second step of a sign-in.
 *
 * @throws {AppError} `wrong-credentials`, also if the first one is over, `too-many-requests`
 */
export async function completeSignIn(
  identity: Identity,
  { challenge: secret, code }: { challenge: string; code: string },
  { client, wantsTokens }: Pick<Entry, 'client' | 'wantsTokens'>,
): Promise<SignIn> {
  const challenge = await readChallenge(identity, 'second-step', secret);
  if (!challenge || challenge.user_id === null) throw stepIsOver();
  const { tenant_id: tenantId, content } = challenge;
  const { db, keys } = await identity.scope(tenantId);
  const user = await findUserById(db, challenge.user_id);
  if (!user || digestOf(user.password_hash) !== content.account || !(await mayEnter(identity, db, user))) throw stepIsOver();
  if (client.act) Object.assign(client.act, { tenantId, actor: actorOf(personOf(tenantId, user)) });
  const guards = [factorGuard(user.id), addressGuard(client.ip)];
  await takeTry(db, guards, identity.now());
  const factor = await spendCode(identity, { db, keys }, user.id, code);
  if (!factor) throw wrongCode();
  if (!(await spendChallenge(db, challenge.id))) throw stepIsOver();
  if (client.act) Object.assign(client.act, { details: { ...client.act.details, factor } });
  const entry = { method: content.method, providerId: content.provider_id, client, wantsTokens, isStrong: true };
  return admit(identity, { tenantId, db, user, guards }, entry);
}

function stepIsOver(): AppError {
  return new AppError('wrong-credentials', 'This sign-in is over; begin again');
}

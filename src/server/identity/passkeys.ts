import { isIP } from 'node:net';
import type { AuthenticatorTransport } from '@simplewebauthn/server';
import type { Static } from 'typebox';
import type { Confirmed } from '../../contract/identity-factors.ts';
import type { CreationOptions, NewCredential, Passkey, RequestOptions, UsedCredential } from '../../contract/identity-passkeys.ts';
import { actorOf } from '../platform/act.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { parseColumn } from '../platform/json.ts';
import { DEFAULT_TENANT, type Scope } from '../platform/scope.ts';
import { issueChallenge, takeChallenge } from './challenges.ts';
import { confirmPerson, settleLostFactor, settleNewFactor } from './factors.ts';
import type { Identity } from './identity.ts';
import { admit, type Entry, mayEnter, personOf, type SignIn } from './log-in.ts';
import { ownOrigin } from './own-origin.ts';
import {
  countPasskeyUse,
  deletePasskey,
  findPasskey,
  insertPasskey,
  listPasskeys,
  type PasskeyRow,
  renamePasskey as renameRow,
} from './passkey-repository.ts';
import { findUserById } from './repository.ts';

const NAME = 'Isocenter';
const TIMEOUT_MS = 5 * 60_000;
/** Of one account. */
const MAX_PASSKEYS = 20;
/** ES256, EdDSA and RS256 (IANA COSE algorithms): what authenticators have. */
const ALGORITHMS = [-7, -8, -257];

/** Whom a passkey is for: the name of a host, and the one origin whose pages may use it. */
export type RelyingParty = { rp_id: string; origin: string };
type Here = Pick<Scope, 'db' | 'keys' | 'tenant_id'>;

/**
 * The name that passkeys are tied to, and the one origin whose pages may use them.
 *
 * @throws {AppError} `wrong-state` where no name is configured that passkeys can be tied to
 */
export function relyingPartyOf(publicUrls: readonly string[], request: { protocol: string; host: string }): RelyingParty {
  const origin = ownOrigin(publicUrls, request);
  const rp_id = new URL(origin).hostname;
  if (isIP(rp_id.replace(/^\[(.*)\]$/, '$1')) !== 0)
    throw new AppError('wrong-state', 'Passkeys need a name of this server, not an address: ISOCENTER_PUBLIC_URL');
  return { rp_id, origin };
}

/** @throws {AppError} as `confirmPerson`; `wrong-state` for too many passkeys */
export async function beginPasskey(
  identity: Identity,
  here: Here,
  { principal, confirmed, party }: { principal: Principal; confirmed: Confirmed; party: RelyingParty },
): Promise<Static<typeof CreationOptions>> {
  await confirmPerson(identity, here, { principal, confirmed });
  const held = await listPasskeys(here.db, principal.user_id);
  if (held.length >= MAX_PASSKEYS) throw new AppError('wrong-state', `An account has at most ${MAX_PASSKEYS} passkeys`);
  const userId = principal.user_id;
  const { secret } = await issueChallenge(identity, here.db, { kind: 'passkey-registration', content: party, userId });
  return {
    rp: { name: NAME, id: party.rp_id },
    user: { id: handleOf(userId), name: principal.username, displayName: principal.full_name },
    challenge: secret,
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    timeout: TIMEOUT_MS,
    excludeCredentials: held.map(({ credential_id: id, transports }) => ({
      id,
      type: 'public-key',
      transports: parseColumn<string[]>(transports),
    })),
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    attestation: 'none',
  };
}

/**
 * Adds the passkey that was begun; it counts as two factors, since the authenticator has verified its user. All other sessions end.
 *
 * @throws {AppError} `wrong-credentials` for one that does not answer what was asked, `wrong-state` if an account has it already
 */
export async function addPasskey(
  identity: Identity,
  { db, tenant_id }: Here,
  { principal, name, credential }: { principal: Principal; name: string; credential: NewCredential },
): Promise<{ passkey: Passkey; recovery_codes: string[] }> {
  const secret = challengeIn(credential);
  const challenge = secret === undefined ? undefined : await takeChallenge(identity, 'passkey-registration', secret);
  if (secret === undefined || challenge?.tenant_id !== tenant_id || challenge.user_id !== principal.user_id) throw refused();
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const { id, rawId, type, response } = credential;
  const { clientDataJSON, attestationObject, transports = [] } = response;
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: { id, rawId, type, response: { clientDataJSON, attestationObject }, clientExtensionResults: {} },
    expectedChallenge: secret,
    expectedOrigin: challenge.content.origin,
    expectedRPID: challenge.content.rp_id,
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(refuse);
  if (!verified) throw refused();
  const at = identity.now();
  const row: PasskeyRow = {
    credential_id: registrationInfo.credential.id,
    user_id: principal.user_id,
    public_key: Buffer.from(registrationInfo.credential.publicKey).toString('base64url'),
    counter: registrationInfo.credential.counter,
    transports: JSON.stringify(transports),
    name,
    backed_up: registrationInfo.credentialBackedUp ? 1 : 0,
    created_at: at.toISOString(),
    last_used_at: null,
  };
  return db.transaction().execute(async (tx) => {
    if (!(await insertPasskey(tx, row))) throw new AppError('wrong-state', 'This passkey belongs to an account already');
    return { passkey: passkeyOf(row), recovery_codes: await settleNewFactor(tx, principal, at) };
  });
}

/** Asks for any passkey of this server: which account it opens, it says itself. */
export async function beginPasskeySignIn(identity: Identity, party: RelyingParty): Promise<Static<typeof RequestOptions>> {
  // Whose it will be is not known yet: the first tenant keeps it.
  const { db } = await identity.scope(DEFAULT_TENANT);
  const { secret } = await issueChallenge(identity, db, { kind: 'passkey-sign-in', content: party });
  return { challenge: secret, timeout: TIMEOUT_MS, rpId: party.rp_id, userVerification: 'required' };
}

/**
 * Signs in with a passkey.
 *
 * @throws {AppError} `wrong-credentials`, whatever is wrong
 */
export async function signInWithPasskey(
  identity: Identity,
  credential: UsedCredential,
  { client, wantsTokens }: Pick<Entry, 'client' | 'wantsTokens'>,
): Promise<SignIn> {
  const secret = challengeIn(credential);
  const challenge = secret === undefined ? undefined : await takeChallenge(identity, 'passkey-sign-in', secret);
  const passkey = challenge && (await findPasskey(identity.systemDb, credential.id));
  if (secret === undefined || !challenge || !passkey || credential.response.userHandle !== handleOf(passkey.user_id)) throw refused();
  const { tenant_id: tenantId } = passkey;
  const { db } = await identity.scope(tenantId);
  const user = await findUserById(db, passkey.user_id);
  if (!user || !(await mayEnter(identity, db, user))) throw refused();
  if (client.act) Object.assign(client.act, { tenantId, actor: actorOf(personOf(tenantId, user)) });
  const used = await verifyUse(passkey, credential, { secret, party: challenge.content });
  const use = { counter: used.newCounter, backed_up: used.credentialBackedUp ? 1 : 0, last_used_at: identity.now().toISOString() };
  if (!(await countPasskeyUse(db, { ...passkey, counter: Number(passkey.counter) }, use))) throw refused();
  return admit(identity, { tenantId, db, user, guards: [] }, { method: 'passkey', client, wantsTokens, isStrong: true });
}

async function verifyUse(
  { credential_id, public_key, counter, transports }: PasskeyRow,
  { id, rawId, type, response }: UsedCredential,
  { secret, party }: { secret: string; party: RelyingParty },
) {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: { id, rawId, type, response: { clientDataJSON, authenticatorData, signature, userHandle }, clientExtensionResults: {} },
    expectedChallenge: secret,
    expectedOrigin: party.origin,
    expectedRPID: party.rp_id,
    requireUserVerification: true,
    credential: {
      id: credential_id,
      publicKey: new Uint8Array(Buffer.from(public_key, 'base64url')),
      counter: Number(counter),
      // Written by this program; what no browser knows any more is ignored by it.
      transports: parseColumn<AuthenticatorTransport[]>(transports),
    },
  }).catch(refuse);
  if (!verified) throw refused();
  return authenticationInfo;
}

/** @throws {AppError} `not-found`, for those of others as well */
export async function renamePasskey(
  { db }: Pick<Scope, 'db'>,
  { user_id: userId }: Principal,
  { id, name }: { id: string; name: string },
): Promise<Passkey> {
  if (!(await renameRow(db, { id, userId, name }))) throw noPasskey();
  const row = (await listPasskeys(db, userId)).find(({ credential_id }) => credential_id === id);
  if (!row) throw noPasskey();
  return passkeyOf(row);
}

/** @throws {AppError} as `confirmPerson`; `not-found`, for those of others as well */
export async function removePasskey(
  identity: Identity,
  here: Here,
  { principal, confirmed, id }: { principal: Principal; confirmed: Confirmed; id: string },
): Promise<void> {
  await confirmPerson(identity, here, { principal, confirmed });
  await here.db.transaction().execute(async (tx) => {
    if (!(await deletePasskey(tx, id, principal.user_id))) throw noPasskey();
    await settleLostFactor(identity, tx, principal);
  });
}

export function passkeyOf({ credential_id, name, backed_up, created_at, last_used_at }: PasskeyRow): Passkey {
  return { id: credential_id, name, is_backed_up: backed_up === 1, created_at, last_used_at };
}

/** What an authenticator keeps to name the account: nothing of the person (WebAuthn level 3, 14.6.1). */
function handleOf(userId: string): string {
  return Buffer.from(userId).toString('base64url');
}

/** The challenge that a credential answers, before anything of it is believed. */
function challengeIn({ response: { clientDataJSON } }: NewCredential | UsedCredential): string | undefined {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()) as { challenge?: unknown };
    return typeof challenge === 'string' ? challenge : undefined;
  } catch {
    return undefined;
  }
}

/** The library throws plain errors, each of which says that the credential is not good. */
function refuse(cause: unknown): never {
  throw new AppError('wrong-credentials', 'The passkey was not accepted', { cause });
}

function refused(): AppError {
  return new AppError('wrong-credentials', 'The passkey was not accepted');
}

function noPasskey(): AppError {
  return new AppError('not-found', 'No such passkey');
}

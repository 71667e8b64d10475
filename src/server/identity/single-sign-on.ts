import type { SecondStep } from '../../contract/identity.ts';
import { actorOf } from '../platform/act.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import type { Scope } from '../platform/scope.ts';
import { issueChallenge, takeChallenge } from './challenges.ts';
import type { Identity } from './identity.ts';
import { mayEnter, personOf, type SignIn } from './log-in.ts';
import { addressOfLogout, addressOfQuestion, newQuestion, readAnswer } from './openid.ts';
import { ownOrigin } from './own-origin.ts';
import { accountOf, isStrong } from './provider-accounts.ts';
import { findActiveProvider, findProvider } from './provider-repository.ts';
import { redirectUriOf } from './providers.ts';
import { digestOf, newSecret, sameDigest } from './secret.ts';
import { findSession } from './session-repository.ts';
import type { Client } from './sessions.ts';
import { enter } from './sign-in.ts';

/**
 * Begins a sign-in by a provider.
 *
 * @returns where the browser has to go, and what it has to hold until it is back: nobody else's browser finishes it
 * @throws {AppError} `not-found`, `unavailable`, `address-refused`, `wrong-credentials` if the provider is not the one that is configured
 */
export async function beginSignOn(
  identity: Identity,
  { providerId, origin, returnTo }: { providerId: string; origin: string; returnTo: string },
): Promise<{ url: string; browser: string }> {
  const provider = await findActiveProvider(identity.systemDb, providerId);
  if (!provider) throw new AppError('not-found', `No provider ${providerId}`);
  const { db, keys } = await identity.scope(provider.tenant_id);
  const question = await newQuestion(redirectUriOf(origin, provider.id), newSecret());
  const url = await addressOfQuestion(identity, { keys }, provider, question);
  const browser = newSecret();
  const { nonce, verifier, redirectUri: redirect_uri, state: secret } = question;
  const content = { provider_id: provider.id, browser: digestOf(browser), nonce, verifier, redirect_uri, return_to: returnTo };
  await issueChallenge(identity, db, { kind: 'single-sign-on', content, secret });
  return { url: url.href, browser };
}

/** What came back. */
export type SignOnAnswer = {
  providerId: string;
  /** Of the address, with its `?`. */
  query: string;
  /** What the browser holds from the beginning. */
  browser: string | undefined;
};

/**
 * Finishes a sign-in by a provider: the answer has to be one to a question that this browser has asked of this provider, a moment ago and
 * once.
 *
 * @throws {AppError} `wrong-credentials`, `unavailable`, `address-refused`
 */
export async function completeSignOn(
  identity: Identity,
  { providerId, query, browser }: SignOnAnswer,
  client: Client,
): Promise<{ signIn: SignIn | SecondStep; returnTo: string }> {
  const state = new URLSearchParams(query).get('state');
  const challenge = state === null ? undefined : await takeChallenge(identity, 'single-sign-on', state);
  if (state === null || !challenge || browser === undefined || !sameDigest(digestOf(browser), challenge.content.browser)) throw isOver();
  const { provider_id, nonce, verifier, redirect_uri, return_to } = challenge.content;
  const provider = provider_id === providerId ? await findActiveProvider(identity.systemDb, providerId) : undefined;
  if (!provider) throw isOver();
  const { tenant_id: tenantId } = provider;
  if (client.act) client.act.tenantId = tenantId;
  const { db, keys } = await identity.scope(tenantId);
  const question = { redirectUri: redirect_uri, state, nonce, verifier };
  const claims = await readAnswer(identity, { keys }, provider, { question, query });
  const { user, isNew } = await accountOf(identity, db, { provider, claims });
  if (client.act) {
    const details = { ...client.act.details, provider: provider.id, ...(isNew ? { created: true } : {}) };
    Object.assign(client.act, { actor: actorOf(personOf(tenantId, user)), details });
  }
  if (!(await mayEnter(identity, db, user))) throw new AppError('wrong-credentials', 'The account may not be entered');
  const entry = { method: 'sso', providerId, client, wantsTokens: false, isStrong: isStrong(provider, claims) } as const;
  return { signIn: await enter(identity, { tenantId, db, user, guards: [] }, entry), returnTo: return_to };
}

/** Where the browser ends the provider's session as well, for a session that the provider opened; undefined for others. */
export async function logoutAddress(
  identity: Pick<Identity, 'egress' | 'config'>,
  { db, keys }: Pick<Scope, 'db' | 'keys'>,
  { principal, request }: { principal: Principal; request: { protocol: string; host: string } },
): Promise<string | undefined> {
  const session = principal.session_id === undefined ? undefined : await findSession(db, principal.session_id);
  const provider = session?.provider_id == null ? undefined : await findProvider(db, session.provider_id);
  if (!provider) return undefined;
  // A provider that does not answer keeps nobody from signing out here.
  return addressOfLogout(identity, { keys }, provider, `${ownOrigin(identity.config.publicUrls, request)}/`).catch(() => undefined);
}

function isOver(): AppError {
  return new AppError('wrong-credentials', 'This sign-in is over or was begun elsewhere; begin again');
}

import type { Configuration, ServerMetadata } from 'openid-client';
import { AppError } from '../platform/errors.ts';
import { isLoopback } from '../platform/protection.ts';
import type { Scope } from '../platform/scope.ts';
import type { Identity } from './identity.ts';
import type { ProviderRow } from './provider-repository.ts';
import { secretOf, wordsOf } from './providers.ts';

/** What is asked of a provider, and kept until it answers. */
export type SignOnQuestion = { redirectUri: string; state: string; nonce: string; verifier: string };
/** What a provider says of who signed in; `sub` names the person, at this provider and for good. */
export type Claims = Readonly<Record<string, unknown>> & { sub: string };

type Parts = Pick<Identity, 'egress'>;

/** Somebody waits in front of a page. */
const PATIENCE_MS = 10_000;
type Here = Pick<Scope, 'keys'>;

/** Fresh secrets for one question (RFC 7636; OpenID Connect Core 1.0, 3.1.2.1). */
export async function newQuestion(redirectUri: string, state: string): Promise<SignOnQuestion> {
  const { randomNonce, randomPKCECodeVerifier } = await import('openid-client');
  return { redirectUri, state, nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
}

/** Where the browser has to go. @throws {AppError} `unavailable`, `address-refused` */
export async function addressOfQuestion(parts: Parts, here: Here, provider: ProviderRow, question: SignOnQuestion): Promise<URL> {
  const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await import('openid-client');
  const configuration = await configure(parts, here, provider);
  return buildAuthorizationUrl(configuration, {
    redirect_uri: question.redirectUri,
    scope: ['openid', ...wordsOf(provider.scopes)].join(' '),
    state: question.state,
    nonce: question.nonce,
    code_challenge: await calculatePKCECodeChallenge(question.verifier),
    code_challenge_method: 'S256',
    ...(provider.acr_values === null ? {} : { acr_values: provider.acr_values }),
  });
}

/**
 * Exchanges the code of an answer, and checks what comes: issuer, signature, audience, nonce, times, and that the answer is one to this
 * question (OpenID Connect Core 1.0, 3.1.3.7; RFC 9207 where the provider says its name).
 *
 * @param query of the address that the browser was sent back to, with its `?`
 * @throws {AppError} `wrong-credentials` for an answer that is not good, `unavailable`, `address-refused`
 */
export async function readAnswer(
  parts: Parts,
  here: Here,
  provider: ProviderRow,
  { question, query }: { question: SignOnQuestion; query: string },
): Promise<Claims> {
  const { authorizationCodeGrant, fetchUserInfo } = await import('openid-client');
  const configuration = await configure(parts, here, provider);
  const checks = {
    pkceCodeVerifier: question.verifier,
    expectedNonce: question.nonce,
    expectedState: question.state,
    idTokenExpected: true,
  };
  const tokens = await authorizationCodeGrant(configuration, new URL(`${question.redirectUri}${query}`), checks).catch(tell);
  const told = tokens.claims();
  if (!told) throw new AppError('wrong-credentials', 'The provider has not said who signed in');
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return told;
  // What of both is in the signed one, the signed one says.
  return { ...(await fetchUserInfo(configuration, tokens.access_token, told.sub).catch(tell)), ...told };
}

/** Where a browser ends its session at the provider as well; undefined if that has no such page. */
export async function addressOfLogout(parts: Parts, here: Here, provider: ProviderRow, returnTo: string): Promise<string | undefined> {
  const { buildEndSessionUrl } = await import('openid-client');
  const configuration = await configure(parts, here, provider);
  if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
  return buildEndSessionUrl(configuration, { post_logout_redirect_uri: returnTo }).href;
}

/** Reads the provider's own description, which has to be that of the issuer (OpenID Connect Discovery 1.0, 4.3). */
async function configure({ egress }: Parts, here: Here, provider: ProviderRow): Promise<Configuration> {
  const client = await import('openid-client');
  const secret = await secretOf(here, provider);
  const issuer = new URL(provider.issuer);
  const insecure = issuer.protocol === 'http:' && isLoopback(issuer.hostname) ? [client.allowInsecureRequests] : [];
  return client
    .discovery(issuer, provider.client_id, {}, secret === undefined ? client.None() : clientSecret(secret, client), {
      // Tokens come over TLS from the provider itself; their signatures are checked all the same.
      execute: [...insecure, client.enableNonRepudiationChecks],
      [client.customFetch]: async (url, { method, headers, body, signal }) => {
        // The library sends forms, which are URLSearchParams.
        const content = body as URLSearchParams | undefined;
        return egress.fetch(url, {
          method,
          headers,
          timeoutMs: PATIENCE_MS,
          ...(content ? { body: content } : {}),
          ...(signal ? { signal } : {}),
        });
      },
    })
    .catch(tell);
}

type Client = typeof import('openid-client');

/** The way that the provider says; where it says none, in the header (OpenID Connect Core 1.0, 9). */
function clientSecret(secret: string, { ClientSecretBasic, ClientSecretPost }: Client): ReturnType<Client['ClientSecretBasic']> {
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return (server: ServerMetadata, ...rest) => {
    const ways = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return ways.includes('client_secret_basic') ? basic(server, ...rest) : post(server, ...rest);
  };
}

/** A provider that was not reached is told from one whose answer is not good. */
function tell(error: unknown): never {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof AppError) throw cause;
  throw new AppError('wrong-credentials', 'The answer of the provider was not accepted', { cause: error });
}

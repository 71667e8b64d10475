import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { findKeyPrincipal, KEY_FORM } from './api-keys.ts';
import { endExpiredBreakGlass } from './break-glass.ts';
import type { Identity } from './identity.ts';
import { findSessionPrincipal, findTokenPrincipal } from './sessions.ts';

/** What a request carries to show who it is. */
export type Credential =
  /** The token of the cookie; `isUse` is false where the page asks by itself, which must not keep a session awake. */
  { token: string; isUse: boolean };

/** Three parts of base64url: a signed token. */
const JWT_FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** A session's own token, as in its cookie. */
const TOKEN_FORM = /^[\w-]{43}$/;

/**
 * Who a credential belongs to now: the token of a session, an access token or an API key, told apart by their form. Undefined for what
 * nobody has, or has no more.
 */
export async function authenticate(identity: Identity, { token, isUse }: Credential): Promise<Principal | undefined> {
  if (KEY_FORM.test(token)) return findKeyPrincipal(identity, token);
  const principal = await findPerson(identity, { token, isUse });
  // Emergency access ends on time, whether or not a job ran meanwhile.
  if (principal?.role === 'doctor') await endExpiredBreakGlass(identity, principal);
  return principal;
}

async function findPerson(identity: Identity, { token, isUse }: Credential): Promise<Principal | undefined> {
  if (TOKEN_FORM.test(token)) return findSessionPrincipal(identity, token, isUse);
  return JWT_FORM.test(token) ? findTokenPrincipal(identity, token, isUse) : undefined;
}

/** The account behind a request that is a person's own affair. @throws {AppError} `forbidden` for a key or a link */
export function requirePerson(principal: Principal): Principal {
  if (principal.kind !== 'user') throw new AppError('forbidden', 'This is for people who signed in');
  return principal;
}

import { randomUUID } from 'node:crypto';
import type { SigningKeys } from './signing-keys.ts';

/** C-01 and X-05: short, so that a copy is soon worth nothing. */
export const ACCESS_SECONDS = 15 * 60;
const AUDIENCE = 'isocenter-api';
/** RFC 9068: an access token, and no other kind of token that the same keys may sign one day. */
const TYPE = 'at+jwt';
/** Longer is no token of ours. */
const MAX_LENGTH = 2_048;

/** What a token says. The role is told to clients; the server looks it up, so that a change counts at once. */
export type AccessClaims = { tenant_id: string; user_id: string; session_id: string; role: string };

export type AccessTokens = {
  issue(claims: AccessClaims): Promise<string>;
  /** The claims of a token that this server signed and that is good now; undefined for anything else. */
  verify(token: string): Promise<AccessClaims | undefined>;
};

/** @param issuer who signs: the installation's public address, or its name */
export function openAccessTokens({ keys, issuer, now }: { keys: SigningKeys; issuer: string; now: () => Date }): AccessTokens {
  return {
    issue: async ({ tenant_id, user_id, session_id, role }) => {
      const { SignJWT } = await import('jose');
      const { kid, key } = await keys.current();
      const at = Math.floor(now().getTime() / 1000);
      return new SignJWT({ tenant: tenant_id, role, sid: session_id })
        .setProtectedHeader({ alg: 'EdDSA', typ: TYPE, kid })
        .setIssuer(issuer)
        .setAudience(AUDIENCE)
        .setSubject(user_id)
        .setJti(randomUUID())
        .setIssuedAt(at)
        .setExpirationTime(at + ACCESS_SECONDS)
        .sign(key);
    },
    verify: async (token) => {
      if (token.length > MAX_LENGTH) return undefined;
      const { errors, jwtVerify } = await import('jose');
      try {
        const { payload } = await jwtVerify(
          token,
          async ({ kid }) => {
            const key = typeof kid === 'string' ? await keys.find(kid) : undefined;
            if (!key) throw new errors.JWKSNoMatchingKey();
            return key;
          },
          {
            algorithms: ['EdDSA'],
            typ: TYPE,
            issuer,
            audience: AUDIENCE,
            requiredClaims: ['exp', 'sub', 'sid', 'tenant', 'role', 'jti'],
            currentDate: now(),
          },
        );
        const { sub, sid, tenant, role } = payload;
        if (typeof sub !== 'string' || typeof sid !== 'string' || typeof tenant !== 'string' || typeof role !== 'string') return undefined;
        return { tenant_id: tenant, user_id: sub, session_id: sid, role };
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}

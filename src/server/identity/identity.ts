import type { Egress } from '../platform/egress.ts';
import type { SystemDb } from '../platform/ports.ts';
import type { OpenScope } from '../platform/scope.ts';
import { type AccessTokens, openAccessTokens } from './access-token.ts';
import { type LastUses, openLastUses } from './last-uses.ts';
import { type Passwords, passwords } from './password.ts';
import type { PolicyDefaults } from './policies.ts';
import { openSigningKeys, type SigningKeys } from './signing-keys.ts';

/** What identity needs of the server. */
export type IdentityDeps = {
  systemDb: SystemDb;
  scope: OpenScope;
  now: () => Date;
  /** The way to sign-on providers. */
  egress: Egress;
  config: { publicUrls: readonly string[]; registration: PolicyDefaults['registration']; aeTitle: string };
};

/** Everything that signs people and machines in; opened once in a process. */
export type Identity = IdentityDeps & {
  passwords: Passwords;
  signingKeys: SigningKeys;
  tokens: AccessTokens;
  uses: LastUses;
};

/** Who signs access tokens where no public address is configured. */
const ISSUER = 'urn:isocenter';

export function openIdentity(deps: IdentityDeps): Identity {
  const signingKeys = openSigningKeys(deps);
  const tokens = openAccessTokens({ keys: signingKeys, issuer: deps.config.publicUrls[0] ?? ISSUER, now: deps.now });
  return { ...deps, passwords, signingKeys, tokens, uses: openLastUses() };
}

import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Instant, Nullable } from './fields.ts';
import { SignedIn } from './identity.ts';
import { Confirmed, RecoveryCodes } from './identity-factors.ts';

/** Bytes as WebAuthn writes them in JSON. */
const Base64Url = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const CredentialId = Base64Url(1_400);
const Name = Type.String({ minLength: 1, maxLength: 100 });
const Descriptor = Type.Object({
  id: Type.String(),
  type: Type.Literal('public-key'),
  transports: Type.Optional(Type.Array(Type.String())),
});

/** What a browser's `PublicKeyCredential.parseCreationOptionsFromJSON` takes (WebAuthn level 3, 5.1.8). */
export const CreationOptions = Type.Object({
  rp: Type.Object({ name: Type.String(), id: Type.String() }),
  user: Type.Object({ id: Type.String(), name: Type.String(), displayName: Type.String() }),
  challenge: Type.String(),
  pubKeyCredParams: Type.Array(Type.Object({ type: Type.Literal('public-key'), alg: Type.Integer() })),
  timeout: Type.Integer(),
  excludeCredentials: Type.Array(Descriptor),
  authenticatorSelection: Type.Object({
    residentKey: Type.Literal('required'),
    requireResidentKey: Type.Boolean(),
    userVerification: Type.Literal('required'),
  }),
  attestation: Type.Literal('none'),
});
/** What a browser's `PublicKeyCredential.parseRequestOptionsFromJSON` takes (WebAuthn level 3, 5.1.9). */
export const RequestOptions = Type.Object({
  challenge: Type.String(),
  timeout: Type.Integer(),
  rpId: Type.String(),
  userVerification: Type.Literal('required'),
});

/** The JSON of a new credential (WebAuthn level 3, 5.1). */
export const NewCredential = Type.Object({
  id: CredentialId,
  rawId: CredentialId,
  type: Type.Literal('public-key'),
  response: Type.Object({
    clientDataJSON: Base64Url(8_192),
    attestationObject: Base64Url(65_536),
    transports: Type.Optional(Type.Array(Type.String({ maxLength: 20 }), { maxItems: 10 })),
  }),
});
export type NewCredential = Static<typeof NewCredential>;
/** The JSON of a credential that was used. */
export const UsedCredential = Type.Object({
  id: CredentialId,
  rawId: CredentialId,
  type: Type.Literal('public-key'),
  response: Type.Object({
    clientDataJSON: Base64Url(8_192),
    authenticatorData: Base64Url(8_192),
    signature: Base64Url(8_192),
    /** Names the account: only passkeys that are found without its name are made. */
    userHandle: Base64Url(100),
  }),
});
export type UsedCredential = Static<typeof UsedCredential>;

export const Passkey = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** Whether its maker keeps it on other devices as well. */
  is_backed_up: Type.Boolean(),
  created_at: Instant,
  last_used_at: Nullable(Instant),
});
export type Passkey = Static<typeof Passkey>;
const PasskeyParam = Type.Object({ id: CredentialId });

export const listPasskeys = endpoint({
  method: 'GET',
  path: '/api/v1/auth/passkeys',
  summary: 'Own passkeys, the oldest first',
  permission: 'session',
  response: Type.Object({ items: Type.Array(Passkey) }),
});
export const beginPasskey = endpoint({
  method: 'POST',
  path: '/api/v1/auth/passkeys/options',
  summary: 'Begins to make a passkey; good for five minutes',
  permission: 'session',
  audit: 'admin',
  body: Confirmed,
  response: CreationOptions,
});
export const addPasskey = endpoint({
  method: 'POST',
  path: '/api/v1/auth/passkeys',
  summary: 'Adds the passkey that the browser made, and ends all other sessions',
  permission: 'session',
  audit: 'admin',
  body: Type.Object({ name: Name, credential: NewCredential }),
  /** `recovery_codes` are empty where the account has some already. */
  response: Type.Object({ passkey: Passkey, recovery_codes: RecoveryCodes }),
  status: 201,
});
export const renamePasskey = endpoint({
  method: 'PATCH',
  path: '/api/v1/auth/passkeys/:id',
  summary: 'Renames an own passkey',
  permission: 'session',
  params: PasskeyParam,
  body: Type.Object({ name: Name }),
  response: Passkey,
});
export const removePasskey = endpoint({
  method: 'POST',
  path: '/api/v1/auth/passkeys/:id/remove',
  summary: 'Removes an own passkey, and ends all other sessions',
  permission: 'session',
  audit: 'admin',
  params: PasskeyParam,
  body: Confirmed,
  response: Type.Object({}),
});
export const beginPasskeySignIn = endpoint({
  method: 'POST',
  path: '/api/v1/auth/passkeys/sign-in/options',
  summary: 'Begins to sign in with a passkey; good for five minutes, and once',
  permission: 'public',
  audit: 'none',
  response: RequestOptions,
});
export const signInWithPasskey = endpoint({
  method: 'POST',
  path: '/api/v1/auth/passkeys/sign-in',
  summary: 'Signs in with a passkey, which counts as two factors',
  permission: 'public',
  audit: 'login',
  body: Type.Object({ credential: UsedCredential }),
  response: SignedIn,
});

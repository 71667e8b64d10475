import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable } from './fields.ts';
import { Password, Secret, SignedIn } from './identity.ts';

/** Six digits of an authenticator app, or a recovery code; spaces and hyphens do not matter. */
const FactorCode = Type.String({ minLength: 6, maxLength: 40 });
/** How a change of what signs in is confirmed. */
export const Confirmation = {
  /** Not needed within five minutes of a sign-in by passkey or provider. */
  password: Type.Optional(Password),
  /** Needed if the account has a second factor, unless a passkey was used in the last five minutes. */
  code: Type.Optional(FactorCode),
};
export const Confirmed = Type.Object(Confirmation);
export type Confirmed = Static<typeof Confirmed>;

/** Shown once: only digests are kept. Each works once, in place of a code. */
export const RecoveryCodes = Type.Array(Type.String());

export const completeSignIn = endpoint({
  method: 'POST',
  path: '/api/v1/auth/login/factor',
  summary: 'The second step of a sign-in: a code of the authenticator app, or a recovery code',
  permission: 'public',
  audit: 'login',
  body: Type.Object({ challenge: Secret, code: FactorCode }),
  response: SignedIn,
});

/** What the own account has besides its password. */
export const Factors = Type.Object({
  /** Whether the rules of the tenant ask the role for a second factor. */
  is_required: Type.Boolean(),
  totp_since: Nullable(Instant),
  passkeys: Type.Integer(),
  recovery_codes_left: Type.Integer(),
});
export type Factors = Static<typeof Factors>;
export const getFactors = endpoint({
  method: 'GET',
  path: '/api/v1/auth/factors',
  summary: 'Which second factors the own account has',
  permission: 'session',
  response: Factors,
});
export const enrollTotp = endpoint({
  method: 'POST',
  path: '/api/v1/auth/totp',
  summary: 'Begins to set up an authenticator app (TOTP, RFC 6238); it counts once a code of it was shown',
  permission: 'session',
  audit: 'admin',
  body: Confirmed,
  /** Shown once. `uri` is what a QR code holds. */
  response: Type.Object({ secret: Type.String(), uri: Type.String() }),
  status: 201,
});
export const confirmTotp = endpoint({
  method: 'POST',
  path: '/api/v1/auth/totp/confirm',
  summary: 'Makes the authenticator app count, and ends all other sessions',
  permission: 'session',
  audit: 'admin',
  body: Type.Object({ code: FactorCode }),
  /** Empty where the account has recovery codes already. */
  response: Type.Object({ recovery_codes: RecoveryCodes }),
});
export const removeTotp = endpoint({
  method: 'POST',
  path: '/api/v1/auth/totp/remove',
  summary: 'Removes the authenticator app, and ends all other sessions',
  permission: 'session',
  audit: 'admin',
  body: Confirmed,
  response: Type.Object({}),
});
export const renewRecoveryCodes = endpoint({
  method: 'POST',
  path: '/api/v1/auth/recovery-codes',
  summary: 'Ten new recovery codes; those before are void',
  permission: 'session',
  audit: 'admin',
  body: Confirmed,
  response: Type.Object({ recovery_codes: RecoveryCodes }),
  status: 201,
});
export const resetFactors = endpoint({
  method: 'DELETE',
  path: '/api/v1/users/:id/factors',
  summary:
    'Takes all second factors from an account whose owner has lost them, and signs it out; make sure before that it is the owner who asks',
  permission: 'user:write',
  params: Type.Object({ id: Id }),
  response: Type.Object({}),
});

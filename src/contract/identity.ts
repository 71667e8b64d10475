import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Uid } from './fields.ts';
import { PERMISSIONS, ROLES } from './permission.ts';

export const TenantId = Type.String({ pattern: '^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$' });
export const Username = Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{1,63}$' });
export const NewPassword = Type.String({ minLength: 12, maxLength: 256 });
/** What somebody typed as a password, whatever it is. */
export const Password = Type.String({ maxLength: 256 });
export const Email = Type.String({ maxLength: 254, pattern: '^[^@\\s<>"]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$' });
/** A line of text without control characters: it ends up in documents and messages. */
const Line = (maxLength: number, minLength = 1) => Type.String({ minLength, maxLength, pattern: '^[^\\p{Cc}]*$' });
export const FullName = Line(200);
/** A secret that this server made: a link, a token. */
export const Secret = Type.String({ minLength: 20, maxLength: 4_096, pattern: '^[\\w.~-]+$' });

/** What a professional says about itself (D-01). */
export const ProfileDetails = Type.Object({
  specialization: Nullable(Line(200, 0)),
  license_number: Nullable(Line(100, 0)),
  hospital: Nullable(Line(200, 0)),
  phone: Nullable(Line(50, 0)),
});
export type ProfileDetails = Static<typeof ProfileDetails>;

/** An account (D-01). */
export const Profile = Type.Object({
  id: Id,
  tenant_id: Type.String(),
  username: Type.String(),
  email: Nullable(Type.String()),
  full_name: Type.String(),
  role: Type.Enum(ROLES),
  is_active: Type.Boolean(),
  /** Whether it administers the installation and its tenants as well. */
  is_operator: Type.Boolean(),
  created_at: Instant,
  last_login: Nullable(Instant),
  profile: ProfileDetails,
});
export type Profile = Static<typeof Profile>;

export const getSetup = endpoint({
  method: 'GET',
  path: '/api/v1/auth/setup',
  summary: 'Whether the first administrator is still to be made, and whether people may ask for an account',
  permission: 'public',
  audit: 'none',
  response: Type.Object({ needs_setup: Type.Boolean(), takes_requests: Type.Boolean() }),
});
export const setUpAdministrator = endpoint({
  method: 'POST',
  path: '/api/v1/auth/setup',
  summary: 'Makes the first administrator with the one-time token that the server printed at its first start',
  permission: 'public',
  audit: 'admin',
  body: Type.Object({
    token: Type.String({ minLength: 20, maxLength: 200 }),
    username: Username,
    full_name: FullName,
    password: NewPassword,
  }),
  response: Profile,
  status: 201,
});

const Details = Type.Partial(ProfileDetails);
export const register = endpoint({
  method: 'POST',
  path: '/api/v1/auth/register',
  summary: 'Makes an account with an invitation, or asks for one where the tenant allows it (E-01)',
  permission: 'public',
  audit: 'admin',
  body: Type.Object({
    tenant: Type.Optional(TenantId),
    /** Secret of the invitation's link. */
    invitation: Type.Optional(Secret),
    username: Username,
    full_name: FullName,
    email: Type.Optional(Email),
    password: NewPassword,
    profile: Type.Optional(Details),
  }),
  /** `pending`: the administrators decide; told alike whether or not the user name is free. */
  response: Type.Object({ status: Type.Enum(['active', 'pending']) }),
  status: 201,
});

/** For clients other than a page of this server, which has only its cookie. */
const Tokens = {
  token_type: Type.Optional(Type.Literal('Bearer')),
  access_token: Type.Optional(Type.String()),
  /** Seconds that the access token is good for. */
  expires_in: Type.Optional(Type.Integer()),
  /** Good once: each use gives the next one. */
  refresh_token: Type.Optional(Type.String()),
};
export const SignedIn = Type.Object({
  profile: Profile,
  /** When the session ends at the latest. */
  expires_at: Instant,
  ...Tokens,
});
export type SignedIn = Static<typeof SignedIn>;
/** The password was right, and the account has a second factor: nothing is open yet. */
export const SecondStep = Type.Object({
  /** Names the sign-in in its second step; good for five minutes. */
  challenge: Secret,
  /** Any one of them does. */
  factors: Type.Array(Type.Enum(['totp', 'recovery_code', 'passkey'])),
  expires_at: Instant,
});
export type SecondStep = Static<typeof SecondStep>;
export const login = endpoint({
  method: 'POST',
  path: '/api/v1/auth/login',
  summary: 'Opens a session: a cookie that is HttpOnly and SameSite=Strict, and for clients that are no page a token pair (E-02)',
  permission: 'public',
  audit: 'login',
  body: Type.Object({
    username: Type.String({ maxLength: 64 }),
    password: Password,
    tenant: Type.Optional(Type.String({ maxLength: 64 })),
  }),
  response: Type.Union([SignedIn, SecondStep]),
});
export const refresh = endpoint({
  method: 'POST',
  path: '/api/v1/auth/refresh',
  summary: 'The next token pair for a refresh token, or a longer stay for the session of the cookie (E-04)',
  permission: 'public',
  audit: 'login',
  body: Type.Object({ refresh_token: Type.Optional(Secret) }),
  response: Type.Object({ expires_at: Instant, ...Tokens }),
});
export const logout = endpoint({
  method: 'POST',
  path: '/api/v1/auth/logout',
  summary: 'Ends the session, with all its tokens (E-03)',
  permission: 'session',
  audit: 'logout',
  /** `logout_url`: where a session that a provider opened ends at the provider as well. */
  response: Type.Object({ logout_url: Type.Optional(Type.String()) }),
});
export const getProfile = endpoint({
  method: 'GET',
  path: '/api/v1/auth/profile',
  summary: 'Own profile (E-05)',
  permission: 'session',
  response: Profile,
});
export const updateProfile = endpoint({
  method: 'PUT',
  path: '/api/v1/auth/profile',
  summary: 'Changes the own name and details; what is not named stays (E-06)',
  permission: 'session',
  body: Type.Object({ full_name: Type.Optional(FullName), email: Type.Optional(Nullable(Email)), profile: Type.Optional(Details) }),
  response: Profile,
});
export const changePassword = endpoint({
  method: 'POST',
  path: '/api/v1/auth/password',
  summary: 'Changes the own password and ends all other sessions',
  permission: 'session',
  audit: 'admin',
  body: Type.Object({ current_password: Password, new_password: NewPassword }),
  response: Type.Object({}),
});
export const resetPassword = endpoint({
  method: 'POST',
  path: '/api/v1/auth/password-reset',
  summary: 'Sets a new password with a one-time link that an administrator made, and ends all sessions',
  permission: 'public',
  audit: 'admin',
  body: Type.Object({ token: Secret, password: NewPassword }),
  response: Type.Object({}),
});

/** Who a request counts as. */
export const WhoAmI = Type.Object({
  kind: Type.Enum(['user', 'api_key', 'share', 'peer', 'cli', 'system']),
  tenant_id: Type.String(),
  /** Of the account, key or link. */
  id: Type.String(),
  name: Type.String(),
  role: Type.Enum(ROLES),
  /** What it may do, after every narrowing. */
  permissions: Type.Array(Type.Enum([...PERMISSIONS])),
  /** The one study that a share link shows. */
  study_instance_uid: Nullable(Uid),
  /** The one diagnosis whose results a share link shows. */
  diagnosis_id: Nullable(Id),
  /** A session ends when it is not used for this long, in seconds; null for what is no session. */
  idle_seconds: Nullable(Type.Integer()),
  /** Whether it has to set up a second factor before it may do anything else. */
  must_enroll: Type.Boolean(),
});
export const getWhoAmI = endpoint({
  method: 'GET',
  path: '/api/v1/auth/whoami',
  summary: 'Who the request counts as, and what it may do',
  permission: 'session',
  audit: 'none',
  response: WhoAmI,
});

export const Session = Type.Object({
  id: Id,
  method: Type.Enum(['password', 'passkey', 'sso', 'share']),
  ip: Type.String(),
  device: Type.String(),
  created_at: Instant,
  /** Exact to a minute. */
  last_used_at: Instant,
  expires_at: Instant,
  /** Whether it is the one that asks. */
  is_current: Type.Boolean(),
});
export type Session = Static<typeof Session>;
export const listSessions = endpoint({
  method: 'GET',
  path: '/api/v1/auth/sessions',
  summary: 'Own sessions, the last used first',
  permission: 'session',
  response: Type.Object({ items: Type.Array(Session) }),
});
export const endSession = endpoint({
  method: 'DELETE',
  path: '/api/v1/auth/sessions/:id',
  summary: 'Ends one of the own sessions at once',
  permission: 'session',
  audit: 'logout',
  params: Type.Object({ id: Id }),
  response: Type.Object({}),
});
export const endOtherSessions = endpoint({
  method: 'DELETE',
  path: '/api/v1/auth/sessions',
  summary: 'Ends all own sessions but this one',
  permission: 'session',
  audit: 'logout',
  response: Type.Object({ ended: Type.Integer() }),
});

/** Public keys of access tokens (RFC 7517). */
const JsonWebKey = Type.Object({
  kty: Type.Literal('OKP'),
  crv: Type.Literal('Ed25519'),
  x: Type.String(),
  kid: Type.String(),
  alg: Type.Literal('EdDSA'),
  use: Type.Literal('sig'),
});
export type JsonWebKey = Static<typeof JsonWebKey>;
export const getSigningKeys = endpoint({
  method: 'GET',
  path: '/.well-known/jwks.json',
  summary: 'Public keys that access tokens are checked with',
  permission: 'public',
  audit: 'none',
  response: Type.Object({ keys: Type.Array(JsonWebKey) }),
});

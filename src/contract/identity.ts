import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable } from './fields.ts';

export const Profile = Type.Object({
  id: Id,
  username: Type.String(),
  full_name: Type.String(),
  role: Type.Union([Type.Literal('admin')]),
  created_at: Instant,
  last_login: Nullable(Instant),
});
export type Profile = Static<typeof Profile>;

const Username = Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{1,63}$' });
const NewPassword = Type.String({ minLength: 12, maxLength: 256 });

export const getSetup = endpoint({
  method: 'GET',
  path: '/api/v1/auth/setup',
  summary: 'Whether the first administrator is still to be made',
  permission: 'public',
  response: Type.Object({ needs_setup: Type.Boolean() }),
});
export const setUpAdministrator = endpoint({
  method: 'POST',
  path: '/api/v1/auth/setup',
  summary: 'Makes the first administrator with the one-time token that the server printed at its first start',
  permission: 'public',
  body: Type.Object({
    token: Type.String({ minLength: 20, maxLength: 200 }),
    username: Username,
    full_name: Type.String({ minLength: 1, maxLength: 200 }),
    password: NewPassword,
  }),
  response: Profile,
  status: 201,
});
export const login = endpoint({
  method: 'POST',
  path: '/api/v1/auth/login',
  summary: 'Opens a session; the cookie is HttpOnly and SameSite=Strict (E-02)',
  permission: 'public',
  body: Type.Object({ username: Type.String({ maxLength: 64 }), password: Type.String({ maxLength: 256 }) }),
  response: Type.Object({ profile: Profile, expires_at: Instant }),
});
export const logout = endpoint({
  method: 'POST',
  path: '/api/v1/auth/logout',
  summary: 'Ends the session (E-03)',
  permission: 'session',
  response: Type.Object({}),
});
export const getProfile = endpoint({
  method: 'GET',
  path: '/api/v1/auth/profile',
  summary: 'Own profile (E-05)',
  permission: 'session',
  response: Profile,
});

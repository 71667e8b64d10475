import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Page, PageQuery, Uid } from './fields.ts';
import { Email, FullName, NewPassword, Profile, ProfileDetails, Secret, Session, Username } from './identity.ts';
import { ROLES } from './permission.ts';

/** Roles that an account or a key of a tenant can have. */
export const TENANT_ROLES = ROLES.filter((role) => role !== 'operator');
export const TenantRole = Type.Enum(TENANT_ROLES);
export type TenantRole = Static<typeof TenantRole>;

/** Id of a patient's record. */
const PatientKey = Type.String({ pattern: '^[0-9a-f-]{32,36}$' });

/** An account as administrators see it. */
export const User = Type.Object({
  ...Profile.properties,
  /** The patient record that a `patient` sees. */
  patient_id: Nullable(PatientKey),
  /** Until when it takes no password after too many wrong ones. */
  locked_until: Nullable(Instant),
});
export type User = Static<typeof User>;

/** A link that works once. It is shown once, too: only its digest is kept. */
export const OneTimeLink = Type.Object({ id: Id, token: Secret, url: Type.String(), expires_at: Instant });
export type OneTimeLink = Static<typeof OneTimeLink>;

const IdParam = Type.Object({ id: Id });

export const listUsers = endpoint({
  method: 'GET',
  path: '/api/v1/users',
  summary: 'Accounts of the tenant, by user name',
  permission: 'user:read',
  query: Type.Object({
    ...PageQuery,
    role: Type.Optional(TenantRole),
    is_active: Type.Optional(Type.Boolean()),
    /** Part of the user name or full name. */
    search: Type.Optional(Type.String({ maxLength: 100 })),
  }),
  response: Page(User),
});
export const getUser = endpoint({
  method: 'GET',
  path: '/api/v1/users/:id',
  summary: 'One account',
  permission: 'user:read',
  params: IdParam,
  response: User,
});
export const addUser = endpoint({
  method: 'POST',
  path: '/api/v1/users',
  summary: 'Makes an account with a first password; an invitation lets the person choose one instead',
  permission: 'user:write',
  body: Type.Object({
    username: Username,
    full_name: FullName,
    role: TenantRole,
    password: NewPassword,
    email: Type.Optional(Email),
    patient_id: Type.Optional(PatientKey),
    profile: Type.Optional(Type.Partial(ProfileDetails)),
  }),
  response: User,
  status: 201,
});
export const updateUser = endpoint({
  method: 'PATCH',
  path: '/api/v1/users/:id',
  summary: 'Changes an account; who is deactivated is signed out at once, and the keys that it made end',
  permission: 'user:write',
  params: IdParam,
  body: Type.Object({
    full_name: Type.Optional(FullName),
    role: Type.Optional(TenantRole),
    email: Type.Optional(Nullable(Email)),
    patient_id: Type.Optional(Nullable(PatientKey)),
    is_active: Type.Optional(Type.Boolean()),
    profile: Type.Optional(Type.Partial(ProfileDetails)),
    /** With `is_active: false`: leaves the API keys that the account made. */
    keep_api_keys: Type.Optional(Type.Boolean()),
  }),
  response: User,
});
export const unlockUser = endpoint({
  method: 'POST',
  path: '/api/v1/users/:id/unlock',
  summary: 'Lets an account sign in again that too many wrong passwords have locked',
  permission: 'user:write',
  params: IdParam,
  response: User,
});
export const issuePasswordReset = endpoint({
  method: 'POST',
  path: '/api/v1/users/:id/password-reset',
  summary: 'Makes a one-time link to set a new password; an earlier one is void',
  permission: 'user:write',
  params: IdParam,
  response: OneTimeLink,
  status: 201,
});
export const listUserSessions = endpoint({
  method: 'GET',
  path: '/api/v1/users/:id/sessions',
  summary: 'Sessions of an account',
  permission: 'user:read',
  params: IdParam,
  response: Type.Object({ items: Type.Array(Session) }),
});
export const endUserSessions = endpoint({
  method: 'DELETE',
  path: '/api/v1/users/:id/sessions',
  summary: 'Signs an account out everywhere',
  permission: 'user:write',
  params: IdParam,
  response: Type.Object({ ended: Type.Integer() }),
});

export const Invitation = Type.Object({
  id: Id,
  role: TenantRole,
  full_name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  created_by: Type.String(),
  created_at: Instant,
  expires_at: Instant,
});
export type Invitation = Static<typeof Invitation>;
export const listInvitations = endpoint({
  method: 'GET',
  path: '/api/v1/invitations',
  summary: 'Invitations that nobody has used yet',
  permission: 'user:read',
  response: Type.Object({ items: Type.Array(Invitation) }),
});
export const invite = endpoint({
  method: 'POST',
  path: '/api/v1/invitations',
  summary: 'Makes a one-time link with which a person makes its own account',
  permission: 'user:write',
  body: Type.Object({
    role: TenantRole,
    full_name: Type.Optional(FullName),
    email: Type.Optional(Email),
    patient_id: Type.Optional(PatientKey),
    /** Hours that the link works; three days unless told. */
    hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 720 })),
  }),
  response: OneTimeLink,
  status: 201,
});
export const withdrawInvitation = endpoint({
  method: 'DELETE',
  path: '/api/v1/invitations/:id',
  summary: 'Makes an invitation void',
  permission: 'user:write',
  params: IdParam,
  response: Type.Object({}),
});

/** Somebody who asks for an account. */
export const Registration = Type.Object({
  id: Id,
  username: Type.String(),
  full_name: Type.String(),
  email: Nullable(Type.String()),
  profile: ProfileDetails,
  ip: Type.String(),
  created_at: Instant,
  /** Whether an account has that user name: then it needs another one. */
  is_taken: Type.Boolean(),
});
export type Registration = Static<typeof Registration>;
export const listRegistrations = endpoint({
  method: 'GET',
  path: '/api/v1/registrations',
  summary: 'Requests for an account, the oldest first',
  permission: 'user:read',
  response: Type.Object({ items: Type.Array(Registration) }),
});
export const approveRegistration = endpoint({
  method: 'POST',
  path: '/api/v1/registrations/:id/approve',
  summary: 'Makes the account that was asked for',
  permission: 'user:write',
  params: IdParam,
  body: Type.Object({ role: TenantRole, username: Type.Optional(Username), patient_id: Type.Optional(PatientKey) }),
  response: User,
});
export const declineRegistration = endpoint({
  method: 'DELETE',
  path: '/api/v1/registrations/:id',
  summary: 'Forgets the request',
  permission: 'user:write',
  params: IdParam,
  response: Type.Object({}),
});

/** Emergency access that somebody took. */
export const BreakGlass = Type.Object({
  id: Id,
  user_id: Id,
  username: Type.String(),
  study_instance_uid: Nullable(Uid),
  patient_id: Nullable(PatientKey),
  reason: Type.String(),
  created_at: Instant,
  expires_at: Instant,
  ended_at: Nullable(Instant),
});
export type BreakGlass = Static<typeof BreakGlass>;
export const breakGlass = endpoint({
  method: 'POST',
  path: '/api/v1/break-glass',
  summary: 'Emergency access to the study, or to all studies of the patient, for a limited time; the administrators are told',
  permission: 'study:break-glass',
  audit: 'admin',
  body: Type.Object({
    reason: Type.String({ minLength: 10, maxLength: 1_000 }),
    study_instance_uid: Type.Optional(Uid),
    patient_id: Type.Optional(PatientKey),
    /** One hour unless told. */
    minutes: Type.Optional(Type.Integer({ minimum: 5, maximum: 480 })),
  }),
  response: BreakGlass,
  status: 201,
});
export const listBreakGlass = endpoint({
  method: 'GET',
  path: '/api/v1/break-glass',
  summary: 'Emergency access that was taken, the last first',
  permission: 'audit:read',
  query: Type.Object(PageQuery),
  response: Page(BreakGlass),
});
export const endBreakGlass = endpoint({
  method: 'DELETE',
  path: '/api/v1/break-glass/:id',
  summary: 'Ends the own emergency access early',
  permission: 'study:break-glass',
  audit: 'admin',
  params: IdParam,
  response: Type.Object({}),
});

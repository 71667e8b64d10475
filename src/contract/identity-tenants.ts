import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Instant, Nullable } from './fields.ts';
import { TenantId } from './identity.ts';
import { TENANT_ROLES } from './identity-users.ts';

/** One organization on this installation; nothing of one is seen by another. */
export const Tenant = Type.Object({
  id: TenantId,
  name: Type.String(),
  /** By which DICOM associations reach it; null for the first one, whose title is configured. */
  ae_title: Nullable(Type.String()),
  is_active: Type.Boolean(),
  created_at: Instant,
});
export type Tenant = Static<typeof Tenant>;

const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\p{Cc}]*$' });
/** Application entity title (PS3.5 6.2, AE). */
const AeTitle = Type.String({ pattern: '^[!-\\[\\]-~]([ -\\[\\]-~]{0,14}[!-\\[\\]-~])?$' });
export const NewTenant = Type.Object({ id: TenantId, name: Name, ae_title: Type.Optional(AeTitle) });
export type NewTenant = Static<typeof NewTenant>;

export const listTenants = endpoint({
  method: 'GET',
  path: '/api/v1/tenants',
  summary: 'Tenants of the installation',
  permission: 'tenant:read',
  response: Type.Object({ items: Type.Array(Tenant) }),
});
export const addTenant = endpoint({
  method: 'POST',
  path: '/api/v1/tenants',
  summary: 'Makes a tenant; `administrator` is a one-time link with which its first administrator makes the account',
  permission: 'tenant:write',
  body: NewTenant,
  response: Type.Object({
    ...Tenant.properties,
    administrator: Type.Object({ token: Type.String(), url: Type.String(), expires_at: Instant }),
  }),
  status: 201,
});
export const updateTenant = endpoint({
  method: 'PATCH',
  path: '/api/v1/tenants/:id',
  summary: 'Renames a tenant, or suspends it: nobody of it can do anything until it is active again',
  permission: 'tenant:write',
  params: Type.Object({ id: TenantId }),
  body: Type.Object({ name: Type.Optional(Name), ae_title: Type.Optional(Nullable(AeTitle)), is_active: Type.Optional(Type.Boolean()) }),
  response: Tenant,
});

const ModelIds = Type.Array(Type.String({ maxLength: 100, pattern: '^[a-z0-9][a-z0-9._-]*$' }), { maxItems: 1_000, uniqueItems: true });

/** What a tenant decides for itself. */
export const Policies = Type.Object({
  /** `invitation`: by an administrator's link; `approval`: anybody may ask; `closed`: accounts are made by administrators only. */
  registration: Type.Enum(['invitation', 'approval', 'closed']),
  /** Whether patients may sign in. */
  patient_portal: Type.Boolean(),
  /** A session that is unused for so long is over. */
  session_idle_minutes: Type.Integer({ minimum: 1, maximum: 60 }),
  /** A session ends after so long, whatever happens. */
  session_hours: Type.Integer({ minimum: 1, maximum: 24 }),
  /** Roles that need a second factor: who has none may set one up, and nothing else. */
  mfa_required: Type.Array(Type.Enum(TENANT_ROLES), { uniqueItems: true, maxItems: TENANT_ROLES.length }),
  /** By role, the models that it may use; a role that is not named may use all. */
  model_access: Type.Record(Type.String({ pattern: `^(?:${TENANT_ROLES.join('|')})$` }), ModelIds),
});
export type Policies = Static<typeof Policies>;
export const getPolicies = endpoint({
  method: 'GET',
  path: '/api/v1/policies',
  summary: 'Rules of the tenant for accounts, sessions and models',
  permission: 'user:read',
  response: Policies,
});
export const setPolicies = endpoint({
  method: 'PUT',
  path: '/api/v1/policies',
  summary: 'Changes rules; what is not named stays',
  permission: 'user:write',
  body: Type.Partial(Policies),
  response: Policies,
});

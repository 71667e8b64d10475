import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable } from './fields.ts';
import { TENANT_ROLES } from './identity-users.ts';

const Line = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '^[^\\p{Cc}]*$' });
/** Roles that a provider can give: a patient is tied to a record, which no provider knows. */
const GivenRole = Type.Enum(TENANT_ROLES.filter((role) => role !== 'patient' && role !== 'service'));

/** What an administrator says of a provider of sign-on (OpenID Connect). */
const Settings = {
  name: Line(100),
  /** https, among the hosts of `ISOCENTER_EGRESS_ALLOW`; its discovery document says the rest. */
  issuer: Type.String({ minLength: 8, maxLength: 500 }),
  client_id: Line(300),
  /** Names of scopes besides `openid`. */
  scopes: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 20 }),
  /** Claim that tells roles; with dots for one within another: `realm_access.roles`. */
  role_claim: Line(200),
  /** The first whose value the claim has, or is, decides: at each sign-in. Empty: roles are kept here alone. */
  role_map: Type.Array(Type.Object({ value: Line(300), role: GivenRole }), { maxItems: 100 }),
  /** For who has none of these values; null lets none of them in, if there is a map. */
  default_role: Nullable(GivenRole),
  /** Whether an address that the provider has verified and an administrator has written leads to the account that has it. */
  links_by_email: Type.Boolean(),
  /** Whether who has no account gets one. */
  provisions: Type.Boolean(),
  /** Levels of authentication to ask for. Each counts as a second factor, as `mfa` among the methods that the provider tells does. */
  acr_values: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 10 }),
  is_active: Type.Boolean(),
};
const ClientSecret = Line(500);
const { name, issuer, client_id, scopes, role_claim, role_map, default_role, links_by_email, provisions, acr_values } = Settings;

export const Provider = Type.Object({
  id: Id,
  ...Settings,
  has_client_secret: Type.Boolean(),
  /** What to enter at the provider as the address to return to. */
  redirect_uri: Type.String(),
  created_at: Instant,
});
export type Provider = Static<typeof Provider>;
const IdParam = Type.Object({ id: Id });

export const listProviders = endpoint({
  method: 'GET',
  path: '/api/v1/identity-providers',
  summary: 'Providers of sign-on of the tenant',
  permission: 'user:read',
  response: Type.Object({ items: Type.Array(Provider) }),
});
export const addProvider = endpoint({
  method: 'POST',
  path: '/api/v1/identity-providers',
  summary: 'Adds a provider of sign-on (OpenID Connect)',
  permission: 'user:write',
  body: Type.Object({
    name,
    issuer,
    client_id,
    client_secret: Type.Optional(ClientSecret),
    scopes: Type.Optional(scopes),
    role_claim: Type.Optional(role_claim),
    role_map: Type.Optional(role_map),
    default_role: Type.Optional(default_role),
    links_by_email: Type.Optional(links_by_email),
    provisions: Type.Optional(provisions),
    acr_values: Type.Optional(acr_values),
  }),
  response: Provider,
  status: 201,
});
export const updateProvider = endpoint({
  method: 'PATCH',
  path: '/api/v1/identity-providers/:id',
  summary: 'Changes a provider; one that is switched off, or leads elsewhere, ends the sessions that it opened',
  permission: 'user:write',
  params: IdParam,
  body: Type.Object({ ...Type.Partial(Type.Object(Settings)).properties, client_secret: Type.Optional(Nullable(ClientSecret)) }),
  response: Provider,
});
export const removeProvider = endpoint({
  method: 'DELETE',
  path: '/api/v1/identity-providers/:id',
  summary: 'Removes a provider, with what ties accounts to it and the sessions that it opened',
  permission: 'user:write',
  params: IdParam,
  response: Type.Object({}),
});

export const listSignInProviders = endpoint({
  method: 'GET',
  path: '/api/v1/auth/oidc/providers',
  summary: 'Providers that one can sign in with',
  permission: 'public',
  audit: 'none',
  query: Type.Object({ tenant: Type.Optional(Type.String({ maxLength: 64 })) }),
  response: Type.Object({ items: Type.Array(Type.Object({ id: Id, name: Type.String() })) }),
});
export const beginSignOn = endpoint({
  method: 'POST',
  path: '/api/v1/auth/oidc/start',
  summary: 'Begins to sign in with a provider: where the browser has to go, which is remembered by a cookie for five minutes',
  permission: 'public',
  audit: 'none',
  body: Type.Object({
    provider_id: Id,
    /** Page of this server to return to. */
    return_to: Type.Optional(Type.String({ maxLength: 500, pattern: '^/(?:[^/\\\\\\s\\p{Cc}][^\\\\\\s\\p{Cc}]*)?$' })),
  }),
  response: Type.Object({ url: Type.String() }),
});
export const completeSignOn = endpoint({
  method: 'GET',
  path: '/api/v1/auth/oidc/callback/:id',
  summary: 'Where a provider sends the browser back to: opens the session and leads to the page',
  permission: 'public',
  audit: 'login',
  params: IdParam,
  query: Type.Object({}),
  response: Type.Unknown(),
  status: 302,
  produces: 'text/html',
});

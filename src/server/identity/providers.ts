import type { Input } from '../../contract/endpoint.ts';
import type { addProvider, Provider, updateProvider as updateProviderEndpoint } from '../../contract/identity-providers.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { Tx } from '../platform/ports.ts';
import { isLoopback } from '../platform/protection.ts';
import type { Scope } from '../platform/scope.ts';
import { openText, type SealedPlace, sealText } from '../platform/sealed-text.ts';
import { endSessionsOfProvider } from './access-changes.ts';
import type { Identity } from './identity.ts';
import {
  deleteIdentityLinks,
  deleteProvider,
  findProvider,
  insertProvider,
  listProviders,
  type ProviderRow,
  updateProvider,
} from './provider-repository.ts';

type Here = Pick<Scope, 'db' | 'keys'>;
type RoleMap = Provider['role_map'];

/**
 * Adds a provider of sign-on. Nobody is asked before somebody signs in with it.
 *
 * @throws {AppError} `address-refused` for an issuer that this server may not call, `invalid-request`, `wrong-state` for a name that is taken
 */
export async function makeProvider(
  { now, egress }: Pick<Identity, 'now' | 'egress'>,
  { db, keys }: Here,
  wanted: Input<typeof addProvider>['body'],
): Promise<ProviderRow> {
  requireIssuer(egress, wanted.issuer);
  const id = newId(now());
  const { name, issuer, client_id, client_secret, scopes = ['profile', 'email'], role_claim = 'roles', role_map = [] } = wanted;
  const { default_role = null, links_by_email = false, provisions = false, acr_values = [] } = wanted;
  const row: ProviderRow = {
    id,
    name,
    issuer,
    client_id,
    client_secret: client_secret === undefined ? null : sealText(keys, placeOf(id), client_secret),
    scopes: scopes.join(' '),
    role_claim,
    role_map: JSON.stringify(role_map),
    default_role,
    links_by_email: links_by_email ? 1 : 0,
    provisions: provisions ? 1 : 0,
    acr_values: acr_values.length === 0 ? null : acr_values.join(' '),
    is_active: 1,
    created_at: now().toISOString(),
  };
  requireRoles(row);
  if (!(await db.transaction().execute((tx) => insertProvider(tx, row)))) throw taken();
  return row;
}

/**
 * Changes a provider. One that is switched off ends the sessions that it opened; one that has become another issuer or another client
 * loses its ties to accounts as well, for the same name there is not the same person.
 *
 * @throws {AppError} as `makeProvider`; `not-found`
 */
export async function changeProvider(
  { egress, now }: Pick<Identity, 'egress' | 'now'>,
  { db, keys }: Here,
  { id, change }: { id: string; change: Input<typeof updateProviderEndpoint>['body'] },
): Promise<ProviderRow> {
  const { client_secret, scopes, role_map, links_by_email, provisions, acr_values, is_active } = change;
  if (change.issuer !== undefined) requireIssuer(egress, change.issuer);
  return db.transaction().execute(async (tx) => {
    const before = await requireProvider(tx, id);
    const after: ProviderRow = {
      ...before,
      name: change.name ?? before.name,
      issuer: change.issuer ?? before.issuer,
      client_id: change.client_id ?? before.client_id,
      role_claim: change.role_claim ?? before.role_claim,
      default_role: change.default_role === undefined ? before.default_role : change.default_role,
      ...(client_secret === undefined ? {} : { client_secret: client_secret && sealText(keys, placeOf(id), client_secret) }),
      ...(scopes === undefined ? {} : { scopes: scopes.join(' ') }),
      ...(role_map === undefined ? {} : { role_map: JSON.stringify(role_map) }),
      ...(links_by_email === undefined ? {} : { links_by_email: links_by_email ? 1 : 0 }),
      ...(provisions === undefined ? {} : { provisions: provisions ? 1 : 0 }),
      ...(acr_values === undefined ? {} : { acr_values: acr_values.length === 0 ? null : acr_values.join(' ') }),
      ...(is_active === undefined ? {} : { is_active: is_active ? 1 : 0 }),
    };
    requireRoles(after);
    if ((await listProviders(tx)).some((other) => other.name === after.name && other.id !== id)) throw taken();
    const isAnother = after.issuer !== before.issuer || after.client_id !== before.client_id;
    await updateProvider(tx, id, after);
    if (isAnother) await deleteIdentityLinks(tx, id);
    if (isAnother || after.is_active !== 1) await endSessionsOfProvider(tx, now(), id);
    return after;
  });
}

/** @throws {AppError} `not-found` */
export async function dropProvider({ now }: Pick<Identity, 'now'>, { db }: Pick<Scope, 'db'>, id: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await endSessionsOfProvider(tx, now(), id);
    if (!(await deleteProvider(tx, id))) throw noProvider(id);
  });
}

/** @param origin under which browsers find this server */
export function providerOf({ client_secret, ...row }: ProviderRow, origin: string): Provider {
  return {
    ...row,
    scopes: wordsOf(row.scopes),
    role_map: roleMapOf(row),
    // Written by this program from the roles of the contract.
    default_role: row.default_role as Provider['default_role'],
    acr_values: wordsOf(row.acr_values),
    links_by_email: row.links_by_email === 1,
    provisions: row.provisions === 1,
    is_active: row.is_active === 1,
    has_client_secret: client_secret !== null,
    redirect_uri: redirectUriOf(origin, row.id),
  };
}

/** One for each provider: an answer of another one arrives elsewhere (RFC 9700, 4.4.2). */
export function redirectUriOf(origin: string, providerId: string): string {
  return `${origin}/api/v1/auth/oidc/callback/${providerId}`;
}

export function roleMapOf({ role_map }: Pick<ProviderRow, 'role_map'>): RoleMap {
  return parseColumn<RoleMap>(role_map);
}

export function wordsOf(text: string | null): string[] {
  return (text ?? '').split(' ').filter(Boolean);
}

export async function secretOf({ keys }: Pick<Scope, 'keys'>, { id, client_secret }: ProviderRow): Promise<string | undefined> {
  return client_secret === null ? undefined : openText(keys, placeOf(id), client_secret);
}

/** In the clear only to this machine: everything that is known of who signs in is what the issuer's addresses say. */
function requireIssuer(egress: Identity['egress'], issuer: string): void {
  egress.check(issuer);
  const { protocol, hostname, search, hash } = new URL(issuer);
  const isPlain = protocol === 'http:' && isLoopback(hostname);
  if ((protocol !== 'https:' && !isPlain) || search !== '' || hash !== '')
    throw new AppError('invalid-request', 'Some fields are not valid', {
      fields: [{ field: 'body/issuer', message: 'is an https address without a query' }],
    });
}

function requireRoles({ role_map, default_role, provisions }: ProviderRow): void {
  if (provisions !== 1 || default_role !== null || roleMapOf({ role_map }).length > 0) return;
  throw new AppError('invalid-request', 'Some fields are not valid', {
    fields: [{ field: 'body/role_map', message: 'says which role a new account gets, or default_role does' }],
  });
}

async function requireProvider(tx: Tx, id: string): Promise<ProviderRow> {
  const provider = await findProvider(tx, id);
  if (!provider) throw noProvider(id);
  return provider;
}

function placeOf(row: string): SealedPlace {
  return { table: 'identity_provider', column: 'client_secret', row };
}

function noProvider(id: string): AppError {
  return new AppError('not-found', `No provider ${id}`);
}

function taken(): AppError {
  return new AppError('wrong-state', 'A provider of this name is there already');
}

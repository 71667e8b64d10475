import { parseArgs } from 'node:util';
import { NewApiKey } from '../contract/identity-api-keys.ts';
import { endApiKey, makeApiKey, readApiKeys } from '../server/identity/api-keys.ts';
import { administer, checkedInput, print, recordCommand, type TenantAdministration } from './administration.ts';
import { TENANT_OPTION } from './open-tenant.ts';
import { UsageError } from './usage-error.ts';

const OPTIONS = {
  ...TENANT_OPTION,
  name: { type: 'string' },
  role: { type: 'string' },
  scope: { type: 'string' },
  expires: { type: 'string' },
  'requests-per-hour': { type: 'string' },
  json: { type: 'boolean' },
} as const;
type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

const DAY_MS = 24 * 3_600_000;

/** `isocenter api-key add --name NAME --role ROLE [--scope study:read,study:write] [--expires 90d|2027-01-31] …`, `list`, `revoke ID`. */
export async function apiKeyCommand(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const [action, ...rest] = positionals;
  const [id] = rest;
  if (action === 'add' && rest.length === 0) return administer(values.tenant, (tenant) => add(tenant, values));
  if (action === 'list' && rest.length === 0) return administer(values.tenant, (tenant) => list(tenant, values));
  if (action === 'revoke' && id !== undefined && rest.length === 1)
    return administer(values.tenant, (tenant) => revoke(tenant, id, values));
  throw new UsageError('api-key takes `add --name NAME --role ROLE`, `list` or `revoke ID`');
}

async function add(tenant: TenantAdministration, flags: Flags): Promise<void> {
  const { name, role, scope, expires, json } = flags;
  if (name === undefined || role === undefined) throw new UsageError('api-key add needs --name and --role');
  const perHour = flags['requests-per-hour'];
  const wanted = {
    name,
    role,
    ...(scope === undefined ? {} : { permissions: scope.split(',').map((permission) => permission.trim()) }),
    ...(expires === undefined ? {} : { expires_at: instantOf(expires, tenant.now()) }),
    ...(perHour === undefined ? {} : { requests_per_hour: Number(perHour) }),
  };
  checkedInput(NewApiKey, wanted);
  // Checked just before.
  const made = await makeApiKey(tenant, wanted as NewApiKey);
  await recordCommand(tenant, 'api-key add', { object: { type: 'api_key', id: made.id }, details: { role: made.role } });
  const { key, id, prefix, permissions, expires_at } = made;
  print(json, { key, id, prefix, name, role: made.role, permissions, expires_at, tenant_id: tenant.tenant_id }, [
    `added ${name} (${made.role}, tenant ${tenant.tenant_id}, ${id})`,
    `key, told this once: ${key}`,
  ]);
}

async function list(tenant: TenantAdministration, { json }: Flags): Promise<void> {
  const items = await readApiKeys(tenant.db);
  print(
    json,
    { items },
    items.map(({ id, prefix, name, role, expires_at, last_used_at, revoked_at }) =>
      [id, prefix, name, role, revoked_at ? 'revoked' : `expires ${expires_at ?? 'never'}`, `used ${last_used_at ?? 'never'}`].join('\t'),
    ),
  );
}

async function revoke(tenant: TenantAdministration, id: string, { json }: Flags): Promise<void> {
  const { name } = await endApiKey(tenant, id);
  await recordCommand(tenant, 'api-key revoke', { object: { type: 'api_key', id } });
  print(json, { id, name }, [`revoked ${name} (${id})`]);
}

/** `90d`, or a date or instant. */
function instantOf(text: string, now: Date): string {
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  if (days !== undefined) return new Date(now.getTime() + Number(days) * DAY_MS).toISOString();
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new UsageError('--expires takes a number of days (90d) or a date (2027-01-31)');
  return new Date(time).toISOString();
}

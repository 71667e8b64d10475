import { parseArgs } from 'node:util';
import { stateOfKeys } from '../server/encryption/key-state.ts';
import { openInstallationKeyring } from '../server/open-protection.ts';
import { DEFAULT_TENANT } from '../server/platform/scope.ts';
import { findTenant } from '../server/tenants/queries.ts';
import { administer, print, recordCommand, type TenantAdministration } from './administration.ts';
import { TENANT_OPTION } from './open-tenant.ts';
import { UsageError } from './usage-error.ts';

const OPTIONS = { ...TENANT_OPTION, yes: { type: 'boolean' }, json: { type: 'boolean' } } as const;
type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];
type Action = (tenant: TenantAdministration, flags: Flags) => Promise<void>;

const ACTIONS: Record<string, Action> = { list, rotate, destroy };

/** `isocenter keys list`, `rotate`, `destroy --yes`: the keys of a tenant; also beside a running server, which follows within a minute. */
export async function keysCommand(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const [action = '', ...rest] = positionals;
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (!act || rest.length > 0) throw new UsageError('keys takes `list`, `rotate` or `destroy --yes`');
  return administer(values.tenant, (tenant) => act(tenant, values));
}

async function list({ systemDb, tenant_id }: TenantAdministration, { json }: Flags): Promise<void> {
  const keys = await stateOfKeys(systemDb, tenant_id);
  print(
    json,
    { keys },
    keys.map(({ id, created_at, replaced_at, master_key_id }) => [id, created_at, replaced_at ?? 'present', master_key_id].join('\t')),
  );
}

async function rotate(tenant: TenantAdministration, { json }: Flags): Promise<void> {
  await (await keyringOf(tenant)).rotate(tenant.tenant_id);
  await recordCommand(tenant, 'keys rotate', { object: { type: 'tenant', id: tenant.tenant_id } });
  const keys = await stateOfKeys(tenant.systemDb, tenant.tenant_id);
  print(json, { keys }, [`new key ${keys[0]?.id}; what is stored is encrypted anew with it tonight`]);
}

/** Only of a tenant that nobody works in any more. */
async function destroy(tenant: TenantAdministration, { yes, json }: Flags): Promise<void> {
  const { tenant_id, systemDb } = tenant;
  if (tenant_id === DEFAULT_TENANT)
    throw new UsageError('the keys of the default tenant also protect the installation and are not destroyed');
  if ((await findTenant(systemDb, tenant_id))?.is_active === 1) throw new UsageError(`${tenant_id} is active: suspend it first`);
  if (!yes) throw new UsageError(`nothing of ${tenant_id} could be read again, by anybody: say --yes`);
  await (await keyringOf(tenant)).destroy(tenant_id);
  await recordCommand(tenant, 'keys destroy', { object: { type: 'tenant', id: tenant_id } });
  print(json, { tenant_id, destroyed: true }, [`the keys of ${tenant_id} are destroyed`]);
}

async function keyringOf({ config, systemDb, now }: TenantAdministration) {
  return openInstallationKeyring(config, { systemDb, now, onNotice: (message) => process.stderr.write(`${message}\n`) });
}

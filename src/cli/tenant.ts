import { parseArgs } from 'node:util';
import { NewTenant } from '../contract/identity-tenants.ts';
import { makeTenant, reviseTenant } from '../server/identity/manage-tenants.ts';
import { listTenants } from '../server/tenants/queries.ts';
import { administer, checkedInput, print, recordCommand, type TenantAdministration } from './administration.ts';
import { UsageError } from './usage-error.ts';

const OPTIONS = { name: { type: 'string' }, 'ae-title': { type: 'string' }, json: { type: 'boolean' } } as const;
type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];
type Action = (tenant: TenantAdministration, id: string, flags: Flags) => Promise<void>;

const ACTIONS: Record<string, Action> = {
  add,
  suspend: (tenant, id, flags) => setActive(tenant, id, { ...flags, active: false }),
  resume: (tenant, id, flags) => setActive(tenant, id, { ...flags, active: true }),
};

/** `isocenter tenant add ID --name NAME [--ae-title TITLE]`, `list`, `suspend ID`, `resume ID`; acts are in the trail of the first tenant. */
export async function tenantCommand(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const [action = '', id, ...rest] = positionals;
  if (action === 'list' && id === undefined) return administer(undefined, (tenant) => list(tenant, values));
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (!act || id === undefined || rest.length > 0)
    throw new UsageError('tenant takes `add ID --name NAME`, `list`, `suspend ID` or `resume ID`');
  return administer(undefined, (tenant) => act(tenant, id, values));
}

async function add(tenant: TenantAdministration, id: string, { name, 'ae-title': ae_title, json }: Flags): Promise<void> {
  if (name === undefined) throw new UsageError('tenant add needs --name');
  const wanted = { id, name, ...(ae_title === undefined ? {} : { ae_title }) };
  checkedInput(NewTenant, wanted);
  const { config } = tenant;
  const { administrator } = await makeTenant(tenant, wanted, 'cli');
  await recordCommand(tenant, 'tenant add', { object: { type: 'tenant', id } });
  const { token, expires_at } = administrator;
  const url = `${config.publicUrls[0] ?? `http://${config.host}:${config.port}`}/invitation#token=${token}`;
  print(json, { ...wanted, administrator: { token, url, expires_at } }, [
    `added ${id} (${name})`,
    `link for its first administrator, told this once, good until ${expires_at}:`,
    `  ${url}`,
  ]);
}

async function list({ systemDb }: TenantAdministration, { json }: Flags): Promise<void> {
  const items = await listTenants(systemDb);
  print(
    json,
    { items },
    items.map(({ id, name, ae_title, is_active }) => [id, name, ae_title ?? '', is_active === 1 ? 'active' : 'suspended'].join('\t')),
  );
}

async function setActive(tenant: TenantAdministration, id: string, { active, json }: Flags & { active: boolean }): Promise<void> {
  const changed = await reviseTenant(tenant, id, { is_active: active });
  await recordCommand(tenant, active ? 'tenant resume' : 'tenant suspend', { object: { type: 'tenant', id } });
  print(json, changed, [`${id} is ${active ? 'active' : 'suspended'}`]);
}

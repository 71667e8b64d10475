import { parseArgs } from 'node:util';
import { addUser } from '../contract/identity-users.ts';
import { changeForgotten } from '../server/identity/account-password.ts';
import { dropFactorsOf } from '../server/identity/factors.ts';
import { makeUser, readUsers } from '../server/identity/manage-users.ts';
import { isPasswordHash, passwords } from '../server/identity/password.ts';
import { newSecret } from '../server/identity/secret.ts';
import { administer, checkedInput, lineFromStdin, print, recordCommand, type TenantAdministration } from './administration.ts';
import { TENANT_OPTION } from './open-tenant.ts';
import { UsageError } from './usage-error.ts';

const OPTIONS = {
  ...TENANT_OPTION,
  username: { type: 'string' },
  role: { type: 'string' },
  'full-name': { type: 'string' },
  email: { type: 'string' },
  'patient-id': { type: 'string' },
  operator: { type: 'boolean' },
  'password-stdin': { type: 'boolean' },
  'password-hash-stdin': { type: 'boolean' },
  json: { type: 'boolean' },
} as const;
type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** 144 random bits: what is printed once is also typed once. */
const GENERATED_LENGTH = 24;
const LISTED = 500;

/**
 * `isocenter user add --username NAME --role ROLE …`, `user list`, `user reset-password NAME`, `user reset-mfa NAME`. A password comes from
 * the standard input (`--password-stdin`; `--password-hash-stdin` takes the hash, Argon2id or bcrypt, of another system) or is made and
 * printed once.
 */
export async function userCommand(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const [action, ...rest] = positionals;
  const [name] = rest;
  if (action === 'add' && rest.length === 0) return administer(values.tenant, (tenant) => add(tenant, values));
  if (action === 'list' && rest.length === 0) return administer(values.tenant, (tenant) => list(tenant, values));
  if (action === 'reset-password' && name !== undefined && rest.length === 1)
    return administer(values.tenant, (tenant) => resetPassword(tenant, name, values));
  if (action === 'reset-mfa' && name !== undefined && rest.length === 1)
    return administer(values.tenant, (tenant) => resetFactors(tenant, name, values));
  throw new UsageError('user takes `add --username NAME --role ROLE`, `list`, `reset-password NAME` or `reset-mfa NAME`');
}

async function add(tenant: TenantAdministration, flags: Flags): Promise<void> {
  if (flags.username === undefined || flags.role === undefined) throw new UsageError('user add needs --username and --role');
  const given = await passwordOf(flags);
  const wanted = {
    username: flags.username,
    full_name: flags['full-name'] ?? flags.username,
    role: flags.role,
    ...(flags.email === undefined ? {} : { email: flags.email }),
    ...(flags['patient-id'] === undefined ? {} : { patient_id: flags['patient-id'] }),
  };
  checkedInput(addUser.body, { ...wanted, password: typeof given.password === 'string' ? given.password : 'a hash in place of it' });
  // Checked just before against the endpoint's own schema.
  const checked = wanted as Parameters<typeof makeUser>[2];
  const is_operator = flags.operator ?? false;
  const user = await makeUser({ ...tenant, passwords }, tenant, { ...checked, password: given.password }, { isOperator: is_operator });
  await recordCommand(tenant, 'user add', { object: { type: 'user', id: user.id }, details: { role: user.role, is_operator } });
  const { id, username, role, tenant_id } = user;
  const told = given.isMade ? { password: given.password } : {};
  print(flags.json, { id, username, role, tenant_id, ...told }, [
    `added ${username} (${role}, tenant ${tenant_id}, ${id})`,
    ...(given.isMade ? [`password, told this once: ${String(given.password)}`] : []),
  ]);
}

async function list(tenant: TenantAdministration, { json }: Flags): Promise<void> {
  const { items } = await readUsers(tenant, tenant, { limit: LISTED });
  print(
    json,
    { items },
    items.map(({ username, role, is_active, last_login, full_name }) =>
      [username, role, is_active ? 'active' : 'deactivated', last_login ?? 'never signed in', full_name].join('\t'),
    ),
  );
}

async function resetPassword(tenant: TenantAdministration, username: string, flags: Flags): Promise<void> {
  const { password, isMade } = await passwordOf(flags);
  if (typeof password !== 'string') throw new UsageError('reset-password takes a password, not its hash');
  const id = await changeForgotten({ ...tenant, passwords }, tenant, { username, password });
  if (id === undefined) throw new UsageError(`There is no account ${username} in the tenant ${tenant.tenant_id}`);
  await recordCommand(tenant, 'user reset-password', { object: { type: 'user', id } });
  const told = isMade ? { password } : {};
  print(flags.json, { id, username, ...told }, [
    `${username} has a new password, is signed out everywhere and not locked any more`,
    ...(isMade ? [`password, told this once: ${password}`] : []),
  ]);
}

async function resetFactors(tenant: TenantAdministration, username: string, { json }: Flags): Promise<void> {
  const id = await dropFactorsOf(tenant, username);
  if (id === undefined) throw new UsageError(`There is no account ${username} in the tenant ${tenant.tenant_id}`);
  await recordCommand(tenant, 'user reset-mfa', { object: { type: 'user', id } });
  print(json, { id, username }, [`${username} has no second factor any more and is signed out everywhere`]);
}

type Given = { password: string | { hash: string }; isMade: boolean };

async function passwordOf(flags: Flags): Promise<Given> {
  if (flags['password-stdin']) return { password: await lineFromStdin(), isMade: false };
  if (!flags['password-hash-stdin']) return { password: newSecret().slice(0, GENERATED_LENGTH), isMade: true };
  const hash = await lineFromStdin();
  if (!isPasswordHash(hash)) throw new UsageError('the standard input holds no Argon2id or bcrypt hash (bcrypt: cost 4 to 14)');
  return { password: { hash }, isMade: false };
}

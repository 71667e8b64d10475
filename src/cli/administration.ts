import { text } from 'node:stream/consumers';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { readConfig } from '../server/config.ts';
import { type Administration, openAdministration } from '../server/open-administration.ts';
import type { AuditDetails } from '../server/platform/audit-entry.ts';
import { DEFAULT_TENANT } from '../server/platform/scope.ts';
import { findTenant } from '../server/tenants/queries.ts';
import { commandAct, recordAct } from './command-act.ts';
import { UsageError } from './usage-error.ts';

/** What is open, and one tenant's part of it. */
export type TenantAdministration = Administration & Awaited<ReturnType<Administration['scope']>>;

/**
 * Opens the administration of a tenant, the default one unless told, for the length of `work`.
 *
 * @throws {UsageError} if there is no such tenant
 */
export async function administer(tenantId: string | undefined, work: (tenant: TenantAdministration) => Promise<void>): Promise<void> {
  const administration = await openAdministration(readConfig(process.env));
  try {
    const id = tenantId ?? DEFAULT_TENANT;
    if (!(await findTenant(administration.systemDb, id))) throw new UsageError(`There is no tenant ${id}`);
    await work({ ...administration, ...(await administration.scope(id)) });
  } finally {
    await administration.close();
  }
}

/** Writes the audit entry of a command that is done. */
export async function recordCommand(
  tenant: TenantAdministration,
  command: string,
  { object, details = {} }: { object: { type: string; id: string }; details?: AuditDetails },
): Promise<void> {
  await recordAct(tenant, commandAct(tenant, command, 'admin'), { object, details });
}

/** What somebody typed, if the schema takes it. @throws {UsageError} that names what it does not take */
export function checkedInput<S extends TSchema>(schema: S, input: unknown): void {
  if (Value.Check(schema, input)) return;
  const [first] = Value.Errors(schema, input);
  throw new UsageError(`${first?.instancePath.slice(1) || 'input'}: ${first?.message ?? 'not valid'}`);
}

/** The first line of the standard input, as a secret is handed over that no list of processes shows. */
export async function lineFromStdin(): Promise<string> {
  const [line = ''] = (await text(process.stdin)).split(/\r?\n/);
  if (line === '') throw new UsageError('nothing on the standard input');
  return line;
}

export function print(json: boolean | undefined, value: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${lines.join('\n')}\n`);
}

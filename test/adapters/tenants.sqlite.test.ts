import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { TENANT_TABLES, type TenantTable } from '../../src/server/platform/schema.ts';
import { openTestSqlite } from '../database.ts';
import { readSource, tableNames } from '../source-rules.ts';
import { testTenants } from './tenant-contract.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const closing: (() => Promise<void>)[] = [];
/** What signs in is found by its secret, before its tenant is known. */
const FOUND_BEFORE_THE_TENANT = new Set([
  'session_token_hash',
  'refresh_token_token_hash',
  'api_key_prefix',
  'share_link_secret_hash',
  'diagnosis_link_secret_hash',
  'one_time_link_secret_hash',
  'passkey_credential_id',
  'login_challenge_secret_hash',
]);
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe('tenants in SQLite', () => {
  testTenants(async () => {
    const database = await openTestSqlite();
    closing.push(database.close);
    return database;
  }, 400);

  test("every table is a tenant's, led by `tenant_id`, or listed as the installation's", async () => {
    const { system, close } = await openTestSqlite();
    closing.push(close);
    const schema = readSource(ROOT, 'src/server/platform/schema.ts');
    // A full-text index keeps its own tables beside it.
    const ofOthers = /^kysely_|_text_(config|content|data|docsize|idx)$/;
    const tables = (await system.introspection.getTables()).filter(({ name }) => !ofOthers.test(name));
    const owned = tables.filter(({ name }) => Object.hasOwn(TENANT_TABLES, name));
    expect(owned.map(({ name }) => name).sort()).toEqual(tableNames(schema, 'TenantTables').sort());
    expect(tables.map(({ name }) => name).sort()).toEqual(
      [...tableNames(schema, 'TenantTables'), ...tableNames(schema, 'GlobalTables')].sort(),
    );
    for (const { name, columns } of owned) {
      expect(columns[0]?.name, name).toBe('tenant_id');
      const by = TENANT_TABLES[name as TenantTable];
      if (by !== 'everybody')
        expect(
          columns.map((column) => column.name),
          name,
        ).toContain(by);
      // SQLite lists the indexes of keys and unique constraints as well.
      const indexes = await sql<{ name: string }>`select name from pragma_index_list(${name})`.execute(system);
      for (const index of indexes.rows.filter((row) => !FOUND_BEFORE_THE_TENANT.has(row.name))) {
        const [first] = (await sql<{ name: string }>`select name from pragma_index_info(${index.name})`.execute(system)).rows;
        expect(first?.name, `${name}: ${index.name}`).toBe('tenant_id');
      }
    }
  });
});

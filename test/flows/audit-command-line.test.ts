import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandAct, recordAct } from '../../src/cli/command-act.ts';
import { openTenant } from '../../src/cli/open-tenant.ts';
import { exportLines } from '../../src/server/audit/export-lines.ts';
import { searchEntries } from '../../src/server/audit/search-repository.ts';
import { checkpointAudit } from '../../src/server/audit/upkeep.ts';
import { readConfig } from '../../src/server/config.ts';
import { secondaryCapture, uid } from '../builders.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-audit-cli-'));
  env = { ISOCENTER_DATA_DIR: join(folder, 'data'), ISOCENTER_AUDIT_CHECKPOINT_FILE: join(folder, 'kept.ndjson') };
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

type Ended = { code: number; stdout: string; stderr: string };

function isocenter(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], { env: { PATH: process.env['PATH'], ...env } }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

/** What the command line does while no server runs is in the same trail, and the same command line verifies it. */
it('acts of the command line are entries, and verify-audit finds what was changed or cut off', { timeout: 120_000 }, async () => {
  await mkdir(join(folder, 'in'));
  const image = secondaryCapture({ study: uid(85), series: uid(85, 1), instance: uid(85, 1, 1), patientId: 'CLI-1' });
  await writeFile(join(folder, 'in', 'a.dcm'), image);
  expect((await isocenter('import', join(folder, 'in'))).stdout).toContain('stored 1');
  expect((await isocenter('peer', 'add', 'SCANNER', '127.0.0.1', '104')).code).toBe(0);
  expect((await isocenter('peer', 'remove', 'SCANNER')).code).toBe(0);

  const paths = { whole: join(folder, 'whole.ndjson'), changed: join(folder, 'changed.ndjson'), short: join(folder, 'short.ndjson') };
  const deps = await openTenant('default', readConfig(env));
  const key = join(folder, 'pub.pem');
  await writeFile(key, deps.auditSecrets.publicKey.export({ type: 'spki', format: 'pem' }));
  const write = async (path: string): Promise<void> => {
    const exported = { db: deps.db, tenantId: 'default', privateKey: deps.auditSecrets.privateKey, now: deps.now };
    await writeFile(path, exportLines(exported, {}));
  };
  await write(paths.short);
  await recordAct(deps, commandAct(deps, 'peer list', 'admin'));
  await checkpointAudit(deps, 'default');
  await write(paths.whole);
  const { items } = await searchEntries(deps.db, {}, { oldestFirst: true });
  await deps.close();
  const told = items.map(({ actor_kind, action, operation, object_type, details }) => ({
    actor_kind,
    action,
    operation,
    object_type,
    details,
  }));
  expect(told.slice(0, 4)).toEqual([
    {
      actor_kind: 'cli',
      action: 'import',
      operation: 'isocenter import',
      object_type: 'instance',
      details: { event: 'instance_stored', instances: 1 },
    },
    {
      actor_kind: 'cli',
      action: 'import',
      operation: 'isocenter import',
      object_type: null,
      details: { stored: 1, already_held: 0, refused: 0 },
    },
    { actor_kind: 'cli', action: 'admin', operation: 'isocenter peer add', object_type: 'peer', details: { ae_title: 'SCANNER' } },
    { actor_kind: 'cli', action: 'admin', operation: 'isocenter peer remove', object_type: 'peer', details: { ae_title: 'SCANNER' } },
  ]);
  expect(items[0]).toMatchObject({ actor_name: userInfo().username, study_instance_uid: uid(85) });

  const text = await readFile(paths.whole, 'utf8');
  await writeFile(paths.changed, text.replace('"stored":1', '"stored":2'));
  const verify = (path: string, ...more: string[]): Promise<Ended> => isocenter('verify-audit', '--export', path, '--key', key, ...more);
  expect(await verify(paths.whole, '--checkpoints', join(folder, 'kept.ndjson'))).toMatchObject({ code: 0 });
  const changed = await verify(paths.changed);
  expect([changed.code, changed.stdout]).toEqual([1, expect.stringContaining('changed (line 3): Entry 2')]);
  const json = await verify(paths.changed, '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ intact: false, entries: 5, problems: [{ kind: 'changed', seq: 2 }] });
  // The export of an earlier time is whole by itself.
  expect((await verify(paths.short)).code).toBe(0);
  expect((await isocenter('verify-audit', '--export', paths.whole)).code).toBe(2);
  expect((await verify(join(folder, 'missing'))).code).toBe(2);
});

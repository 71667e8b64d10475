import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readConfig } from '../../src/server/config.ts';
import { openDeps } from '../../src/server/deps.ts';
import { openText, sealText } from '../../src/server/platform/sealed-text.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const PLACE = { table: 'retention_hold', column: 'reason', row: '1' };

it('keys are listed, changed and, of a suspended tenant, destroyed at the command line', { timeout: 180_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-cli-keys-'));
  const env = { PATH: process.env['PATH'], ISOCENTER_DATA_DIR: folder };
  const isocenter = async (...args: string[]) => {
    const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'close');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: (await ended)[0], stdout, stderr };
  };
  const opened = async () => openDeps(readConfig({ ISOCENTER_DATA_DIR: folder }));
  expect((await isocenter('tenant', 'add', 'clinic', '--name', 'Clinic')).code).toBe(0);
  const before = await opened();
  const sealed = sealText((await before.scope('clinic')).keys, PLACE, 'why');
  await before.close();

  const { keys } = JSON.parse((await isocenter('keys', 'list', '--tenant', 'clinic', '--json')).stdout);
  expect(keys).toMatchObject([{ replaced_at: null }]);
  const rotated = JSON.parse((await isocenter('keys', 'rotate', '--tenant', 'clinic', '--json')).stdout);
  expect(rotated.keys).toMatchObject([{ replaced_at: null }, { id: keys[0].id, replaced_at: expect.any(String) }]);
  const after = await opened();
  expect(await openText((await after.scope('clinic')).keys, PLACE, sealed)).toBe('why');
  await after.close();

  for (const args of [['--tenant', 'clinic', '--yes'], ['--yes'], ['--tenant', 'none', '--yes']])
    expect((await isocenter('keys', 'destroy', ...args)).code, args.join(' ')).toBe(2);
  expect((await isocenter('tenant', 'suspend', 'clinic')).code).toBe(0);
  expect((await isocenter('keys', 'destroy', '--tenant', 'clinic')).stderr).toContain('say --yes');
  expect((await isocenter('keys', 'destroy', '--tenant', 'clinic', '--yes')).code).toBe(0);
  const last = await opened();
  await expect(openText((await last.scope('clinic')).keys, PLACE, sealed)).rejects.toThrow('no longer exists');
  await last.close();
  await rm(folder, { recursive: true, force: true });
});

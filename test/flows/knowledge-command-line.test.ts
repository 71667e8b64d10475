import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const TABLE = [
  'rule_id;a;b;severity;display;effect;management;evidence;citation',
  'h-1;drug:loratadine;drug:montelukast;major;interruptive;e;m;t;c',
  'h-2;drug:unobtainium;drug:aspirin;major;interruptive;e;m;t;c',
].join('\n');

it('tables of a hospital are imported, listed and removed at the command line', { timeout: 180_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-cli-knowledge-'));
  const tables = join(folder, 'tables');
  const env = { PATH: process.env['PATH'], ISOCENTER_DATA_DIR: join(folder, 'data') };
  const isocenter = async (...args: string[]) => {
    const child = spawn(process.execPath, [MAIN, 'knowledge', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'close');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: (await ended)[0], stdout, stderr };
  };
  const manifest = { source: 'House list', version: '1', licence: 'own', valid_from: '2026-01' };
  await mkdir(tables);
  await writeFile(join(tables, 'interactions.csv'), TABLE);
  await writeFile(join(tables, 'manifest.json'), JSON.stringify({ ...manifest, valid_from: 'soon' }));
  expect(await isocenter('import', tables)).toMatchObject({ code: 2, stderr: expect.stringContaining('valid_from') });

  await writeFile(join(tables, 'manifest.json'), JSON.stringify(manifest));
  const dry = await isocenter('import', tables, '--dry-run');
  expect(dry.stdout).toContain('not asked: h-2 names drug:unobtainium');
  expect(dry.stdout).toContain('nothing was stored');
  expect((await isocenter('list')).stdout).not.toContain('House list');

  expect((await isocenter('import', tables)).stdout).toContain('stored, on');
  expect((await isocenter('list')).stdout).toMatch(/House list 1\ton\t0 drugs, 2 rules/);
  expect((await isocenter('remove', 'House list')).code).toBe(0);
  expect((await isocenter('remove', 'House list')).code).toBe(1);
  await rm(folder, { recursive: true });
});

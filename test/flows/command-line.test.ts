import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFiles, dataPath, hasSharedData } from '../data.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-cli-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

type Ended = { code: number; stdout: string; stderr: string };

function isocenter(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const options = {
      env: {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: join(tmpdir(), 'isocenter-compiled-by-node'),
        ISOCENTER_DATA_DIR: join(folder, 'data'),
        ...env,
      },
      maxBuffer: 64 * 1024 * 1024,
    };
    const child = execFile(process.execPath, [MAIN, ...args], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

describe('the command line (needs ../shared/data)', () => {
  it.skipIf(!hasSharedData)('analyzes a radiograph to findings and a signed report without a server', async () => {
    const [name] = dataFiles('kermany-cxr', 'train', 'PNEUMONIA');
    const pdf = join(folder, 'report.pdf');
    const { code, stdout } = await isocenter([
      'analyze',
      dataPath('kermany-cxr', 'train', 'PNEUMONIA', name ?? ''),
      '--json',
      '--report',
      pdf,
      '--sign-as',
      'Dr. Command',
    ]);
    expect(code).toBe(0);
    const { studies, disclaimer } = JSON.parse(stdout);
    expect(disclaimer).toContain('Not a medical device');
    expect(studies).toHaveLength(1);
    expect(studies[0].findings[0]).toMatchObject({ code: 'pneumonia', status: 'accepted' });
    expect(studies[0].report).toMatchObject({ status: 'final', signed_by: 'Dr. Command' });
    expect((await readFile(pdf)).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it.skipIf(!hasSharedData)('says of a head CT that no model evaluates it, and why', async () => {
    const { code, stdout } = await isocenter(['analyze', dataPath('dicom', 'ge-head-ct')]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ct-lung .*not evaluable/i);
    expect(stdout).toMatch(/cxr-pneumonia .*not evaluable/i);
    expect(stdout).toContain('Research use');
  });

  it.skipIf(!hasSharedData)('imports a folder once, and again as already held', async () => {
    const first = await isocenter(['import', dataPath('dicom', 'ge-head-ct')]);
    expect(first.stdout).toContain('stored 28, already held 0');
    const second = await isocenter(['import', dataPath('dicom', 'ge-head-ct')]);
    expect(second.stdout).toContain('stored 0, already held 28');
  });
});

it('writes a phantom with its truth, finds its nodules and writes a draft', { timeout: 240_000 }, async () => {
  const phantom = join(folder, 'phantom');
  expect((await isocenter(['phantom', phantom])).code).toBe(0);
  const truth = JSON.parse(await readFile(join(phantom, 'truth.json'), 'utf8'));
  expect(truth.nodules.length).toBeGreaterThan(2);
  const pdf = join(folder, 'phantom.pdf');
  const { code, stdout } = await isocenter(['analyze', phantom, '--json', '--report', pdf]);
  expect(code).toBe(0);
  const { studies } = JSON.parse(stdout);
  const nodules = studies[0].findings.filter((finding: { code: string }) => finding.code === 'lung-nodule');
  expect(nodules.length).toBeGreaterThanOrEqual(truth.nodules.filter(({ diameterMm }: { diameterMm: number }) => diameterMm >= 5).length);
  expect(studies[0].report).toMatchObject({ status: 'draft' });
});

it.each([
  [['peer', 'list', '--tenant', 'nowhere'], 2, 'There is no tenant nowhere'],
  [['no-such-command'], 2, 'no-such-command'],
  [['analyze'], 2, 'at least one'],
  [['analyze', '/no/such/file'], 2, 'does not exist'],
  [['analyze', '.', '--locale', 'xx'], 2, '--locale'],
  [[], 2, ''],
])('explains wrong usage %j', async (args, code, words) => {
  const ended = await isocenter(args);
  expect(ended.code).toBe(code);
  expect(ended.stderr + ended.stdout).toContain(words);
});

it('stops at an unknown option with its name and what is known', async () => {
  const ended = await isocenter(['serve'], { ISOCENTER_PROT: '80' });
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain('ISOCENTER_PROT');
  const wrong = await isocenter(['serve'], { ISOCENTER_PORT: 'eighty' });
  expect([wrong.code, wrong.stderr.includes('ISOCENTER_PORT')]).toEqual([2, true]);
  const open = await isocenter(['serve'], { ISOCENTER_HOST: '0.0.0.0' });
  expect([open.code, open.stderr.includes('ISOCENTER_TLS_CERT')]).toEqual([2, true]);
});

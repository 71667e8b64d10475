import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gzipped, pubmedXml } from '../literature-files.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-cli-literature-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function isocenter(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'], ISOCENTER_DATA_DIR: join(folder, 'data') },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, stdout, stderr };
}

test('isocenter literature imports files, lists what is held, and ends with 1 where a file could not be read', {
  timeout: 120_000,
}, async () => {
  const [good, trials, bad] = ['pubmed26n0001.xml.gz', 'studies.json', 'letter.docx'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(
    good,
    gzipped(
      pubmedXml([
        { pmid: '1', title: 'One', revised: '2025-05-06' },
        { pmid: '2', title: 'Two' },
      ]),
    ),
  );
  const trial = { protocolSection: { identificationModule: { nctId: 'NCT00000001', briefTitle: 'T' } } };
  await writeFile(trials, JSON.stringify([trial]));
  await writeFile(bad, 'PK\u0003\u0004');

  expect(await isocenter('literature', 'import', good)).toMatchObject({
    code: 0,
    stdout: 'pubmed26n0001.xml.gz (pubmed-xml): added 2, updated 0, deleted 0, skipped 0\n',
  });
  const [file] = JSON.parse((await isocenter('literature', 'import-trials', trials, '--json')).stdout).files;
  expect(file).toMatchObject({ file: 'studies.json', format: 'trials-json', added: 1, problem: null });
  const refused = await isocenter('literature', 'import', bad);
  expect(refused).toMatchObject({ code: 1, stdout: 'letter.docx: A guideline is a PDF, or has a name that ends in .md or .txt\n' });
  const { stdout } = await isocenter('literature', 'list');
  expect(stdout.split('\n')).toEqual(['pubmed\t2\t2025-05-06', expect.stringMatching(/^trials\t1\t\d{4}-/), '']);
  expect((await isocenter('literature', 'remove', 'pmid:2')).stdout).toBe('removed 1 of pmid:2\n');
  expect((await isocenter('literature', 'list')).stdout).toContain('pubmed\t1\t');
  expect((await isocenter('literature', 'remove', 'pmid:2')).code).toBe(2);
});

import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { getEncryption, rotateKey } from '../../src/contract/encryption.ts';
import { readConfig } from '../../src/server/config.ts';
import { openDeps } from '../../src/server/deps.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';

const NAME = 'Zebrafinch^Quirinus';
const DAY_MS = 86_400_000;

let folder: string;
const open = async (env: Record<string, string> = {}): Promise<TestApp> => openTestApp({ env: { ISOCENTER_DATA_DIR: folder, ...env } });
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-encryption-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = secondaryCapture({ study: uid(300), series: uid(300, 1), instance: uid(300, 1, 1), patientName: NAME });
const upload = (app: TestApp) => app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes: file }]);
const download = async (app: TestApp) => (await app.inject({ url: `/api/v1/instances/${uid(300, 1, 1)}/file` })).rawPayload;

/** Whether any file of the blobs holds what the image holds in the clear. */
async function isInTheClear(): Promise<boolean> {
  const entries = await readdir(join(folder, 'blobs'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(0);
  const contents = await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name))));
  return contents.some((bytes) => bytes.includes('Zebrafinch'));
}

it('images are encrypted on the disk from the first start on, and come back byte by byte', async () => {
  const app = await open();
  expect((await upload(app)).statusCode).toBe(200);
  expect(await isInTheClear()).toBe(false);
  expect((await download(app)).equals(file)).toBe(true);
  expect((await app.inject({ url: `/api/v1/instances/${uid(300, 1, 1)}/rendered` })).statusCode).toBe(200);
  await app.close();
});

it('an administrator changes the key of the tenant: nothing is unreadable meanwhile, and the old key goes after a day', async () => {
  const app = await open();
  await upload(app);
  const before = await app.call(getEncryption, {});
  expect(before).toMatchObject({ files: true, keys: [{ replaced_at: null }] });
  const after = await app.call(rotateKey, {});
  expect(after.keys).toMatchObject([{ replaced_at: null }, { id: before.keys[0]?.id, replaced_at: expect.any(String) }]);
  expect((await download(app)).equals(file)).toBe(true);

  await app.drain();
  expect((await download(app)).equals(file)).toBe(true);
  expect((await app.call(getEncryption, {})).keys).toHaveLength(2);
  await app.drain(DAY_MS);
  await app.deps.db.transaction().execute((tx) => app.deps.jobs.enqueue(tx, 'reseal', {}));
  await app.drain();
  // A day later the session has ended.
  const left = await app.deps.systemDb.selectFrom('tenant_key').select('id').where('purpose', '=', 'data').execute();
  expect(left).toMatchObject([{ id: after.keys[0]?.id }]);
  const [row] = await app.deps.db.selectFrom('instance').select('blob_key').execute();
  expect(Buffer.from(await app.deps.blobs.read(row?.blob_key ?? '')).equals(file)).toBe(true);
  await app.close();
});

it('what was stored in the clear is readable when encryption is switched on, is encrypted by the nightly job, and back', async () => {
  const clear = await open({ ISOCENTER_ENCRYPTION: 'off' });
  await upload(clear);
  expect(await isInTheClear()).toBe(true);
  await clear.http.close();
  await clear.deps.close();

  for (const [state, inTheClear] of [
    ['on', false],
    ['off', true],
  ] as const) {
    const deps = await openDeps(readConfig({ ISOCENTER_DATA_DIR: folder, ISOCENTER_ENCRYPTION: state }));
    const { blobs } = await deps.scope('default');
    const [row] = await (await deps.scope('default')).db.selectFrom('instance').select('blob_key').execute();
    const read = async () => Buffer.from(await blobs.read(row?.blob_key ?? ''));
    expect((await read()).equals(file)).toBe(true);
    await (await deps.blobsOf('default')).reseal();
    expect(await isInTheClear()).toBe(inTheClear);
    expect((await read()).equals(file)).toBe(true);
    await deps.close();
  }
});

it('a server whose master key is gone does not start, and makes no new key over the old data', async () => {
  const app = await open();
  await upload(app);
  await app.http.close();
  await app.deps.close();
  await rm(join(folder, 'keys'), { recursive: true });
  const config = readConfig({ ISOCENTER_DATA_DIR: folder });
  await expect(openDeps(config)).rejects.toThrow('The master key is missing');
  expect(existsSync(join(folder, 'keys', 'master.key'))).toBe(false);
});

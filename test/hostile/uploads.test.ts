import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../app.ts';
import { badFiles, good, nestedSequences } from '../bad-files.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { dataTree, hasSharedData } from '../data.ts';
import { zipOf } from '../zip.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => app.close());

/** What is stored: instances and blobs. */
async function holdings(): Promise<{ instances: number; blobs: number }> {
  const { n } = await app.deps.db
    .selectFrom('instance')
    .select((instance) => instance.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  let blobs = 0;
  for await (const _ of app.deps.blobs.list()) blobs += 1;
  return { instances: Number(n), blobs };
}

describe('hostile uploads', () => {
  it.each(badFiles)('refuses $name with its name and a reason, and stores nothing', async ({ name, bytes, kind }) => {
    const before = await holdings();
    const response = await app.upload('/api/v1/studies', [{ name, bytes: bytes() }]);
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(response.statusCode).toBeLessThan(500);
    const problem = response.json();
    expect(problem.type).toBe(`urn:isocenter:error:${kind}`);
    expect(problem.errors[0].field).toBe(name);
    expect(problem.errors[0].message.length).toBeGreaterThan(10);
    expect(await holdings()).toEqual(before);
  });

  it('stores the good files of an archive and lists the bad ones, names that climb out included', async () => {
    const archive = zipOf([
      { name: 'good/one.dcm', bytes: good },
      { name: 'bad/words.txt', bytes: Buffer.from('not an image, not at all, but long enough to be looked at'.repeat(9)) },
      { name: '../../escape.dcm', bytes: secondaryCapture({ instance: uid(92) }) },
      { name: 'inner.zip', bytes: zipOf([{ name: 'x.dcm', bytes: good }]) },
    ]);
    const response = await app.upload('/api/v1/studies', [{ name: 'mixed.zip', bytes: archive }]);
    expect(response.statusCode).toBe(200);
    const { items, stored, refused } = response.json();
    expect({ stored, refused }).toEqual({ stored: 1, refused: 3 });
    expect(items.find(({ file }: { file: string }) => file.includes('escape'))).toMatchObject({
      status: 'refused',
      error: 'invalid-archive',
    });
    expect(items.find(({ file }: { file: string }) => file.includes('inner'))).toMatchObject({
      status: 'refused',
      error: 'invalid-archive',
    });
  });

  it('refuses an entry that grows a thousandfold past 64 MiB without unpacking it', async () => {
    const zeros = Buffer.alloc(80 * 1024 * 1024);
    const response = await app.upload('/api/v1/studies', [
      { name: 'bomb.zip', bytes: zipOf([{ name: 'zeros.dcm', bytes: zeros, deflate: true }]) },
    ]);
    expect(response.statusCode).toBe(400);
    expect(response.json().errors[0].message).toContain('times');
  });

  it('takes a file that is a TIFF and DICOM at once as DICOM', async () => {
    const polyglot = Buffer.from(secondaryCapture({ study: uid(93), series: uid(93, 1), instance: uid(93, 1, 1) }));
    polyglot.set([0x49, 0x49, 0x2a, 0x00], 0);
    const response = await app.upload('/api/v1/studies', [{ name: 'dual.tif', bytes: polyglot }]);
    expect(response.json()).toMatchObject({ stored: 1, items: [{ sop_instance_uid: uid(93, 1, 1) }] });
  });

  it('says a conflict when the same SOP Instance UID comes with other bytes, and keeps the first', async () => {
    const first = secondaryCapture({ study: uid(94), series: uid(94, 1), instance: uid(94, 1, 1), seed: 1 });
    const second = secondaryCapture({ study: uid(94), series: uid(94, 1), instance: uid(94, 1, 1), seed: 2 });
    expect((await app.upload('/api/v1/studies', [{ name: 'a', bytes: first }])).json()).toMatchObject({ stored: 1 });
    expect((await app.upload('/api/v1/studies', [{ name: 'a', bytes: first }])).json()).toMatchObject({ already_held: 1 });
    const before = await holdings();
    const conflict = await app.upload('/api/v1/studies', [{ name: 'b', bytes: second }]);
    expect(conflict.statusCode).toBe(409);
    expect(await holdings()).toEqual(before);
    const file = await app.inject({ url: `/api/v1/instances/${uid(94, 1, 1)}/file` });
    expect(Buffer.compare(file.rawPayload, Buffer.from(first))).toBe(0);
  });

  it('refuses an object of a study that is held for another patient', async () => {
    const mine = secondaryCapture({ study: uid(95), series: uid(95, 1), instance: uid(95, 1, 1), patientId: 'MINE' });
    const theirs = secondaryCapture({ study: uid(95), series: uid(95, 1), instance: uid(95, 1, 2), patientId: 'THEIRS' });
    expect((await app.upload('/api/v1/studies', [{ name: 'a', bytes: mine }])).statusCode).toBe(200);
    expect((await app.upload('/api/v1/studies', [{ name: 'b', bytes: theirs }])).statusCode).toBe(409);
  });

  it.each([
    ['no boundary', { 'content-type': 'multipart/form-data' }, 'x', 400],
    [
      'a body that is cut off',
      { 'content-type': 'multipart/form-data; boundary=b' },
      '--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\nhalf',
      400,
    ],
    ['no file', { 'content-type': 'multipart/form-data; boundary=b' }, '--b--\r\n', 400],
    ['another media type', { 'content-type': 'text/plain' }, 'hello', 415],
  ])('answers %s with a problem', async (_, headers, payload, status) => {
    const response = await app.inject({ method: 'POST', url: '/api/v1/studies', headers, payload });
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toContain('application/problem+json');
  });

  it('answers health while it works through bad files', async () => {
    const [, health] = await Promise.all([
      app.upload(
        '/api/v1/studies',
        Array.from({ length: 20 }, (_, index) => ({ name: `nested-${index}.dcm`, bytes: nestedSequences(20_000) })),
      ),
      app.inject({ url: '/api/health' }),
    ]);
    expect(health.json()).toMatchObject({ status: 'ok' });
  });

  it.skipIf(!hasSharedData)('answers every file of the pydicom sets, good or malformed, without a 5xx (needs ../shared/data)', async () => {
    const files = [...dataTree('dicom', 'pydicom'), ...dataTree('dicom', 'pydicom-data')];
    expect(files.length).toBeGreaterThan(200);
    const outcomes: Record<string, number> = {};
    for (const path of files) {
      const response = await app.upload('/api/v1/studies', [{ name: basename(path), bytes: readFileSync(path) }]);
      outcomes[response.statusCode] = (outcomes[response.statusCode] ?? 0) + 1;
      expect(response.statusCode, `${path}: ${response.body}`).toBeLessThan(500);
      if (response.statusCode >= 400) expect(response.json().errors[0].message, path).toMatch(/\w{3}/);
    }
    expect(outcomes['200']).toBeGreaterThan(150);
    expect(outcomes['400']).toBeGreaterThan(5);
  });
});

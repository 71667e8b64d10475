import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSet } from '../../src/dicom/data-set.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { writePart10 } from '../../src/dicom/write.ts';
import { transcodeInstance } from '../../src/imaging/transcode.ts';
import { storeStatusOf } from '../../src/server/dicomweb/store-answer.ts';
import { storeFile } from '../../src/server/dicomweb/store-objects.ts';
import { dataSetOffset, fileHead } from '../../src/server/dimse/file-head.ts';
import { AppError } from '../../src/server/platform/errors.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => app.close());

const instance = (number: number, study = uid(50)): Uint8Array =>
  secondaryCapture({ study, series: `${study}.1`, instance: `${study}.1.${number}`, patientId: `STOW-${study.length}` });

function related(parts: Uint8Array[], type = 'application/dicom'): { payload: Buffer; headers: Record<string, string> } {
  const body = parts.flatMap((part) => [Buffer.from('--b\r\ncontent-type: application/dicom\r\n\r\n'), part, Buffer.from('\r\n')]);
  return {
    payload: Buffer.concat([...body, Buffer.from('--b--\r\n')]),
    headers: { 'content-type': `multipart/related; type="${type}"; boundary=b` },
  };
}

const store = (parts: Uint8Array[], path = '/dicom-web/studies') => app.inject({ method: 'POST', url: path, ...related(parts) });

it('stores every part and names it in the Referenced SOP Sequence', async () => {
  const response = await store([instance(1), instance(2)]);
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toContain('application/dicom+json');
  const stored = response.json()['00081199'].Value.map((item: Record<string, { Value: string[] }>) => item['00081155']?.Value[0]);
  expect(stored.sort()).toEqual([`${uid(50)}.1.1`, `${uid(50)}.1.2`]);
});

it('tells where the study and each object can be retrieved', async () => {
  const response = await store([instance(1)]);
  const { '00081190': study, '00081199': held } = response.json();
  expect(study.Value[0]).toMatch(new RegExp(`/dicom-web/studies/${uid(50)}$`));
  const [url] = held.Value[0]['00081190'].Value;
  const retrieved = await app.inject({ url: new URL(url).pathname, headers: { accept: 'application/dicom; transfer-syntax=*' } });
  expect(retrieved.rawPayload.equals(instance(1))).toBe(true);
});

describe('an object that comes again', () => {
  const resend = async (change: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>) => {
    const response = await store([await change(instance(1))]);
    const { blob_key } = await app.deps.db
      .selectFrom('instance')
      .select('blob_key')
      .where('sop_instance_uid', '=', `${uid(50)}.1.1`)
      .executeTakeFirstOrThrow();
    expect(Buffer.from(await app.deps.blobs.read(blob_key)).equals(instance(1))).toBe(true);
    return response.statusCode;
  };
  const rewritten =
    (change: DataSet, syntax = '1.2.840.10008.1.2.1') =>
    (bytes: Uint8Array) => {
      const part10 = parsePart10(bytes);
      return writePart10({ ...part10, dataSet: { ...part10.dataSet, ...change }, transferSyntaxUid: syntax });
    };

  it('is held already with another file meta group, as over DIMSE', async () => {
    expect(await resend((bytes) => Buffer.concat([fileHead(named), bytes.subarray(dataSetOffset(bytes))]))).toBe(200);
  });

  it.each(['', '.2', '.1.99', '.5', '.4.70', '.4.80', '.4.90', '.4.201'].map((tail) => `1.2.840.10008.1.2${tail}`))(
    'is held already in the transfer syntax %s, without another file for it',
    async (syntax) => {
      const before = await countBlobs();
      expect(await resend((bytes) => transcodeInstance(parsePart10(bytes), syntax))).toBe(200);
      expect(await countBlobs()).toBe(before);
    },
  );

  it('conflicts with another value, another pixel, or in another series, and leaves what is held', async () => {
    const before = await countBlobs();
    expect(await resend(rewritten({ '00104000': { vr: 'LT', Value: ['changed'] } }))).toBe(409);
    expect(await resend(rewritten({ '7FE00010': { vr: 'OB', bytes: new Uint8Array(256) } }))).toBe(409);
    expect(await resend(rewritten({ '7FE00010': { vr: 'OB', bytes: new Uint8Array(256) } }, '1.2.840.10008.1.2'))).toBe(409);
    expect(await resend(rewritten({ '0020000E': { vr: 'UI', Value: [`${uid(50)}.9`] } }))).toBe(409);
    expect(await countBlobs()).toBe(before);
  });

  const named = { sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: `${uid(50)}.1.1`, transferSyntaxUid: '1.2.840.10008.1.2.1' };

  async function countBlobs(): Promise<number> {
    let count = 0;
    for await (const _ of app.deps.blobs.list()) count += 1;
    return count;
  }
});

it('stores more parts than it works on at a time', async () => {
  const many = Array.from({ length: 100 }, (_, index) => instance(100 + index));
  const response = await store(many);
  expect(response.json()['00081199'].Value).toHaveLength(100);
});

it('answers 202 when some parts fail, with a failure reason', async () => {
  const response = await store([instance(3), Buffer.from('no dicom')]);
  expect(response.statusCode).toBe(202);
  // Nobody can tell which object it was.
  expect(response.json()['0008119A'].Value[0]['00081197'].Value[0]).toBe(0xc000);
});

it('answers 409 when all parts fail, and stores nothing of another study into this one', async () => {
  const response = await store([instance(4, uid(51))], `/dicom-web/studies/${uid(50)}`);
  expect(response.statusCode).toBe(409);
  const [failure] = response.json()['00081198'].Value;
  expect([failure['00081150'].Value[0], failure['00081155'].Value[0]]).toEqual(['1.2.840.10008.5.1.4.1.1.7', `${uid(51)}.1.4`]);
  expect((await app.inject({ url: `/api/v1/studies/${uid(51)}` })).statusCode).toBe(404);
});

it('refuses parts of another media type with 415, a body without parts with 400, and a stranger with 401', async () => {
  expect((await app.inject({ method: 'POST', url: '/dicom-web/studies', ...related([instance(5)], 'image/png') })).statusCode).toBe(415);
  const mixed = Buffer.from(`--b\r\nContent-Type: text/html\r\n\r\n<p>\r\n--b--\r\n`);
  const headers = { 'content-type': 'multipart/related; type="application/dicom"; boundary=b' };
  expect((await app.inject({ method: 'POST', url: '/dicom-web/studies', payload: mixed, headers })).statusCode).toBe(415);
  expect((await store([])).statusCode).toBe(400);
  expect((await app.http.inject({ method: 'POST', url: '/dicom-web/studies', ...related([instance(6)]) })).statusCode).toBe(401);
});

it('answers 413 where every object is too large, and 507 where there is no space left for any', async () => {
  const small = await openTestApp({ env: { ISOCENTER_MAX_UPLOAD_BYTES: '1048576' } });
  const large = secondaryCapture({ study: uid(52), series: uid(52, 1), instance: uid(52, 1, 1), rows: 1200, columns: 1000 });
  const response = await small.inject({ method: 'POST', url: '/dicom-web/studies', ...related([large]) });
  expect(response.statusCode).toBe(413);
  // As a network brings it: the limit is reached in the middle of a part.
  const { payload, headers } = related([large]);
  const pieces = Readable.from(
    (function* () {
      for (let at = 0; at < payload.length; at += 65_536) yield payload.subarray(at, at + 65_536);
    })(),
  );
  const streamed = await small.inject({ method: 'POST', url: '/dicom-web/studies', payload: pieces, headers });
  expect(streamed.statusCode).toBe(413);
  await small.close();
  const full = {
    ...app.deps,
    blobs: { ...app.deps.blobs, put: async () => Promise.reject(new AppError('storage-full', 'No space left')) },
  };
  const outcome = await storeFile(full, Readable.from([instance(7)]));
  expect([storeStatusOf([outcome]), storeStatusOf([outcome, outcome])]).toEqual([507, 507]);
  const other = await storeFile(app.deps, Readable.from([Buffer.from('no dicom')]));
  expect(storeStatusOf([outcome, other])).toBe(409);
});

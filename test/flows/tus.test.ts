import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { zipOf } from '../zip.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => app.close());

const TUS = { 'tus-resumable': '1.0.0' };
const archive = zipOf(
  [1, 2, 3].map((number) => ({
    name: `${number}.dcm`,
    bytes: secondaryCapture({ study: uid(60), series: uid(60, 1), instance: uid(60, 1, number), seed: number }),
  })),
);

async function create(): Promise<string> {
  const response = await app.inject({
    method: 'POST',
    url: '/api/v1/uploads',
    headers: {
      ...TUS,
      'upload-length': String(archive.byteLength),
      'upload-metadata': `filename ${Buffer.from('study.zip').toString('base64')}`,
    },
  });
  expect(response.statusCode).toBe(201);
  return String(response.headers['location']);
}

it('an upload that broke off goes on where it stood, and is stored once whole', async () => {
  const url = await create();
  const middle = Math.floor(archive.byteLength / 2);
  const headers = { ...TUS, 'content-type': 'application/offset+octet-stream' };
  const first = await app.inject({
    method: 'PATCH',
    url,
    headers: { ...headers, 'upload-offset': '0' },
    payload: archive.subarray(0, middle),
  });
  expect(first.statusCode).toBe(204);
  expect((await app.inject({ url: `${url}/result` })).statusCode).toBe(404);

  const where = await app.inject({ method: 'HEAD', url, headers: TUS });
  expect(where.headers['upload-offset']).toBe(String(middle));
  const second = await app.inject({
    method: 'PATCH',
    url,
    headers: { ...headers, 'upload-offset': String(middle) },
    payload: archive.subarray(middle),
  });
  expect(second.statusCode).toBe(204);
  const told = JSON.parse(Buffer.from(String(second.headers['upload-result']), 'base64').toString());
  expect(told).toMatchObject({ stored: 3, refused: 0 });
  expect((await app.inject({ url: `${url}/result` })).json()).toEqual(told);
  const file = await app.inject({ url: `/api/v1/instances/${uid(60, 1, 2)}/file` });
  const sent = secondaryCapture({ study: uid(60), series: uid(60, 1), instance: uid(60, 1, 2), seed: 2 });
  expect(createHash('sha256').update(file.rawPayload).digest('hex')).toBe(createHash('sha256').update(sent).digest('hex'));
});

it('an upload needs a session', async () => {
  const response = await app.http.inject({ method: 'POST', url: '/api/v1/uploads', headers: { ...TUS, 'upload-length': '10' } });
  expect(response.statusCode).toBe(401);
});

it('a part at the wrong place is refused and changes nothing', async () => {
  const url = await create();
  const headers = { ...TUS, 'content-type': 'application/offset+octet-stream', 'upload-offset': '5' };
  expect((await app.inject({ method: 'PATCH', url, headers, payload: archive })).statusCode).toBe(409);
  expect((await app.inject({ method: 'HEAD', url, headers: TUS })).headers['upload-offset']).toBe('0');
});

it('a result too long for a header is asked for instead', async () => {
  const many = zipOf(
    Array.from({ length: 90 }, (_, number) => ({ name: `${number}.txt`, bytes: Buffer.from(`no image, file ${number}`) })),
  );
  const created = await app.inject({
    method: 'POST',
    url: '/api/v1/uploads',
    headers: { ...TUS, 'upload-length': String(many.byteLength) },
  });
  const url = String(created.headers['location']);
  const headers = { ...TUS, 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' };
  const sent = await app.inject({ method: 'PATCH', url, headers, payload: many });
  expect(sent.statusCode).toBe(204);
  expect(sent.headers['upload-result']).toBeUndefined();
  expect((await app.inject({ url: `${url}/result` })).json()).toMatchObject({ stored: 0, refused: 90 });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
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

it('answers 202 when some parts fail, with a failure reason', async () => {
  const response = await store([instance(3), Buffer.from('no dicom')]);
  expect(response.statusCode).toBe(202);
  expect(response.json()['00081198'].Value[0]['00081197'].Value[0]).toBe(0xc000);
});

it('answers 409 when all parts fail, and stores nothing of another study into this one', async () => {
  const response = await store([instance(4, uid(51))], `/dicom-web/studies/${uid(50)}`);
  expect(response.statusCode).toBe(409);
  expect((await app.inject({ url: `/api/v1/studies/${uid(51)}` })).statusCode).toBe(404);
});

it('refuses parts of another media type with 415, a body without parts with 400, and a stranger with 401', async () => {
  expect((await app.inject({ method: 'POST', url: '/dicom-web/studies', ...related([instance(5)], 'image/png') })).statusCode).toBe(415);
  expect((await store([])).statusCode).toBe(400);
  expect((await app.http.inject({ method: 'POST', url: '/dicom-web/studies', ...related([instance(6)]) })).statusCode).toBe(401);
});

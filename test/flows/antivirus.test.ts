import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ClamdServer, EICAR, openClamd } from '../adapters/clamd.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { zipOf } from '../zip.ts';

let scanner: ClamdServer;
let app: TestApp;
beforeAll(async () => {
  scanner = await openClamd();
  app = await openTestApp({ env: { ISOCENTER_CLAMAV: scanner.address } });
});
afterAll(async () => {
  await app.close();
  await scanner.close();
});

const image = (study: string, more: Uint8Array = new Uint8Array(256)) =>
  secondaryCapture({
    study,
    series: `${study}.1`,
    instance: `${study}.1.1`,
    rows: 16,
    columns: 16,
    more: { '7FE00010': { vr: 'OB', bytes: Buffer.concat([more, Buffer.alloc(256)]).subarray(0, 256) } },
  });
const clean = image(uid(310));
const infected = image(uid(311), EICAR);
const picture = async () =>
  Buffer.concat([
    await sharp({ create: { width: 64, height: 64, channels: 3, background: 'gray' } })
      .png()
      .toBuffer(),
    EICAR,
  ]);
const isStored = async (study: string) => (await app.inject({ url: `/api/v1/studies/${study}` })).statusCode === 200;

it('what the scanner passes is stored', async () => {
  expect((await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes: clean }])).statusCode).toBe(200);
  expect(await isStored(uid(310))).toBe(true);
});

it('an infected object is refused at every door, named as such, and nothing of it stays', async () => {
  const refused = await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes: infected }]);
  expect(refused.statusCode).toBe(422);
  expect(refused.json()).toMatchObject({ type: 'urn:isocenter:error:infected', detail: 'The virus scanner found Eicar-Signature' });

  const stow = await app.inject({
    method: 'POST',
    url: '/dicom-web/studies',
    headers: { 'content-type': 'multipart/related; type="application/dicom"; boundary=b' },
    payload: Buffer.concat([Buffer.from('--b\r\ncontent-type: application/dicom\r\n\r\n'), infected, Buffer.from('\r\n--b--\r\n')]),
  });
  expect(stow.statusCode).toBe(409);

  const archive = await app.upload('/api/v1/studies', [{ name: 'a.zip', bytes: zipOf([{ name: 'x.dcm', bytes: infected }]) }]);
  expect(archive.json()).toMatchObject({ type: 'urn:isocenter:error:infected' });
  for (const path of ['/api/v1/studies', '/api/v1/predict'])
    expect((await app.upload(path, [{ name: 'a.png', bytes: await picture() }])).json(), path).toMatchObject({
      type: 'urn:isocenter:error:infected',
    });

  expect(await isStored(uid(311))).toBe(false);
  const keys: string[] = [];
  for await (const { key } of app.deps.blobs.list()) keys.push(key);
  expect(keys).toHaveLength(1);
});

it('a file beside an infected one is stored', async () => {
  const other = image(uid(312));
  const answer = await app.upload('/api/v1/studies', [
    { name: 'bad.dcm', bytes: infected },
    { name: 'good.dcm', bytes: other },
  ]);
  expect(answer.json()).toMatchObject({ stored: 1, refused: 1 });
  expect(await isStored(uid(312))).toBe(true);
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toDicomJson } from '../../src/dicom/dicom-json.ts';
import { writeNativeXml } from '../../src/dicom/dicom-xml.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { writePart10 } from '../../src/dicom/write.ts';
import { transcodeInstance } from '../../src/imaging/transcode.ts';
import { wrapImage } from '../../src/server/studies/wrap-image.ts';
import { openTestApp, type TestApp } from '../app.ts';

const hasTool = spawnSync('dciodvfy', ['-version']).error === undefined;
const folder = mkdtempSync(join(tmpdir(), 'isocenter-verified-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What dciodvfy calls an error of an object (PS3.3), in lines. */
function errorsOf(bytes: Uint8Array): string[] {
  const path = join(folder, 'object.dcm');
  writeFileSync(path, bytes);
  const { stderr, stdout } = spawnSync('dciodvfy', [path], { encoding: 'utf8' });
  return `${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('Error'));
}

const FIELDS = { patient_id: 'VERIFIED', patient_name: 'Veri^Fied', body_part: 'CHEST' };
const picture = (channels: 1 | 3): Promise<Buffer> => {
  const pixels = Buffer.from(Array.from({ length: 40 * 30 * channels }, (_, index) => (index * 7) % 256));
  const image = sharp(pixels, { raw: { width: 40, height: 30, channels } });
  return (channels === 1 ? image.toColourspace('b-w') : image).png().toBuffer();
};

describe.skipIf(!hasTool)('what this program writes, under dciodvfy (needs dicom3tools)', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp();
  });
  afterAll(async () => app.close());

  it.each([
    ['a gray picture as Secondary Capture', 1, undefined],
    ['a color picture as Secondary Capture', 3, undefined],
    ['a gray picture of a radiograph', 1, 'DX'],
  ] as const)('has no error in %s', async (_, channels, modality) => {
    const object = await wrapImage(await picture(channels), { ...FIELDS, ...(modality ? { modality } : {}) });
    expect(errorsOf(object)).toEqual([]);
  });

  it.each(['1.2.840.10008.1.2', '1.2.840.10008.1.2.5', '1.2.840.10008.1.2.4.70', '1.2.840.10008.1.2.4.80', '1.2.840.10008.1.2.4.90'])(
    'has no error in an object that is given in the transfer syntax %s',
    async (syntax) => {
      for (const channels of [1, 3] as const) {
        const object = parsePart10(await wrapImage(await picture(channels), FIELDS));
        expect(errorsOf(await transcodeInstance(object, syntax))).toEqual([]);
      }
    },
  );

  it('has no error in an object that came as attributes, in JSON or XML', async () => {
    for (const [type, number] of [
      ['application/dicom+json', 1],
      ['application/dicom+xml', 2],
    ] as const) {
      const object = parsePart10(await wrapImage(await picture(1), { ...FIELDS, patient_id: `VERIFIED-${number}` }));
      const link = 'http://client.example/pixels';
      const json = toDicomJson(object.dataSet, { bulkDataUri: (path) => (path === '7FE00010' ? link : undefined) });
      const document = type === 'application/dicom+json' ? JSON.stringify([json]) : writeNativeXml(json);
      const pixels = object.dataSet['7FE00010']?.bytes ?? new Uint8Array();
      const payload = Buffer.concat([
        Buffer.from(`--b\r\nContent-Type: ${type}\r\n\r\n${document}\r\n`),
        Buffer.from(`--b\r\nContent-Type: application/octet-stream\r\nContent-Location: ${link}\r\n\r\n`),
        pixels,
        Buffer.from('\r\n--b--\r\n'),
      ]);
      const headers = { 'content-type': `multipart/related; type="${type}"; boundary=b` };
      const response = await app.inject({ method: 'POST', url: '/dicom-web/studies', payload, headers });
      expect(response.statusCode, response.body).toBe(200);
      const [{ '00081190': url }] = response.json()['00081199'].Value;
      const path = new URL(url.Value[0]).pathname;
      const stored = await app.inject({ url: path, headers: { accept: 'application/dicom; transfer-syntax=*' } });
      expect(errorsOf(stored.rawPayload)).toEqual([]);
    }
  });

  it('tells an error where there is one', async () => {
    const { dataSet, ...rest } = parsePart10(await wrapImage(await picture(1), FIELDS));
    const { '00080064': _, ...broken } = dataSet;
    expect(errorsOf(writePart10({ ...rest, dataSet: broken })).length).toBeGreaterThan(0);
  });
});

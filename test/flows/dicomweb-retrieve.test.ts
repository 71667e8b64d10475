import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSet } from '../../src/dicom/data-set.ts';
import { toDicomJson } from '../../src/dicom/dicom-json.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { writePart10 } from '../../src/dicom/write.ts';
import { deflateRaw, inflateRaw } from '../../src/server/studies/read-arrival.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { partsOf } from './dicomweb-parts.ts';

const STUDY = uid(800);
const SERIES = `${STUDY}.1`;
const EXPLICIT = '1.2.840.10008.1.2.1';
const IMPLICIT = '1.2.840.10008.1.2';
const DEFLATED = '1.2.840.10008.1.2.1.99';
const FRAMES = 40;
const FRAME_BYTES = 6;

/** Three frames' worth of stripes, a nested binary value and a long private one. */
const more: DataSet = {
  '00091010': { vr: 'OB', bytes: Buffer.alloc(3000, 7) },
  '00090010': { vr: 'LO', Value: ['ISOCENTER TEST'] },
  '00280008': { vr: 'IS', Value: [FRAMES] },
  '00280010': { vr: 'US', Value: [2] },
  '00280011': { vr: 'US', Value: [3] },
  '54000100': { vr: 'SQ', Value: [{ '54001010': { vr: 'OW', bytes: Buffer.alloc(2048, 5) } }] },
  '7FE00010': { vr: 'OB', bytes: Buffer.from(Array.from({ length: FRAMES * FRAME_BYTES }, (_, index) => index)) },
};
const file = secondaryCapture({ study: STUDY, series: SERIES, instance: `${SERIES}.1`, patientId: 'WADO', more });
const { dataSet } = parsePart10(file);
const inSyntax = (instance: string, transferSyntaxUid: string): Uint8Array =>
  writePart10({ dataSet: { ...dataSet, '00080018': { vr: 'UI', Value: [instance] } }, transferSyntaxUid }, { deflateRaw });
const deflated = inSyntax(`${SERIES}.2`, DEFLATED);
const implicit = inSyntax(`${STUDY}.2.1`, IMPLICIT);

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
  const other = secondaryCapture({ study: uid(801), series: uid(801, 1), instance: uid(801, 1, 1), patientId: 'OTHER' });
  const report: DataSet = {
    ...dataSet,
    '00080018': { vr: 'UI', Value: [`${STUDY}.3.1`] },
    '0020000E': { vr: 'UI', Value: [`${STUDY}.3`] },
  };
  for (const tag of ['7FE00010', '00280008', '00280010', '00280011']) delete report[tag];
  const moved = parsePart10(implicit);
  moved.dataSet['0020000E'] = { vr: 'UI', Value: [`${STUDY}.2`] };
  const files = [file, deflated, writePart10(moved), writePart10({ dataSet: report, transferSyntaxUid: EXPLICIT }), other];
  const response = await app.upload(
    '/api/v1/studies',
    files.map((bytes) => ({ name: 'x.dcm', bytes })),
  );
  expect(response.json(), response.body).toMatchObject({ stored: 5 });
});
afterAll(async () => app.close());

const url = `/dicom-web/studies/${STUDY}/series/${SERIES}/instances/${SERIES}.1`;
const deflatedUrl = `/dicom-web/studies/${STUDY}/series/${SERIES}/instances/${SERIES}.2`;
const get = (path: string, headers: Record<string, string> = {}) => app.inject({ url: path, headers });

describe('files', () => {
  it('come as they were stored, in parts named by their transfer syntax, for `transfer-syntax=*`', async () => {
    const response = await get(`/dicom-web/studies/${STUDY}/series/${SERIES}`, {
      accept: 'multipart/related; type="application/dicom"; transfer-syntax=*',
    });
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toContain('type="application/dicom"');
    const parts = partsOf(response);
    expect(parts.map(({ body }) => body)).toEqual([Buffer.from(file), Buffer.from(deflated)]);
    expect(parts.map(({ headers }) => headers['content-type'])).toEqual([
      `application/dicom; transfer-syntax=${EXPLICIT}`,
      `application/dicom; transfer-syntax=${DEFLATED}`,
    ]);
    expect(parts[0]?.headers['content-location']).toMatch(new RegExp(`^http://.*${url}$`));
  });

  it('come in explicit VR little endian to who names no transfer syntax: deflated ones inflated, implicit ones explicit', async () => {
    const parts = partsOf(await get(`/dicom-web/studies/${STUDY}`));
    expect(parts.length).toBe(4);
    for (const { headers, body } of parts) {
      expect(headers['content-type']).toBe(`application/dicom; transfer-syntax=${EXPLICIT}`);
      expect(parsePart10(body).transferSyntaxUid).toBe(EXPLICIT);
    }
    const inflated = parsePart10(parts[1]?.body ?? file).dataSet;
    expect(toDicomJson(inflated)).toEqual(toDicomJson(parsePart10(deflated, { inflateRaw }).dataSet));
  });

  it('are written in implicit VR when that is asked for, and refused in what cannot be written', async () => {
    const asked = await get(url, { accept: `application/dicom; transfer-syntax=${IMPLICIT}` });
    expect(asked.headers['content-type']).toBe(`application/dicom; transfer-syntax=${IMPLICIT}`);
    const { transferSyntaxUid, dataSet: written } = parsePart10(asked.rawPayload);
    expect([transferSyntaxUid, written['7FE00010']?.bytes]).toEqual([IMPLICIT, dataSet['7FE00010']?.bytes]);
    const jpeg = await get(url, { accept: 'application/dicom; transfer-syntax=1.2.840.10008.1.2.4.50' });
    expect(jpeg.statusCode).toBe(406);
    expect(jpeg.headers['content-type']).toContain('application/problem+json');
  });

  it('come alone for Accept: application/dicom, whole or a range of bytes', async () => {
    const accept = 'application/dicom; transfer-syntax=*';
    const whole = await get(url, { accept });
    expect(whole.rawPayload.equals(file)).toBe(true);
    expect(whole.headers).toMatchObject({ 'content-length': String(file.length), 'accept-ranges': 'bytes' });
    const range = await get(url, { accept, range: 'bytes=100-199' });
    expect(range.statusCode).toBe(206);
    expect(range.headers['content-range']).toBe(`bytes 100-199/${file.length}`);
    expect(range.rawPayload.equals(file.subarray(100, 200))).toBe(true);
    expect((await get(url, { accept, range: 'bytes=-10' })).rawPayload.equals(file.subarray(-10))).toBe(true);
    expect((await get(url, { accept, range: `bytes=${file.length}-` })).statusCode).toBe(416);
    expect((await get(`/dicom-web/studies/${STUDY}`, { accept: 'application/dicom' })).statusCode).toBe(406);
  });

  it('are not sent again to who holds them', async () => {
    for (const accept of ['application/dicom', 'multipart/related; type="application/dicom"', 'application/dicom; transfer-syntax=*']) {
      const first = await get(url, { accept });
      const again = await get(url, { accept, 'if-none-match': String(first.headers['etag']) });
      expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0]);
      expect((await get(url, { accept, 'if-none-match': '"another"' })).statusCode).toBe(200);
    }
  });
});

describe('frames', () => {
  const accept = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
  const frameBytes = (number: number) =>
    Buffer.from(dataSet['7FE00010']?.bytes ?? []).subarray((number - 1) * FRAME_BYTES, number * FRAME_BYTES);

  it('are the bytes of the file, in the order in which they are asked for, also more of them than fit a short path', async () => {
    const numbers = [3, 1, ...Array.from({ length: FRAMES }, (_, index) => index + 1)];
    const response = await get(`${url}/frames/${numbers.join(',')}`, { accept });
    expect(response.statusCode, response.body).toBe(200);
    const parts = partsOf(response);
    expect(parts.map(({ body }) => body)).toEqual(numbers.map(frameBytes));
    expect(parts[0]?.headers).toMatchObject({ 'content-type': `application/octet-stream; transfer-syntax=${EXPLICIT}` });
    expect(parts[0]?.headers['content-location']).toMatch(/\/frames\/3$/);
  });

  it('come out of deflated files, and alone for Accept: application/octet-stream', async () => {
    expect(partsOf(await get(`${deflatedUrl}/frames/2`, { accept }))[0]?.body).toEqual(frameBytes(2));
    const alone = await get(`${url}/frames/2`, { accept: 'application/octet-stream' });
    expect(alone.rawPayload).toEqual(frameBytes(2));
    expect((await get(`${url}/frames/1,2`, { accept: 'application/octet-stream' })).statusCode).toBe(406);
  });

  it('that are not there are a 404, and numbers that are none a 400', async () => {
    expect((await get(`${url}/frames/${FRAMES + 1}`)).statusCode).toBe(404);
    expect((await get(`/dicom-web/studies/${STUDY}/series/${STUDY}.3/instances/${STUDY}.3.1/frames/1`)).statusCode).toBe(404);
    for (const frames of ['0', '1,', 'a', '1;2']) expect((await get(`${url}/frames/${frames}`)).statusCode, frames).toBe(400);
  });
});

describe('metadata and bulk data', () => {
  it('give the data set of the file, with links under which the binary values are', async () => {
    const response = await get(`${url}/metadata`);
    expect(response.headers['content-type']).toContain('application/dicom+json');
    const [metadata] = response.json();
    const links: string[] = [];
    const expected = toDicomJson(dataSet, {
      bulkDataUri: (path, length) => {
        if (length <= 1024 && path !== '7FE00010') return undefined;
        links.push(path);
        return `http://localhost:80${url}/bulkdata/${path.replaceAll('/', '.')}`;
      },
    });
    expect(metadata).toEqual(expected);
    expect(links).toEqual(['00091010', '54000100/1/54001010', '7FE00010']);
    const read = async (link: string) => (await get(new URL(link).pathname, { accept: 'application/octet-stream' })).rawPayload;
    expect(await read(metadata['00091010'].BulkDataURI)).toEqual(Buffer.alloc(3000, 7));
    expect(await read(metadata['54000100'].Value[0]['54001010'].BulkDataURI)).toEqual(Buffer.alloc(2048, 5));
    expect((await read(metadata['7FE00010'].BulkDataURI)).equals(dataSet['7FE00010']?.bytes ?? file)).toBe(true);
  });

  it('gives bulk data in parts, by ranges, and again only to who does not hold it', async () => {
    const pixels = Buffer.from(dataSet['7FE00010']?.bytes ?? []);
    expect(partsOf(await get(`${url}/bulkdata/7FE00010`)).map(({ body }) => body)).toEqual([pixels]);
    const range = await get(`${url}/bulkdata/7FE00010`, { accept: 'application/octet-stream', range: 'bytes=6-11' });
    expect([range.statusCode, range.rawPayload]).toEqual([206, pixels.subarray(6, 12)]);
    expect((await get(`${url}/bulkdata/7FE00010`, { 'if-none-match': '*' })).statusCode).toBe(304);
    expect((await get(`${url}/bulkdata/00100010`)).statusCode).toBe(404);
    expect((await get(`${url}/bulkdata/nonsense`)).statusCode).toBe(400);
  });

  it('lists every instance of a series and of a study, in JSON and in XML', async () => {
    const series = await get(`/dicom-web/studies/${STUDY}/series/${SERIES}/metadata`);
    expect(series.json().map((json: Record<string, { Value: string[] }>) => json['00080018']?.Value[0])).toEqual([
      `${SERIES}.1`,
      `${SERIES}.2`,
    ]);
    const study = await get(`/dicom-web/studies/${STUDY}/metadata`);
    expect(study.json().length).toBe(4);
    expect(JSON.stringify(study.json())).not.toContain('"00020010"');
    const again = await get(`/dicom-web/studies/${STUDY}/metadata`, { 'if-none-match': String(study.headers['etag']) });
    expect(again.statusCode).toBe(304);
    const xml = partsOf(await get(`${url}/metadata`, { accept: 'multipart/related; type="application/dicom+xml"' }));
    expect(xml.length).toBe(1);
    expect(xml[0]?.body.toString()).toContain(
      `<DicomAttribute keyword="SOPInstanceUID" tag="00080018" vr="UI"><Value number="1">${SERIES}.1</Value>`,
    );
  });
});

describe('what is refused', () => {
  it('is an instance under the wrong study or series, a study that is not there, and a UID that is none', async () => {
    for (const path of [
      `/dicom-web/studies/${uid(999)}`,
      `/dicom-web/studies/${STUDY}/series/${uid(801, 1)}`,
      `/dicom-web/studies/${uid(801)}/series/${SERIES}/instances/${SERIES}.1`,
      `/dicom-web/studies/${uid(801)}/series/${SERIES}/instances/${SERIES}.1/frames/1`,
      `/dicom-web/studies/${uid(801)}/series/${SERIES}/instances/${SERIES}.1/metadata`,
      `/dicom-web/studies/${STUDY}/series/${STUDY}.2/instances/${SERIES}.1/bulkdata/7FE00010`,
    ]) {
      const response = await get(path);
      expect([response.statusCode, response.json().status], path).toEqual([404, 404]);
    }
    expect((await get('/dicom-web/studies/not-a-uid')).statusCode).toBe(400);
  });

  it('is a media type that nothing is given in, and a request without a session', async () => {
    for (const path of ['', '/metadata', '/frames/1', '/bulkdata/7FE00010'])
      expect((await get(`${url}${path}`, { accept: 'text/html' })).statusCode, path).toBe(406);
    for (const path of [
      url,
      `${url}/metadata`,
      `${url}/frames/1`,
      `${url}/rendered`,
      `${url}/thumbnail`,
      '/dicom-web/studies',
      '/dicom-web/wado',
    ])
      expect((await app.http.inject({ url: path })).statusCode, path).toBe(401);
  });
});

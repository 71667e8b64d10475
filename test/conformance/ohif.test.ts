import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pixelFrames } from '../../src/dicom/frames.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { transcodeInstance } from '../../src/imaging/transcode.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { partsOf } from '../flows/dicomweb-parts.ts';

/**
 * The requests of the OHIF viewer (version 3, data source `dicomweb`), one after the other, as it opens its study list, a study and a
 * series: dicomweb-client's headers, OHIF's parameters. Sources: its documentation of the data source, and dicomweb-client.
 */
const STUDY = uid(81);
const SERIES = `${STUDY}.1`;
const FRAMES = 4;
const SIDE = 16;
const JPEG_LS = '1.2.840.10008.1.2.4.80';
/** What OHIF asks the study list for. */
const STUDY_FIELDS = '00081030,00080060,00080090,00100020,00100010,00080020,00080030,00080050,00080061,00201206,00201208';

let app: TestApp;
let stored: Uint8Array;
beforeAll(async () => {
  app = await openTestApp();
  const bytes = Buffer.from(Array.from({ length: SIDE * SIDE * FRAMES }, (_, index) => (index * 5) % 251));
  const overlay = { '00091010': { vr: 'OB' as const, bytes: Buffer.alloc(3_000, 9) } };
  const more = { '00280008': { vr: 'IS' as const, Value: [FRAMES] }, '7FE00010': { vr: 'OB' as const, bytes }, ...overlay };
  const object = secondaryCapture({
    study: STUDY,
    series: SERIES,
    instance: `${SERIES}.1`,
    patientId: 'OHIF-1',
    patientName: 'Ohif^Patient',
    modality: 'CT',
    more: { ...more, '00090010': { vr: 'LO', Value: ['ISOCENTER TEST'] } },
  });
  stored = await transcodeInstance(parsePart10(object), JPEG_LS);
  const upload = await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes: stored }]);
  expect(upload.json()).toMatchObject({ stored: 1 });
});
afterAll(async () => app.close());

const ask = (path: string, accept = 'application/dicom+json'): Promise<LightMyRequestResponse> =>
  app.inject({ url: `/dicom-web${path}`, headers: { accept } });
const frames = () => pixelFrames(parsePart10(stored)).map((frame) => Buffer.from(frame));

describe('OHIF opens its study list', () => {
  it.each([
    `?limit=101&offset=0&fuzzymatching=false&includefield=${STUDY_FIELDS}`,
    `?PatientName=*ohif*&limit=101&offset=0&fuzzymatching=true&includefield=${STUDY_FIELDS}`,
    `?PatientID=*OHIF*&ModalitiesInStudy=CT,MR&limit=101&offset=0&fuzzymatching=true&includefield=${STUDY_FIELDS}`,
    `?00100020=*OHIF*&00081030=&StudyDate=&limit=101&offset=0&includefield=${STUDY_FIELDS}`,
  ])('with /studies%s', async (query) => {
    const response = await ask(`/studies${query}`);
    expect(response.statusCode, response.body).toBe(200);
    expect(response.headers['content-type']).toBe('application/dicom+json');
    const study = response.json().find((one: Record<string, { Value: unknown[] }>) => one['0020000D']?.Value[0] === STUDY);
    expect(study['00100010'].Value).toEqual([{ Alphabetic: 'Ohif^Patient' }]);
    expect(study['00080061'].Value).toEqual(['CT']);
    expect([study['00201206'].Value, study['00201208'].Value]).toEqual([[1], [1]]);
  });

  it('and gets nothing for another day', async () => {
    expect((await ask(`/studies?StudyDate=20010101-20010102&limit=101&offset=0&includefield=${STUDY_FIELDS}`)).statusCode).toBe(204);
  });
});

describe('OHIF opens a study', () => {
  it('and asks for its series, by path and by query', async () => {
    const byPath = await ask(`/studies/${STUDY}/series?includefield=00080021,00080031,0008103E,00200011`);
    const byQuery = await ask(`/studies?StudyInstanceUID=${STUDY}&limit=101&offset=0&fuzzymatching=true&includefield=${STUDY_FIELDS}`);
    for (const response of [byPath, byQuery]) {
      expect(response.statusCode, response.body).toBe(200);
      expect(response.json()).toHaveLength(1);
    }
    const [series] = byPath.json();
    expect([series['0020000E'].Value, series['00080060'].Value, series['00201209'].Value]).toEqual([[SERIES], ['CT'], [1]]);
    expect(series['00081190'].Value[0]).toMatch(new RegExp(`/dicom-web/studies/${STUDY}/series/${SERIES}$`));
  });

  it('and for the metadata of a series, whose bulk data are links that lead there', async () => {
    const response = await ask(`/studies/${STUDY}/series/${SERIES}/metadata`);
    expect(response.statusCode).toBe(200);
    const [instance] = response.json();
    expect([instance['00280010'].Value, instance['00280008'].Value]).toEqual([[SIDE], [FRAMES]]);
    const { pathname } = new URL(instance['00091010'].BulkDataURI);
    const bulk = await app.inject({
      url: pathname,
      headers: { accept: 'multipart/related; type=application/octet-stream; transfer-syntax=*' },
    });
    expect(partsOf(bulk)[0]?.body.equals(Buffer.alloc(3_000, 9))).toBe(true);
    const single = await app.inject({ url: pathname, headers: { accept: 'application/octet-stream' } });
    expect(single.rawPayload.equals(Buffer.alloc(3_000, 9))).toBe(true);
  });

  it('and for its picture in the list of series', async () => {
    for (const path of [`/instances/${SERIES}.1/rendered?viewport=128,128`, `/instances/${SERIES}.1/thumbnail`, '/thumbnail']) {
      const response = await ask(`/studies/${STUDY}/series/${SERIES}${path}`, 'image/jpeg');
      expect(response.statusCode, response.body.slice(0, 200)).toBe(200);
      expect(response.headers['content-type']).toBe('image/jpeg');
      expect(response.rawPayload.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    }
  });
});

describe('OHIF reads pixels', () => {
  const url = (number: number) => `/studies/${STUDY}/series/${SERIES}/instances/${SERIES}.1/frames/${number}`;

  it.each([
    'multipart/related; type=application/octet-stream; transfer-syntax=*',
    'multipart/related; type="application/octet-stream"; transfer-syntax=*',
    'multipart/related; type=application/octet-stream; transfer-syntax=*, multipart/related; type=image/jls; transfer-syntax=1.2.840.10008.1.2.4.80',
  ])('frame by frame as they are stored, accepting %s', async (accept) => {
    for (const number of [1, FRAMES]) {
      const response = await ask(url(number), accept);
      expect(response.statusCode, response.body.slice(0, 200)).toBe(200);
      const [part, ...more] = partsOf(response);
      expect(more).toEqual([]);
      // The loader chooses its decoder by this.
      expect(part?.headers['content-type']).toContain(`transfer-syntax=${JPEG_LS}`);
      expect(part?.body.equals(frames()[number - 1] ?? Buffer.alloc(0))).toBe(true);
    }
  });

  it('uncompressed, where it accepts no transfer syntax, or explicit VR little endian', async () => {
    for (const accept of [
      'multipart/related; type=application/octet-stream',
      'multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.1',
    ]) {
      const [part] = partsOf(await ask(url(2), accept));
      expect(part?.body).toEqual(Buffer.from(Array.from({ length: SIDE * SIDE }, (_, index) => ((index + SIDE * SIDE) * 5) % 251)));
    }
  });

  it('in one part, where it asks for that', async () => {
    const response = await ask(url(1), 'application/octet-stream; transfer-syntax=*');
    expect(response.headers['content-type']).toContain('application/octet-stream');
    expect(response.rawPayload.equals(frames()[0] ?? Buffer.alloc(0))).toBe(true);
  });

  it('and whole objects, to download or for what is no image', async () => {
    const url = `/studies/${STUDY}/series/${SERIES}/instances/${SERIES}.1`;
    const [part] = partsOf(await ask(url, 'multipart/related; type="application/dicom"; transfer-syntax=*'));
    expect(part?.body.equals(Buffer.from(stored))).toBe(true);
    const wado = `/wado?requestType=WADO&studyUID=${STUDY}&seriesUID=${SERIES}&objectUID=${SERIES}.1&contentType=application/dicom&transferSyntax=*`;
    const single = await ask(wado, '*/*');
    expect(single.statusCode, single.body.slice(0, 200)).toBe(200);
  });
});

it('OHIF stores what it made by a request of one part', async () => {
  const object = secondaryCapture({
    study: STUDY,
    series: `${STUDY}.2`,
    instance: `${STUDY}.2.1`,
    patientId: 'OHIF-1',
    patientName: 'Ohif^Patient',
  });
  const payload = Buffer.concat([
    Buffer.from('\r\n--cdc5a9a9\r\nContent-Type: application/dicom\r\n\r\n'),
    object,
    Buffer.from('\r\n--cdc5a9a9--'),
  ]);
  const headers = { 'content-type': 'multipart/related; type=application/dicom; boundary=cdc5a9a9' };
  const response = await app.inject({ method: 'POST', url: `/dicom-web/studies/${STUDY}`, payload, headers });
  expect(response.statusCode, response.body).toBe(200);
});

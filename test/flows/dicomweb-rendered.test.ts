import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSet } from '../../src/dicom/data-set.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { partsOf } from './dicomweb-parts.ts';

const STUDY = uid(820);
const SERIES = `${STUDY}.1`;
const SIDE = 64;
const FRAMES = 4;

/** Each frame a ramp from left to right, shifted by the frame's number, in 16 bits from 0 to 4095. */
const ramp = new Uint16Array(SIDE * SIDE * FRAMES).map((_, index) => {
  const frame = Math.floor(index / (SIDE * SIDE));
  return (((index % SIDE) + frame * 16) % SIDE) * 65;
});
const more: DataSet = {
  '00181063': { vr: 'DS', Value: [250] },
  '00280008': { vr: 'IS', Value: [FRAMES] },
  '00280100': { vr: 'US', Value: [16] },
  '00280101': { vr: 'US', Value: [12] },
  '00280102': { vr: 'US', Value: [11] },
  '00281050': { vr: 'DS', Value: [2048] },
  '00281051': { vr: 'DS', Value: [4096] },
  '7FE00010': { vr: 'OW', bytes: new Uint8Array(ramp.buffer) },
};
const cine = secondaryCapture({ study: STUDY, series: SERIES, instance: `${SERIES}.1`, rows: SIDE, columns: SIDE, more });

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
  const still = secondaryCapture({ study: STUDY, series: `${STUDY}.2`, instance: `${STUDY}.2.1`, rows: 30, columns: 60 });
  const { dataSet } = parsePart10(still);
  expect(dataSet['00280010']?.Value).toEqual([30]);
  const files = [cine, still].map((bytes) => ({ name: 'x.dcm', bytes }));
  expect((await app.upload('/api/v1/studies', files)).json()).toMatchObject({ stored: 2 });
});
afterAll(async () => app.close());

const url = `/dicom-web/studies/${STUDY}/series/${SERIES}/instances/${SERIES}.1`;
const get = (path: string, accept = 'image/png', headers: Record<string, string> = {}) =>
  app.inject({ url: path, headers: { accept, ...headers } });
const pixelsOf = async (picture: Buffer) => sharp(picture).extractChannel(0).raw().toBuffer();
/** PS3.3 C.11.2.1.2.1 for one value. */
const linear = (value: number, center: number, width: number): number =>
  Math.round(Math.min(255, Math.max(0, ((value - (center - 0.5)) / (width - 1) + 0.5) * 255)));

describe('rendered pictures', () => {
  it('are windowed as the image says, or as the query does, by each function of the standard', async () => {
    const first = [...ramp.subarray(0, SIDE)];
    const row = async (query: string) => [...(await pixelsOf((await get(`${url}/rendered${query}`)).rawPayload)).subarray(0, SIDE)];
    expect(await row('')).toEqual(first.map((value) => linear(value, 2048, 4096)));
    expect(await row('?window=1000,500,linear')).toEqual(first.map((value) => linear(value, 1000, 500)));
    const exact = first.map((value) => Math.round(Math.min(255, Math.max(0, ((value - 1000) / 500 + 0.5) * 255))));
    expect(await row('?window=1000,500,linear-exact')).toEqual(exact);
    expect(await row('?window=1000,500,sigmoid')).toEqual(
      first.map((value) => Math.floor(255 / (1 + Math.exp((-4 * (value - 1000)) / 500)) + 0.5)),
    );
  });

  it('are of the frame that is asked for, alone or as parts', async () => {
    const third = await pixelsOf((await get(`${url}/frames/3/rendered`)).rawPayload);
    expect([...third.subarray(0, SIDE)]).toEqual(
      [...ramp.subarray(2 * SIDE * SIDE, 2 * SIDE * SIDE + SIDE)].map((value) => linear(value, 2048, 4096)),
    );
    const all = partsOf(await get(`${url}/rendered`, 'multipart/related; type="image/png"'));
    expect(all.map(({ headers }) => headers['content-type'])).toEqual(Array(FRAMES).fill('image/png'));
    expect((await pixelsOf(all[2]?.body ?? Buffer.alloc(0))).equals(third)).toBe(true);
    expect((await get(`${url}/frames/1,2/rendered`)).statusCode).toBe(406);
    expect(partsOf(await get(`${url}/frames/1,2/rendered`, 'multipart/related; type="image/jpeg"')).length).toBe(2);
    expect((await get(`${url}/frames/5/rendered`)).statusCode).toBe(404);
  });

  it('are JPEG unless asked otherwise, smaller at lower quality, and animated as GIF', async () => {
    const jpeg = await get(`${url}/rendered`, '*/*');
    expect(jpeg.headers['content-type']).toBe('image/jpeg');
    expect((await sharp(jpeg.rawPayload).metadata()).format).toBe('jpeg');
    const poor = await get(`${url}/rendered?quality=10`, 'image/jpeg');
    expect(poor.rawPayload.length).toBeLessThan(jpeg.rawPayload.length);
    const gif = await get(`${url}/rendered`, 'image/gif');
    const { format, pages, delay, pageHeight } = await sharp(gif.rawPayload, { animated: true }).metadata();
    expect({ format, pages, delay, pageHeight }).toEqual({ format: 'gif', pages: FRAMES, delay: [250, 250, 250, 250], pageHeight: SIDE });
  });

  it('fit into the viewport, of the region that is asked for, mirrored for negative sizes', async () => {
    const sizeOf = async (query: string) => {
      const { width, height } = await sharp((await get(`${url}/rendered?viewport=${query}`)).rawPayload).metadata();
      return [width, height];
    };
    expect(await sizeOf('32,200')).toEqual([32, 32]);
    expect(await sizeOf('128,128')).toEqual([128, 128]);
    expect(await sizeOf('32,32,0,0,32,16')).toEqual([32, 16]);
    expect(await sizeOf('64,64,,,32,')).toEqual([32, 64]);
    const region = await pixelsOf((await get(`${url}/rendered?viewport=8,8,16,0,8,8`)).rawPayload);
    expect([...region.subarray(0, 8)]).toEqual([...ramp.subarray(16, 24)].map((value) => linear(value, 2048, 4096)));
    const mirrored = await pixelsOf((await get(`${url}/rendered?viewport=8,8,16,0,-8,8`)).rawPayload);
    expect([...mirrored.subarray(0, 8)]).toEqual([...region.subarray(0, 8)].reverse());
    for (const viewport of ['0,1', '5000,1', '10', '1,1,1,1,0,1', 'a,b'])
      expect((await get(`${url}/rendered?viewport=${viewport}`)).statusCode, viewport).toBe(400);
    for (const window of ['1', '1,0', '1,0,linear', '1,2,cubic', 'a,b,linear'])
      expect((await get(`${url}/rendered?window=${window}`)).statusCode, window).toBe(400);
  });

  it('of a series and a study are parts, one for each frame of each instance', async () => {
    expect(partsOf(await get(`/dicom-web/studies/${STUDY}/rendered`, '*/*')).length).toBe(FRAMES + 1);
    expect(partsOf(await get(`/dicom-web/studies/${STUDY}/series/${SERIES}/rendered`, 'multipart/related; type="image/png"')).length).toBe(
      FRAMES,
    );
    expect((await get(`/dicom-web/studies/${STUDY}/rendered`, 'image/png')).statusCode).toBe(406);
  });

  it('are not made again for who holds them, and differ in their tag where they differ', async () => {
    const first = await get(`${url}/rendered`);
    const again = await get(`${url}/rendered`, 'image/png', { 'if-none-match': String(first.headers['etag']) });
    expect(again.statusCode).toBe(304);
    expect((await get(`${url}/rendered?window=10,20,linear`)).headers['etag']).not.toBe(first.headers['etag']);
  });
});

describe('annotation', () => {
  const LARGE = 512;
  const path = `/dicom-web/studies/${STUDY}/series/${STUDY}.3/instances/${STUDY}.3.1`;
  beforeAll(async () => {
    const black = { '7FE00010': { vr: 'OB' as const, bytes: new Uint8Array(LARGE * LARGE) } };
    const names = { study: STUDY, series: `${STUDY}.3`, instance: `${STUDY}.3.1`, patientName: 'Annotated^Picture' };
    const bytes = secondaryCapture({ ...names, rows: LARGE, columns: LARGE, more: black });
    expect((await app.upload('/api/v1/studies', [{ name: 'x.dcm', bytes }])).json()).toMatchObject({ stored: 1 });
  });

  /** Whether something is written into the upper and into the lower half. */
  async function written(picture: Buffer): Promise<[boolean, boolean]> {
    const pixels = await pixelsOf(picture);
    const isLit = (from: number, to: number) => pixels.subarray(from, to).some((value) => value > 128);
    return [isLit(0, pixels.length / 2), isLit(pixels.length / 2, pixels.length)];
  }

  it('writes who it is of at the top and how it was made at the bottom, only where it is asked for', async () => {
    for (const [query, expected] of [
      ['', [false, false]],
      ['?annotation=patient', [true, false]],
      ['?annotation=technique', [false, true]],
      ['?annotation=patient,technique', [true, true]],
    ] as const) {
      const response = await get(`${path}/rendered${query}`);
      expect(response.statusCode, response.body.slice(0, 200)).toBe(200);
      expect(await written(response.rawPayload), query).toEqual(expected);
    }
    const ofWado = { requestType: 'WADO', studyUID: STUDY, seriesUID: `${STUDY}.3`, objectUID: `${STUDY}.3.1`, contentType: 'image/png' };
    const uri = await app.inject({ url: '/dicom-web/wado', query: { ...ofWado, annotation: 'patient' } });
    expect(await written(uri.rawPayload)).toEqual([true, false]);
  });

  it('is another representation of the picture, and refuses other words', async () => {
    const [plain, annotated] = [await get(`${path}/rendered`), await get(`${path}/rendered?annotation=patient`)];
    expect(plain.headers.etag).not.toBe(annotated.headers.etag);
    expect((await get(`${path}/rendered?annotation=secrets`)).statusCode).toBe(400);
  });

  it('comes in the type of the highest quality value that can be given', async () => {
    const response = await get(`${path}/rendered`, 'image/jpeg;q=0.2, image/bmp, image/png;q=0.8');
    expect(response.headers['content-type']).toBe('image/png');
    expect((await get(`${path}/rendered`, 'image/png;q=0, image/bmp')).statusCode).toBe(406);
  });
});

describe('thumbnails', () => {
  it('are small pictures at every level, never enlarged', async () => {
    const path = `/dicom-web/studies/${STUDY}`;
    for (const resource of [path, `${path}/series/${SERIES}`, url, `${url}/frames/2`]) {
      const response = await get(`${resource}/thumbnail`, 'image/jpeg');
      expect(response.headers['content-type'], resource).toBe('image/jpeg');
    }
    const wide = await sharp((await get(`${path}/series/${STUDY}.2/thumbnail?viewport=20,20`)).rawPayload).metadata();
    expect([wide.width, wide.height]).toEqual([20, 10]);
    const small = await sharp((await get(`${path}/series/${STUDY}.2/thumbnail`)).rawPayload).metadata();
    expect([small.width, small.height]).toEqual([60, 30]);
  });
});

describe('WADO-URI', () => {
  const uri = (query: Record<string, string>) =>
    app.inject({
      url: '/dicom-web/wado',
      query: { requestType: 'WADO', studyUID: STUDY, seriesUID: SERIES, objectUID: `${SERIES}.1`, ...query },
    });

  it('gives the object as JPEG, PNG, a sized region of it, or DICOM', async () => {
    expect((await uri({})).headers['content-type']).toBe('image/jpeg');
    const png = await uri({ contentType: 'image/png', frameNumber: '2', windowCenter: '2048', windowWidth: '4096' });
    const pixels = await pixelsOf(png.rawPayload);
    expect([...pixels.subarray(0, SIDE)]).toEqual(
      [...ramp.subarray(SIDE * SIDE, SIDE * SIDE + SIDE)].map((value) => linear(value, 2048, 4096)),
    );
    const part = await sharp((await uri({ contentType: 'image/png', region: '0,0,0.5,0.25', columns: '64' })).rawPayload).metadata();
    expect([part.width, part.height]).toEqual([64, 32]);
    const file = await uri({ contentType: 'application/dicom', transferSyntax: '*' });
    expect(file.headers['content-type']).toBe('application/dicom');
    expect(file.rawPayload.equals(cine)).toBe(true);
  });

  it('refuses what it cannot do: de-identified objects, other types, half a window, objects that are not there', async () => {
    expect((await uri({ anonymize: 'yes' })).statusCode).toBe(406);
    expect((await uri({ presentationUID: '2.25.1' })).statusCode).toBe(406);
    expect((await uri({ contentType: 'application/pdf' })).statusCode).toBe(406);
    expect((await uri({ windowCenter: '1' })).statusCode).toBe(400);
    expect((await uri({ frameNumber: String(FRAMES + 1) })).statusCode).toBe(400);
    expect((await uri({ region: '0,0,2,1' })).statusCode).toBe(400);
    expect((await uri({ objectUID: uid(999) })).statusCode).toBe(404);
    expect((await uri({ requestType: 'WAD' })).statusCode).toBe(400);
  });
});

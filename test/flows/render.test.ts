import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../app.ts';
import { dataFile, dataFiles, hasSharedData } from '../data.ts';

/** Mean difference of gray levels that lossy files may show: one of the eight-bit steps of baseline JPEG is 10 gray levels in this window. */
const LOSSY_TOLERANCE = 6;

describe('rendered frames (needs ../shared/data)', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp();
  });
  afterAll(async () => app.close());

  it.skipIf(!hasSharedData)('show the same picture in every transfer syntax, whichever way it is read from the store', async () => {
    const names = dataFiles('dicom', 'cornerstone').filter((name) => name.startsWith('CTImage.dcm_'));
    const pictures = new Map<string, Buffer>();
    for (const name of names) {
      // The files share a SOP Instance UID, so each goes into a server of its own state: stored, shown, taken out again.
      const upload = await app.upload('/api/v1/studies', [{ name, bytes: dataFile('dicom', 'cornerstone', name) }]);
      expect(upload.statusCode, `${name}: ${upload.body}`).toBe(200);
      const sop: string = upload.json().items[0].sop_instance_uid;
      const response = await app.inject({ url: `/api/v1/instances/${sop}/rendered?window_center=40&window_width=400` });
      expect(response.statusCode, `${name}: ${response.body.slice(0, 200)}`).toBe(200);
      pictures.set(name, await sharp(response.rawPayload).extractChannel(0).raw().toBuffer());
      await app.deps.db.deleteFrom('instance').where('sop_instance_uid', '=', sop).execute();
    }
    const reference = pictures.get('CTImage.dcm_LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm');
    expect(reference?.byteLength).toBe(512 * 512);
    for (const [name, picture] of pictures) {
      const mean = picture.reduce((sum, value, index) => sum + Math.abs(value - (reference?.[index] ?? 0)), 0) / picture.byteLength;
      const lossy = /JPEGProcess1T|JPEGProcess2_4|JPEGProcess6_8|JPEGProcess10_12|JPEGLSLossy|JPEG2000Transfer/.test(name);
      expect(mean, name).toBeLessThanOrEqual(lossy ? LOSSY_TOLERANCE : 0);
    }
  });
});

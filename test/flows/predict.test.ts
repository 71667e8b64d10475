import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listPredictions } from '../../src/contract/predictions.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture } from '../builders.ts';
import { dataFile, dataFiles, hasSharedData } from '../data.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => app.close());

const first = (...folder: string[]): Uint8Array => dataFile(...folder, dataFiles(...folder)[0] ?? '');

describe('predictions of one picture (needs ../shared/data)', () => {
  it.skipIf(!hasSharedData)('classify a chest radiograph at once, with probabilities, heat map and provenance', async () => {
    const response = await app.upload('/api/v1/predict?heatmap=true', [
      { name: 'film.jpeg', bytes: first('kermany-cxr', 'train', 'PNEUMONIA') },
    ]);
    expect(response.statusCode).toBe(200);
    const prediction = response.json();
    expect(prediction).toMatchObject({ model_name: 'cxr-pneumonia', abstained: false, image_filename: 'film.jpeg' });
    expect(['bacterial_pneumonia', 'viral_pneumonia']).toContain(prediction.prediction_class);
    const sum = Object.values(prediction.probabilities as Record<string, number>).reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(1, 5);
    expect(prediction.heatmap).toMatch(/^data:image\/png;base64,/);
    expect(prediction.disclaimer).toContain('Not a medical device');
    const { items, total } = await app.call(listPredictions, { query: {} });
    expect(total).toBe(1);
    expect(items[0]).toMatchObject({ id: prediction.id, heatmap: null, probabilities: prediction.probabilities });
    expect((await app.inject({ url: `/api/v1/predictions/${prediction.id}` })).json()).toMatchObject({ id: prediction.id });
  });

  it.skipIf(!hasSharedData)('abstain on what is no chest radiograph', async () => {
    for (const folder of ['Hand', 'HeadCT', 'BreastMRI', 'AbdomenCT']) {
      const prediction = (await app.upload('/api/v1/predict', [{ name: folder, bytes: first('mednist', folder) }])).json();
      expect(prediction, folder).toMatchObject({ abstained: true, prediction_class: null, confidence_score: null });
      expect(prediction.abstention_reason).toBeTruthy();
    }
  });

  it.skipIf(!hasSharedData)('of a batch answer each on its own; a bad file does not fail the others', async () => {
    const good = first('kermany-cxr', 'train', 'NORMAL');
    const response = await app.upload('/api/v1/predict/batch', [
      { name: 'a.jpeg', bytes: good },
      { name: 'bad.jpeg', bytes: good.subarray(0, 500) },
      { name: 'c.jpeg', bytes: good },
    ]);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ total: 3, errors: [{ file: 'bad.jpeg', error: 'invalid-image' }] });
    expect(response.json().predictions.map(({ image_filename }: { image_filename: string }) => image_filename)).toEqual([
      'a.jpeg',
      'c.jpeg',
    ]);
  });
});

it('a prediction takes DICOM too, and refuses what is neither picture nor DICOM', async () => {
  const dicom = await app.upload('/api/v1/predict', [{ name: 'x.dcm', bytes: secondaryCapture({ rows: 64, columns: 64 }) }]);
  expect(dicom.json()).toMatchObject({ abstained: true });
  const words = await app.upload('/api/v1/predict', [{ name: 'words.txt', bytes: Buffer.from('only words '.repeat(40)) }]);
  expect(words.json()).toMatchObject({ status: 400, type: 'urn:isocenter:error:invalid-dicom' });
  const none = await app.upload('/api/v1/predict', []);
  expect(none.statusCode).toBe(400);
  const unknown = await app.upload('/api/v1/predict?model=no-such-model', [{ name: 'x.dcm', bytes: secondaryCapture() }]);
  expect(unknown.statusCode).toBe(404);
});

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getAnalysis } from '../../src/contract/analysis.ts';
import * as contract from '../../src/contract/analysis-requests.ts';
import { listFindings } from '../../src/contract/findings.ts';
import { getStudy } from '../../src/contract/studies.ts';
import { buildPhantom } from '../../src/imaging/phantom.ts';
import { phantomDicom } from '../../src/imaging/phantom-dicom.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { dataFile, dataFiles, hasSharedData } from '../data.ts';

const SHAPES = fileURLToPath(new URL('../../models/cxr-pneumonia/golden/shapes-1.png', import.meta.url));

describe('analysis as a resource (E-37)', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp();
  });
  afterAll(() => app.close());

  const upload = async (bytes: Uint8Array, name: string): Promise<{ study: string; instance: string }> => {
    const fields = { modality: 'DX', body_part: 'CHEST', patient_id: name };
    const [item] = (await app.upload('/api/v1/images/upload', [{ name, bytes }], fields)).json().items;
    return { study: item.study_instance_uid, instance: item.sop_instance_uid };
  };
  const ask = (body: contract.AnalysisRequest) => app.call(contract.requestAnalysis, { body });
  const refusal = async (body: object): Promise<string> =>
    (await app.inject({ method: 'POST', url: '/api/v1/analysis', payload: body })).json().type.replace('urn:isocenter:error:', '');

  it('queues one model on one image, runs it, and gives what is held to who asks again', async () => {
    const { instance } = await upload(readFileSync(SHAPES), 'shapes.png');
    const { items } = await ask({ sop_instance_uid: instance, models: ['cxr-pneumonia'] });
    expect(items).toMatchObject([{ model_id: 'cxr-pneumonia', status: 'queued', sop_instance_uid: instance }]);
    const params = { id: items[0]?.id ?? '' };
    expect(await app.call(contract.getAnalysisStatus, { params })).toMatchObject({ status: 'queued', finished_at: null });
    await app.drain(1);
    // Shapes are no chest: the gate abstains, and says why.
    expect(await app.call(contract.getAnalysisStatus, { params })).toMatchObject({ status: 'abstained', reason: expect.any(String) });
    const again = await ask({ sop_instance_uid: instance, models: ['cxr-pneumonia'] });
    expect(again.items.map(({ id, status }) => [id, status])).toEqual([[params.id, 'abstained']]);
    await app.drain();
    expect((await app.call(getAnalysis, { params })).status).toBe('abstained');
  });

  it('refuses what is not there, and more than one part', async () => {
    const { study, instance } = await upload(readFileSync(SHAPES), 'other.png');
    expect(await refusal({})).toBe('invalid-request');
    expect(await refusal({ study_instance_uid: study, sop_instance_uid: instance })).toBe('invalid-request');
    expect(await refusal({ study_instance_uid: '2.25.404' })).toBe('study-not-found');
    expect(await refusal({ series_instance_uid: '2.25.404' })).toBe('not-found');
    expect(await refusal({ sop_instance_uid: '2.25.404' })).toBe('instance-not-found');
    expect(await refusal({ study_instance_uid: study, models: ['body-part'] })).toBe('model-not-found');
  });

  it('measures a series, and shows the models side by side', { timeout: 120_000 }, async () => {
    const files = phantomDicom(buildPhantom({ seed: 3 })).map(({ name, part10 }) => ({ name, bytes: part10 }));
    const stored = (await app.upload('/api/v1/studies', files)).json();
    const study_instance_uid: string = stored.items[0].study_instance_uid;
    const { series } = await app.call(getStudy, { params: { study_instance_uid } });
    const ct = series.find(({ modality }) => modality === 'CT')?.series_instance_uid ?? '';
    const { items } = await ask({ series_instance_uid: ct, models: ['ct-lung'] });
    await app.drain(1);
    const params = { id: items[0]?.id ?? '' };
    expect(await app.call(contract.getAnalysisStatus, { params })).toMatchObject({ status: 'succeeded' });
    const { items: measured } = await app.call(contract.getAnalysisMeasurements, { params });
    expect(measured.find(({ name }) => name === 'lung-volume-total')?.value).toBeGreaterThan(100);
    await ask({ study_instance_uid });
    await app.drain();
    const { items: compared } = await app.call(contract.compareAnalyses, { params: { study_instance_uid } });
    const models = compared.flatMap((item) => item.models.map(({ model_id }) => model_id));
    expect([...new Set(models)].sort()).toEqual(['ct-lung', 'cxr-pneumonia']);
    expect(models.length).toBe(compared.reduce((sum, item) => sum + new Set(item.models.map(({ model_id }) => model_id)).size, 0));
  });

  it.skipIf(!hasSharedData)(
    'runs again beside the first, to the same scores, and proposes no finding twice (needs ../shared/data)',
    async () => {
      const [file] = dataFiles('kermany-cxr', 'train', 'PNEUMONIA');
      const { study, instance } = await upload(dataFile('kermany-cxr', 'train', 'PNEUMONIA', file ?? ''), 'film.jpeg');
      const [first] = (await ask({ sop_instance_uid: instance, models: ['cxr-pneumonia'] })).items;
      const early = await app.inject({ method: 'POST', url: `/api/v1/analysis/${first?.id}/rerun` });
      expect(early.statusCode).toBe(409);
      await app.drain(1);
      const again = await app.call(contract.rerunAnalysis, { params: { id: first?.id ?? '' } });
      expect(again.id).not.toBe(first?.id);
      await app.drain();
      const [one, other] = [
        await app.call(getAnalysis, { params: { id: first?.id ?? '' } }),
        await app.call(getAnalysis, { params: { id: again.id } }),
      ];
      expect([one.status, other.status, other.scores]).toEqual(['succeeded', 'succeeded', one.scores]);
      const { items } = await app.call(listFindings, { params: { study_instance_uid: study } });
      expect(items.map(({ code, analysis_id }) => [code, analysis_id])).toEqual([['pneumonia', one.id]]);
      expect((await app.call(contract.getAnalysisFindings, { params: { id: one.id } })).items).toHaveLength(1);
    },
  );
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAnalyses } from '../../src/contract/analysis.ts';
import { listFindings, reviewFinding } from '../../src/contract/findings.ts';
import { CHECK_RULES } from '../../src/contract/report-checks.ts';
import { draftReport, getReport, signReport } from '../../src/contract/reports.ts';
import { getStudy, listStudies } from '../../src/contract/studies.ts';
import { openTestApp, PASSWORD, READER, type TestApp } from '../app.ts';
import { dataFile, dataFiles, hasSharedData } from '../data.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';

const PICTURE_FIELDS = { modality: 'DX', body_part: 'CHEST', patient_id: 'FLOW-1', patient_name: 'Flow^Child' };

const databases = [
  { name: 'SQLite', skip: !hasSharedData, needs: '../shared/data' },
  { name: 'PostgreSQL', skip: !hasSharedData || postgresMissing !== undefined, needs: '../shared/data and PostgreSQL binaries' },
];

describe.each(databases)('the main path on $name (needs $needs)', ({ name, skip }) => {
  let app: TestApp;
  let postgres: PostgresServer | undefined;

  beforeAll(async () => {
    if (skip) return;
    postgres = name === 'PostgreSQL' ? await startPostgres() : undefined;
    const database = await postgres?.openDatabase({ migrated: false });
    await database?.db.destroy();
    app = await openTestApp(database ? { databaseUrl: database.url } : {});
  });
  afterAll(async () => {
    await app?.close();
    await postgres?.stop();
  });

  it.skipIf(skip)('takes a chest radiograph from upload over analysis, review and signature to a PDF', async () => {
    const [file] = dataFiles('kermany-cxr', 'train', 'PNEUMONIA');
    const bytes = dataFile('kermany-cxr', 'train', 'PNEUMONIA', file ?? '');
    const uploaded = await app.upload('/api/v1/images/upload', [{ name: 'film.jpeg', bytes }], PICTURE_FIELDS);
    expect(uploaded.json()).toMatchObject({ stored: 1, refused: 0 });
    const study_instance_uid: string = uploaded.json().items[0].study_instance_uid;
    const params = { study_instance_uid };
    expect(await app.call(getStudy, { params })).toMatchObject({ status: 'receiving', modalities: ['DX'], instance_count: 1 });

    expect(await app.drain(1_000)).toBe(0);
    expect(await app.drain(10_000)).toBe(1);
    expect(await app.call(getStudy, { params })).toMatchObject({ status: 'complete', analysis_status: 'succeeded' });
    const { items: analyses } = await app.call(listAnalyses, { params });
    const run = analyses.find(({ model_id }) => model_id === 'cxr-pneumonia');
    expect(run).toMatchObject({ status: 'succeeded', has_heatmap: true });
    expect(run?.model_digest).toMatch(/^[0-9a-f]{64}$/);
    expect(run?.input_digest).toMatch(/^[0-9a-f]{64}$/);
    expect(analyses.find(({ model_id }) => model_id === 'ct-lung')).toMatchObject({ status: 'abstained' });
    const heatmap = await app.inject({ url: `/api/v1/analysis/${run?.id}/heatmap` });
    expect(heatmap.headers['content-type']).toBe('image/png');

    const { items: findings } = await app.call(listFindings, { params });
    const [finding] = findings;
    expect(finding).toMatchObject({ code: 'pneumonia', source: 'model', status: 'proposed' });
    expect(finding?.confidence).toBeGreaterThan(0.5);
    const early = await app.inject({ method: 'POST', url: `/api/v1/studies/${study_instance_uid}/reports`, payload: {} });
    expect(early.statusCode).toBe(409);
    await app.call(reviewFinding, { params: { id: finding?.id ?? '' }, body: { decision: 'accept' } });

    const draft = await app.call(draftReport, { params, body: { locale: 'en' } });
    expect(draft.sections.findings).toContain('pneumonia');
    const wrong = await app.inject({ method: 'POST', url: `/api/v1/reports/${draft.id}/sign`, payload: { password: 'not the password' } });
    expect(wrong.statusCode).toBe(401);
    const signed = await app.call(signReport, { params: { id: draft.id }, body: { password: PASSWORD, acknowledged: [...CHECK_RULES] } });
    expect(signed).toMatchObject({ status: 'final', signed_by: READER, pdf_status: 'rendering' });
    expect(signed.content_sha256).toMatch(/^[0-9a-f]{64}$/);
    await app.drain();
    expect(await app.call(getReport, { params: { id: draft.id } })).toMatchObject({ pdf_status: 'ready' });
    const pdf = await app.inject({ url: `/api/v1/reports/${draft.id}/pdf` });
    expect(pdf.headers['content-type']).toBe('application/pdf');
    expect(pdf.rawPayload.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.rawPayload.byteLength).toBeGreaterThan(20_000);
  });

  it.skipIf(skip)('abstains with a reason on a head CT', async () => {
    const files = dataFiles('dicom', 'ge-head-ct').filter((file) => file.endsWith('.dcm'));
    const uploaded = await app.upload(
      '/api/v1/studies',
      files.map((file) => ({ name: file, bytes: dataFile('dicom', 'ge-head-ct', file) })),
    );
    expect(uploaded.json()).toMatchObject({ stored: 28, refused: 0 });
    const params = { study_instance_uid: uploaded.json().items[0].study_instance_uid as string };
    await app.drain();
    expect(await app.call(getStudy, { params })).toMatchObject({ analysis_status: 'abstained', instance_count: 28 });
    const { items } = await app.call(listAnalyses, { params });
    expect(items.map(({ model_id, status }) => [model_id, status]).sort()).toEqual([
      ['ct-lung', 'abstained'],
      ['cxr-pneumonia', 'abstained'],
    ]);
    for (const { reason } of items) expect(reason).toBeTruthy();
    expect((await app.call(listFindings, { params })).items).toEqual([]);
    expect((await app.call(listStudies, { query: { q: 'nobody of this name' } })).items).toEqual([]);
  });
});

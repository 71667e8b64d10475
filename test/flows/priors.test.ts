import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MeasurementInput, saveMeasurements } from '../../src/contract/measurements.ts';
import { getChanges, listPriors } from '../../src/contract/priors.ts';
import { openTestApp, requestOf, type TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => app.close());

type Study = { number: number; date?: string; modality?: string; bodyPart?: string; description?: string; patientId?: string };

async function storeStudy({ number, date, modality = 'CT', bodyPart, description, patientId = 'PRIORS-1' }: Study): Promise<void> {
  const bytes = secondaryCapture({
    study: uid(number),
    series: uid(number, 1),
    instance: uid(number, 1, 1),
    patientId,
    modality,
    more: {
      ...(date ? { '00080020': { vr: 'DA', Value: [date] } } : {}),
      ...(bodyPart ? { '00180015': { vr: 'CS', Value: [bodyPart] } } : {}),
      ...(description ? { '00081030': { vr: 'LO', Value: [description] } } : {}),
    },
  });
  expect((await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes }])).statusCode).toBe(200);
}

async function measure(number: number, lesions: { tracking: number; mm: number; hu?: number }[]): Promise<void> {
  const items = lesions.map(
    ({ tracking, mm, hu }): MeasurementInput => ({
      tracking_uid: `2.25.700${tracking}`,
      label: `Lesion ${tracking}`,
      kind: 'length',
      sop_instance_uid: uid(number, 1, 1),
      frame: 1,
      points: [
        [1, 1],
        [5, 5],
      ],
      values: [
        { quantity: 'length', value: mm, unit: 'mm' },
        ...(hu === undefined ? [] : [{ quantity: 'mean' as const, value: hu, unit: "[hnsf'U]" as const }]),
      ],
      comment: null,
    }),
  );
  const request = requestOf(saveMeasurements, { params: { study_instance_uid: uid(number) }, body: { items } });
  const saved = await app.inject({ ...request, headers: { 'if-match': '"none"' } });
  expect(saved.statusCode, saved.body).toBe(200);
}

describe('the priors of a study', () => {
  beforeAll(async () => {
    await storeStudy({ number: 700, date: '20260110', bodyPart: 'CHEST', description: 'CT Thorax' });
    await storeStudy({ number: 701, date: '20250110', bodyPart: 'CHEST', description: 'CT thorax' });
    await storeStudy({ number: 702, date: '20260109', bodyPart: 'KNEE', modality: 'MR' });
    await storeStudy({ number: 703, date: '20251231', bodyPart: 'CHEST', modality: 'DX' });
    await storeStudy({ number: 704, date: '20240110', bodyPart: 'LUNG' });
    await storeStudy({ number: 705, date: '20260111', bodyPart: 'CHEST' });
    await storeStudy({ number: 706, date: '20250110', bodyPart: 'CHEST', patientId: 'PRIORS-2' });
    await storeStudy({ number: 707, date: '20260108', modality: 'SR' });
  });

  it('are earlier ones of the same patient with pictures, the most like first, each with why', async () => {
    const { items } = await app.call(listPriors, { params: { study_instance_uid: uid(700) } });
    expect(items.map(({ study_instance_uid, reasons, days }) => ({ study_instance_uid, reasons, days }))).toEqual([
      { study_instance_uid: uid(701), reasons: ['same_region', 'same_modality', 'same_description'], days: 365 },
      { study_instance_uid: uid(704), reasons: ['same_region', 'same_modality'], days: 731 },
      { study_instance_uid: uid(703), reasons: ['same_region'], days: 10 },
      { study_instance_uid: uid(702), reasons: [], days: 1 },
    ]);
  });

  it('are not told of a study that is not there', async () => {
    expect((await app.inject({ url: `/api/v1/studies/${uid(999)}/priors` })).statusCode).toBe(404);
  });
});

describe('the change of what is tracked', () => {
  it('is told in numbers, with the time between and the doubling time, and summed', async () => {
    await storeStudy({ number: 710, date: '20260401', patientId: 'CHANGES' });
    await storeStudy({ number: 711, date: '20260101', patientId: 'CHANGES' });
    await measure(710, [
      { tracking: 1, mm: 12, hu: 40 },
      { tracking: 2, mm: 20 },
      { tracking: 3, mm: 7 },
    ]);
    await measure(711, [
      { tracking: 1, mm: 6, hu: -10 },
      { tracking: 2, mm: 20 },
      { tracking: 4, mm: 9 },
    ]);
    const changes = await app.call(getChanges, { params: { study_instance_uid: uid(710) }, query: { prior_study: uid(711) } });
    expect(changes.days).toBe(90);
    expect(changes.items).toMatchObject([
      { label: 'Lesion 1', quantity: 'length', prior: 6, present: 12, change: { absolute: 6, percent: 100, direction: 'larger' } },
      { label: 'Lesion 1', quantity: 'mean', prior: -10, present: 40, change: { absolute: 50, percent: null }, doubling_time_days: null },
      { label: 'Lesion 2', quantity: 'length', change: { absolute: 0, direction: 'same' }, doubling_time_days: null },
    ]);
    expect(changes.items[0]?.doubling_time_days).toBeCloseTo(30, 9);
    expect(changes.sum_of_diameters).toMatchObject({
      lesions: 2,
      prior_mm: 26,
      present_mm: 32,
      threshold: 'increase_20_percent_and_5_mm',
    });
  });

  it('is not told between patients', async () => {
    await storeStudy({ number: 720, date: '20260401', patientId: 'CHANGES-A' });
    await storeStudy({ number: 721, date: '20260101', patientId: 'CHANGES-B' });
    const answer = await app.inject({ url: `/api/v1/studies/${uid(720)}/changes?prior_study=${uid(721)}` });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors).toMatchObject([{ field: 'query/prior_study' }]);
    expect((await app.inject({ url: `/api/v1/studies/${uid(720)}/changes?prior_study=${uid(999)}` })).statusCode).toBe(400);
  });

  it('of a finding is told from the sizes that it and the earlier one state', async () => {
    await storeStudy({ number: 730, date: '20260401', patientId: 'NODULES' });
    await storeStudy({ number: 731, date: '20260101', patientId: 'NODULES' });
    const present = await nodule(730, { diameter_mm: 8, volume_mm3: 400 });
    const prior = await nodule(731, { diameter_mm: 6, volume_mm3: 100 });
    const answer = await app.inject({ url: `/api/v1/findings/${present}/change?prior_finding=${prior}` });
    expect(answer.json()).toMatchObject({
      days: 90,
      items: [
        { quantity: 'diameter', prior: 6, present: 8, change: { direction: 'larger' } },
        { quantity: 'volume', prior: 100, present: 400, change: { percent: 300 }, doubling_time_days: 45 },
      ],
    });
    expect((await app.inject({ url: `/api/v1/findings/${present}/change?prior_finding=${crypto.randomUUID()}` })).statusCode).toBe(400);
  });
});

/** A finding as a model proposes it. */
async function nodule(study: number, evidence: Record<string, number>): Promise<string> {
  const id = crypto.randomUUID();
  const nothing = {
    frame: null,
    confidence: null,
    threshold: null,
    box: null,
    text: null,
    reason: null,
    reviewed_by: null,
    reviewed_at: null,
  };
  await app.deps.db
    .insertInto('finding')
    .values({
      ...nothing,
      id,
      study_instance_uid: uid(study),
      series_instance_uid: null,
      sop_instance_uid: null,
      analysis_id: null,
      source: 'model',
      code: 'lung-nodule',
      title: 'Lung nodule candidate',
      evidence: JSON.stringify(evidence),
      status: 'proposed',
      created_at: new Date().toISOString(),
    })
    .execute();
  return id;
}

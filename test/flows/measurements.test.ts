import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listEvents } from '../../src/contract/events.ts';
import { getMeasurements, type MeasurementInput, type StudyMeasurements, saveMeasurements } from '../../src/contract/measurements.ts';
import { getStudy } from '../../src/contract/studies.ts';
import { openTestApp, READER, requestOf, type TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => app.close());

async function storeStudy(study: number): Promise<{ study_instance_uid: string }> {
  const bytes = secondaryCapture({ study: uid(study), series: uid(study, 1), instance: uid(study, 1, 1), patientId: `MEASURE-${study}` });
  expect((await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes }])).statusCode).toBe(200);
  await app.drain();
  return { study_instance_uid: uid(study) };
}

function length(study: number, more: Partial<MeasurementInput> = {}): MeasurementInput {
  return {
    tracking_uid: `2.25.90${study}`,
    label: 'Nodule',
    kind: 'length',
    sop_instance_uid: uid(study, 1, 1),
    frame: 1,
    points: [
      [1.5, 2.25],
      [10, 12.5],
    ],
    values: [{ quantity: 'length', value: 12.3456789, unit: 'mm' }],
    comment: null,
    ...more,
  };
}

async function save(study: number, items: MeasurementInput[], ifMatch?: string | null) {
  const request = requestOf(saveMeasurements, { params: { study_instance_uid: uid(study) }, body: { items } });
  return app.inject({ ...request, headers: ifMatch === undefined ? {} : { 'if-match': `"${ifMatch ?? 'none'}"` } });
}

const load = (study: number): Promise<StudyMeasurements> => app.call(getMeasurements, { params: { study_instance_uid: uid(study) } });

describe('measurements of a study', () => {
  it('are read back as they were saved, from a structured report in the study', async () => {
    await storeStudy(60);
    expect(await load(60)).toEqual({ version: null, saved_at: null, items: [], others: [] });
    const saved = await save(60, [length(60), length(60, { tracking_uid: '2.25.5', kind: 'arrow', values: [], label: 'here' })], null);
    expect(saved.statusCode, saved.body).toBe(200);
    const loaded = await load(60);
    expect(loaded).toEqual(saved.json());
    expect(loaded.items).toMatchObject([
      { ...length(60), author: READER },
      { kind: 'arrow', author: READER },
    ]);
    expect(saved.headers['etag']).toBe(`"${loaded.version}"`);
    const study = await app.call(getStudy, { params: { study_instance_uid: uid(60) } });
    const report = study.series.find(({ modality }) => modality === 'SR');
    expect(report?.instances.map(({ sop_instance_uid }) => sop_instance_uid)).toEqual([loaded.version]);
  });

  it('are a new report with each change, and every former one is kept', async () => {
    await storeStudy(61);
    const first = (await save(61, [length(61)], null)).json();
    const second = (await save(61, [length(61, { label: 'Larger nodule' })], first.version)).json();
    const none = (await save(61, [], second.version)).json();
    expect(new Set([first.version, second.version, none.version]).size).toBe(3);
    expect(await load(61)).toMatchObject({ version: none.version, items: [] });
    const study = await app.call(getStudy, { params: { study_instance_uid: uid(61) } });
    expect(study.series.find(({ modality }) => modality === 'SR')?.instances).toHaveLength(3);
    const former = await app.inject({ url: `/dicom-web/studies/${uid(61)}/metadata`, headers: { accept: 'application/dicom+json' } });
    const reports = former.json().filter((instance: Record<string, { Value?: string[] }>) => instance['00080060']?.Value?.[0] === 'SR');
    expect(reports.map((instance: Record<string, object>) => '0040A360' in instance).sort()).toEqual([false, true, true]);
  });

  it('make no report when nothing has changed', async () => {
    await storeStudy(62);
    const first = (await save(62, [length(62)], null)).json();
    expect((await save(62, [length(62)], first.version)).json()).toEqual(first);
    // The answer to the first may have been lost on its way.
    expect((await save(62, [length(62)], null)).json()).toEqual(first);
  });

  it('keep the author of what another reader leaves alone', async () => {
    await storeStudy(63);
    const first = (await save(63, [length(63)], null)).json();
    await app.drain();
    const both = [length(63), length(63, { tracking_uid: '2.25.6', label: 'Other' })];
    const second = (await save(63, both, first.version)).json();
    expect(second.items[0].measured_at).toBe(first.items[0].measured_at);
    expect(second.items[1].measured_at > first.items[0].measured_at).toBe(true);
  });

  it('are refused to the second of two readers who began from the same', async () => {
    await storeStudy(64);
    const began = (await save(64, [length(64)], null)).json();
    const answers = await Promise.all([
      save(64, [length(64, { label: 'A' })], began.version),
      save(64, [length(64, { label: 'B' })], began.version),
    ]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 412]);
    const winner = answers.find(({ statusCode }) => statusCode === 200)?.json();
    expect((await load(64)).items).toEqual(winner.items);
    expect((await save(64, [length(64, { label: 'C' })])).statusCode).toBe(428);
    expect((await save(64, [length(64, { label: 'C' })], null)).statusCode).toBe(412);
  });

  it('are refused, item by item, where they are on no picture of the study or not what they say', async () => {
    await storeStudy(65);
    const wrong = [
      length(65, { sop_instance_uid: uid(60, 1, 1) }),
      length(65, { frame: 2 }),
      length(65, { points: [[1, 1]] }),
      length(65, { values: [] }),
    ];
    const refused = await save(65, wrong, null);
    expect(refused.statusCode).toBe(400);
    expect(refused.json().errors.map(({ field }: { field: string }) => field)).toEqual([
      'body/items/0/sop_instance_uid',
      'body/items/1/frame',
      'body/items/2/points',
      'body/items/3/values',
    ]);
    expect((await save(998, [], null)).statusCode).toBe(404);
  });

  it('are read back as they were drawn in space, on a plane through a volume', async () => {
    const study = 67;
    const more = { '00200052': { vr: 'UI' as const, Value: ['2.25.678'] } };
    const bytes = secondaryCapture({ study: uid(study), series: uid(study, 1), instance: uid(study, 1, 1), patientId: 'MEASURE-67', more });
    expect((await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes }])).statusCode).toBe(200);
    await app.drain();
    const inSpace = { frame_of_reference_uid: '2.25.678' };
    const corners = [
      [-10.5, 20.25, 100],
      [10, 20.25, 100],
      [10, 20.25, 80.125],
      [-10.5, 20.25, 80.125],
    ];
    const items = [
      length(study, { ...inSpace, points: corners.slice(0, 2) }),
      length(study, {
        ...inSpace,
        tracking_uid: '2.25.71',
        kind: 'rectangle',
        points: corners,
        values: [{ quantity: 'area', value: 407.4375, unit: 'mm2' }],
      }),
      length(study, { ...inSpace, tracking_uid: '2.25.72', kind: 'ellipse', points: corners, values: [] }),
      length(study, { ...inSpace, tracking_uid: '2.25.73', kind: 'arrow', points: corners.slice(0, 2), values: [], comment: 'look here' }),
      length(study, {
        ...inSpace,
        tracking_uid: '2.25.74',
        kind: 'probe',
        points: corners.slice(0, 1),
        values: [{ quantity: 'pixel_value', value: -700.5, unit: "[hnsf'U]" }],
      }),
      length(study, { tracking_uid: '2.25.75' }),
    ];
    const saved = await save(study, items, null);
    expect(saved.statusCode, saved.body).toBe(200);
    const loaded = await load(study);
    expect(loaded.items.map(({ author: _, measured_at: __, ...item }) => item)).toEqual(
      // Of an ellipse the longer axis stands first.
      items.map((item) => (item.kind === 'ellipse' ? { ...item, points: loaded.items[2]?.points } : item)),
    );
    expect(new Set(loaded.items[2]?.points.map(String))).toEqual(new Set(corners.map(String)));
    const wrong = [
      length(study, { ...inSpace }),
      length(study, { points: corners.slice(0, 2) }),
      length(study, { frame_of_reference_uid: '2.25.679', points: corners.slice(0, 2) }),
    ];
    const refused = await save(study, wrong, loaded.version);
    expect(refused.json().errors.map(({ field }: { field: string }) => field)).toEqual([
      'body/items/0/points',
      'body/items/1/points',
      'body/items/2/frame_of_reference_uid',
    ]);
  });

  it('are told to others who look at the study, and do not make the models look again', async () => {
    const params = await storeStudy(66);
    const before = await app.call(getStudy, { params });
    const { last } = await app.call(listEvents, { query: { limit: 1000 } });
    const { version } = (await save(66, [length(66)], null)).json();
    const told = await app.call(listEvents, { query: { since: last, topic: `study:${uid(66)}` } });
    expect(told.items).toMatchObject([{ type: 'measurements_saved', data: { study_instance_uid: uid(66), sop_instance_uid: version } }]);
    expect((await app.call(getStudy, { params })).analysis_status).toBe(before.analysis_status);
    expect((await app.call(getStudy, { params })).status).toBe(before.status);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DicomJson } from '../../src/dicom/dicom-json.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture } from '../builders.ts';
import { performed, send, stateOf, WORKITEMS } from './ups-parts.ts';

const WAIT_MS = 600_000;
let count = 0;

async function arrive(app: TestApp, study: string, number = 1): Promise<void> {
  const bytes = secondaryCapture({
    study,
    series: `${study}.1`,
    instance: `${study}.1.${number}`,
    patientId: 'AIW-I',
    patientName: 'Aiw^I',
  });
  expect((await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes }])).statusCode).toBeLessThan(300);
}

const newStudy = (): string => {
  count += 1;
  return `2.25.66.${count}`;
};

async function itemsOf(app: TestApp, study: string): Promise<DicomJson[]> {
  const response = await app.inject({ url: `${WORKITEMS}?InputInformationSequence.StudyInstanceUID=${study}` });
  return response.statusCode === 204 ? [] : response.json();
}

const firstOf = (json: DicomJson | undefined, tag: string) => json?.[tag]?.Value?.[0];
const isAnalyzed = async (app: TestApp, study: string): Promise<boolean> =>
  (await app.deps.db.selectFrom('analysis').selectAll().where('study_instance_uid', '=', study).execute()).length > 0;

describe('an analysis as a workitem', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp({ env: { ISOCENTER_AI_WORKITEMS: 'on', ISOCENTER_PUBLIC_URL: 'https://pacs.example' } });
  });
  afterAll(async () => app.close());

  it('is claimed, moved on and completed by this server', async () => {
    const study = newStudy();
    await arrive(app, study);
    await app.drain();
    const [item, ...more] = await itemsOf(app, study);
    expect(more).toEqual([]);
    expect(firstOf(item, '00741000')).toBe('COMPLETED');
    expect(firstOf(item, '00100020')).toBe('AIW-I');
    const [input] = (item?.['00404021']?.Value ?? []) as DicomJson[];
    expect(firstOf(input, '0020000E')).toBe(`${study}.1`);
    expect(JSON.stringify(input)).toContain(`https://pacs.example/dicom-web/studies/${study}/series/${study}.1`);
    const [progress] = (item?.['00741002']?.Value ?? []) as DicomJson[];
    expect(firstOf(progress, '00741004')).toBe(100);
    expect(await isAnalyzed(app, study)).toBe(true);
  });

  it('is another workitem when the study grows, and none when it is repeated', async () => {
    const study = newStudy();
    await arrive(app, study);
    await app.drain();
    await app.deps.db
      .transaction()
      .execute((tx) => app.deps.jobs.enqueue(tx, 'analyze-study', { study_instance_uid: study }, { key: study }));
    await app.drain();
    expect(await itemsOf(app, study)).toHaveLength(1);
    await arrive(app, study, 2);
    await app.drain();
    expect((await itemsOf(app, study)).map((item) => firstOf(item, '00741000'))).toEqual(['COMPLETED', 'COMPLETED']);
  });
});

describe('an analysis that waits for other performers', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp({ env: { ISOCENTER_AI_WORKITEMS: 'on', ISOCENTER_AI_WORKITEM_WAIT_MS: String(WAIT_MS) } });
  });
  afterAll(async () => app.close());

  async function claimed(study: string): Promise<string> {
    await arrive(app, study);
    await app.drain();
    const [item] = await itemsOf(app, study);
    expect(firstOf(item, '00741000')).toBe('SCHEDULED');
    const uid = String(firstOf(item, '00080018'));
    expect((await send(app, 'PUT', `${WORKITEMS}/${uid}/state`, stateOf('IN PROGRESS', '2.25.7'))).statusCode).toBe(200);
    return uid;
  }

  it('is theirs once one claims it, until it is done', async () => {
    const study = newStudy();
    const uid = await claimed(study);
    await app.drain(WAIT_MS);
    expect(await isAnalyzed(app, study)).toBe(false);
    await send(app, 'POST', `${WORKITEMS}/${uid}?2.25.7`, performed());
    expect((await send(app, 'PUT', `${WORKITEMS}/${uid}/state`, stateOf('COMPLETED', '2.25.7'))).statusCode).toBe(200);
    await app.drain(WAIT_MS);
    expect(await isAnalyzed(app, study)).toBe(false);
  });

  it('is done here when the performer gives it up', async () => {
    const study = newStudy();
    const uid = await claimed(study);
    expect((await send(app, 'PUT', `${WORKITEMS}/${uid}/state`, stateOf('CANCELED', '2.25.7'))).statusCode).toBe(200);
    await app.drain();
    expect(await isAnalyzed(app, study)).toBe(true);
    expect(await itemsOf(app, study)).toHaveLength(1);
  });

  it('is done here when nobody claims it in time', async () => {
    const study = newStudy();
    await arrive(app, study);
    await app.drain();
    expect(await isAnalyzed(app, study)).toBe(false);
    await app.drain(WAIT_MS);
    expect(await isAnalyzed(app, study)).toBe(true);
    expect(firstOf((await itemsOf(app, study))[0], '00741000')).toBe('COMPLETED');
  });

  it('is not done when somebody cancels the workitem before', async () => {
    const study = newStudy();
    await arrive(app, study);
    await app.drain();
    const [item] = await itemsOf(app, study);
    expect((await send(app, 'POST', `${WORKITEMS}/${firstOf(item, '00080018')}/cancelrequest`)).statusCode).toBe(202);
    await app.drain(WAIT_MS);
    expect(await isAnalyzed(app, study)).toBe(false);
  });
});

it('is no workitem unless that is configured', async () => {
  const app = await openTestApp();
  const study = newStudy();
  await arrive(app, study);
  await app.drain();
  expect(await itemsOf(app, study)).toEqual([]);
  expect(await isAnalyzed(app, study)).toBe(true);
  await app.close();
});

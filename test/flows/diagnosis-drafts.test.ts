import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type DiagnosisDraftContent,
  deleteDiagnosisDraft,
  listDiagnosisDrafts,
  saveDiagnosisDraft,
} from '../../src/contract/diagnosis-drafts.ts';
import { deletePatient } from '../../src/contract/recycle-bin.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { diagnosisParts } from '../diagnosis-parts.ts';

const DAY_MS = 86_400_000;
const CONTENT: DiagnosisDraftContent = {
  study_instance_uids: [],
  file_names: ['film.dcm'],
  symptoms: 'cough since Monday',
  vital_signs: { temperature: { typed: '38,', unit: 'Cel' } },
  consciousness: 'alert',
  priority: 'urgent',
  analysis_depth: 'standard',
  models: [],
  confidence_threshold: 0.5,
  explainability_mode: 'heatmap',
  contrast: 'none',
};

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const { studyOf } = diagnosisParts(() => app);
const keep = (patient: string, change: Partial<DiagnosisDraftContent> = {}) =>
  app.call(saveDiagnosisDraft, { params: { patient_key: patient }, body: { ...CONTENT, ...change } });
const keysOfDrafts = async () => (await app.call(listDiagnosisDrafts, {})).items.map(({ patient_key }) => patient_key);

describe('a diagnosis that is being put together', () => {
  it('is kept as it was typed, one for each patient, and lies in the database sealed', async () => {
    const { patient } = await studyOf(70);
    await keep(patient);
    const later = await keep(patient, { symptoms: 'cough and fever' });
    const { items } = await app.call(listDiagnosisDrafts, {});
    expect(items).toEqual([later]);
    expect(items[0]?.content).toEqual({ ...CONTENT, symptoms: 'cough and fever' });
    const [row, ...others] = await app.deps.db.selectFrom('diagnosis_draft').selectAll().execute();
    expect([row?.content.startsWith('sealed1.'), row?.content.includes('cough'), others]).toEqual([true, false, []]);
    expect(await app.call(deleteDiagnosisDraft, { params: { patient_key: patient } })).toEqual({ deleted: true });
    expect(await app.call(deleteDiagnosisDraft, { params: { patient_key: patient } })).toEqual({ deleted: false });
  });

  it('is refused for a patient who is not there, and goes with the patient', async () => {
    const absent = await app.inject({ method: 'PUT', url: '/api/v1/diagnosis/drafts/nobody', payload: CONTENT });
    expect([absent.statusCode, absent.json().type]).toEqual([404, 'urn:isocenter:error:patient-not-found']);
    const { patient } = await studyOf(71);
    await keep(patient);
    await app.call(deletePatient, { params: { patient_key: patient } });
    expect(await app.deps.db.selectFrom('diagnosis_draft').selectAll().execute()).toEqual([]);
  });

  it('is another person’s to nobody', async () => {
    const { patient } = await studyOf(72);
    await keep(patient);
    const [user] = await app.deps.db.selectFrom('app_user').select('id').execute();
    await app.deps.db
      .insertInto('app_user')
      .values({ ...(await app.deps.db.selectFrom('app_user').selectAll().executeTakeFirstOrThrow()), id: 'other', username: 'other' })
      .execute();
    await app.deps.db.updateTable('diagnosis_draft').set({ user_id: 'other' }).execute();
    expect(await keysOfDrafts()).toEqual([]);
    await app.deps.db
      .updateTable('diagnosis_draft')
      .set({ user_id: user?.id ?? '' })
      .execute();
    expect(await keysOfDrafts()).toEqual([patient]);
  });

  it('is deleted when nobody has touched it for seven days, and no sooner', async () => {
    const { patient } = await studyOf(73);
    await keep(patient);
    await app.drain(6 * DAY_MS);
    await purge();
    expect(await keysOfDrafts()).toContain(patient);
    await app.drain(DAY_MS + 1000);
    expect(await keysOfDrafts()).not.toContain(patient);
    await purge();
    expect(await app.deps.db.selectFrom('diagnosis_draft').selectAll().execute()).toEqual([]);
  });
});

async function purge(): Promise<void> {
  await app.deps.systemDb.transaction().execute((tx) => app.jobs.enqueue(tx, 'purge-recycled', {}));
  await app.drain(0);
}

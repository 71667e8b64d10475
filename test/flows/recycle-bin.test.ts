import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deletePatient, deleteStudy, listRecycled, purgeRecycled, restoreRecycled } from '../../src/contract/recycle-bin.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { countBlobs, image, isThere, makePatient, OTHER_STUDY, PATIENT_ID, rowsOfTables, STUDY } from './privacy-parts.ts';

const DAY_MS = 86_400_000;

let app: TestApp;
beforeEach(async () => {
  app = await openTestApp();
});
afterEach(() => app.close());

describe('the recycle bin', () => {
  it('takes a study out of sight at once and puts it back exactly as it was (X-22)', async () => {
    await makePatient(app);
    const before = await rowsOfTables(app);
    const blobs = await countBlobs(app);
    const item = await app.call(deleteStudy, { params: { study_instance_uid: STUDY } });
    expect(item).toMatchObject({ study_instance_uid: STUDY, patient_id: PATIENT_ID, study_count: 1, instance_count: 2 });
    expect(Date.parse(item.purge_after) - Date.parse(item.deleted_at)).toBe(30 * DAY_MS);
    expect([await isThere(app, STUDY), await isThere(app, OTHER_STUDY)]).toEqual([false, true]);
    expect((await app.inject({ url: `/dicom-web/studies?StudyInstanceUID=${STUDY}` })).statusCode).toBe(204);
    expect((await app.inject({ url: `/api/v1/instances/${STUDY}.1.1/file` })).statusCode).toBe(404);
    expect((await app.call(listRecycled, { query: {} })).items).toEqual([item]);

    expect(await countBlobs(app)).toBe(blobs);
    expect(await app.call(restoreRecycled, { params: { id: item.id } })).toEqual({ study_instance_uids: [STUDY] });
    expect(await rowsOfTables(app)).toEqual(before);
    expect((await app.inject({ url: `/api/v1/instances/${STUDY}.1.1/file` })).statusCode).toBe(200);
    expect((await app.call(listRecycled, { query: {} })).items).toEqual([]);
  });

  it('takes a patient with all studies and puts both back (E-11)', async () => {
    const patient_key = await makePatient(app);
    const before = await rowsOfTables(app);
    const item = await app.call(deletePatient, { params: { patient_key } });
    expect(item).toMatchObject({ study_instance_uid: null, study_count: 2, instance_count: 3 });
    for (const [table, rows] of Object.entries(await rowsOfTables(app))) expect(rows, table).toHaveLength(table === 'recycled' ? 1 : 0);
    await app.call(restoreRecycled, { params: { id: item.id } });
    expect(await rowsOfTables(app)).toEqual(before);
  });

  it('keeps what has come again meanwhile when the rest returns', async () => {
    await makePatient(app);
    const item = await app.call(deleteStudy, { params: { study_instance_uid: STUDY } });
    const again = image(STUDY, 1, 99);
    expect((await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes: again }])).statusCode).toBe(200);
    await app.call(restoreRecycled, { params: { id: item.id } });
    expect((await app.inject({ url: `/api/v1/instances/${STUDY}.1.1/file` })).rawPayload.equals(Buffer.from(again))).toBe(true);
    expect((await app.inject({ url: `/api/v1/studies/${STUDY}` })).json()).toMatchObject({ instance_count: 2, series_count: 1 });
  });

  it('is emptied of what has been in it for its time, with its files, and of nothing else', async () => {
    await makePatient(app);
    const item = await app.call(deleteStudy, { params: { study_instance_uid: STUDY } });
    const before = await countBlobs(app);
    await purgeNow(29 * DAY_MS);
    expect(await app.deps.db.selectFrom('recycled').selectAll().execute()).toMatchObject([{ id: item.id }]);
    await purgeNow(DAY_MS);
    expect(await app.deps.db.selectFrom('recycled').selectAll().execute()).toEqual([]);
    expect(await app.deps.db.selectFrom('recycled_row').selectAll().execute()).toEqual([]);
    // Two instances and the report's PDF.
    expect(await countBlobs(app)).toBe(before - 3);
    expect(await app.deps.db.selectFrom('study').select('study_instance_uid').execute()).toEqual([{ study_instance_uid: OTHER_STUDY }]);
  });

  it('can be emptied of one thing by hand, and answers 404 for what is not in it', async () => {
    await makePatient(app);
    const { id } = await app.call(deleteStudy, { params: { study_instance_uid: STUDY } });
    await app.call(purgeRecycled, { params: { id } });
    for (const endpoint of [
      { method: 'DELETE', url: `/api/v1/recycle-bin/${id}` },
      { method: 'POST', url: `/api/v1/recycle-bin/${id}/restore` },
      { method: 'DELETE', url: `/api/v1/studies/${STUDY}` },
      { method: 'DELETE', url: '/api/v1/patients/00000000000000000000000000000000' },
    ] as const)
      expect((await app.inject(endpoint)).statusCode, endpoint.url).toBe(404);
  });

  it('lists page by page', async () => {
    await makePatient(app);
    await app.call(deleteStudy, { params: { study_instance_uid: STUDY } });
    await app.call(deleteStudy, { params: { study_instance_uid: OTHER_STUDY } });
    const first = await app.call(listRecycled, { query: { limit: 1 } });
    const second = await app.call(listRecycled, { query: { limit: 1, cursor: first.next_cursor ?? '' } });
    expect([...first.items, ...second.items].map(({ study_instance_uid }) => study_instance_uid).sort()).toEqual(
      [STUDY, OTHER_STUDY].sort(),
    );
    expect(second.next_cursor).toBeNull();
  });

  async function purgeNow(afterMs: number): Promise<void> {
    await app.drain(afterMs);
    await app.deps.systemDb.transaction().execute((tx) => app.jobs.enqueue(tx, 'purge-recycled', {}));
    await app.drain(0);
  }
});

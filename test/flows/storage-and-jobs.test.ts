import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropJob, listJobs, retryJob } from '../../src/contract/jobs.ts';
import { deleteStudy } from '../../src/contract/recycle-bin.ts';
import { addSampleStudy } from '../../src/contract/sample-study.ts';
import { getStorage, measureStorage } from '../../src/contract/storage.ts';
import { getStudy } from '../../src/contract/studies.ts';
import { listDeadJobs } from '../../src/contract/system.ts';
import type { JobHandlers } from '../../src/server/platform/ports.ts';
import type { TestApp } from '../app.ts';
import { uid } from '../builders.ts';
import { addPerson, askWith, signIn } from '../identity-parts.ts';
import { postgresMissing } from '../postgres.ts';
import { arrive, openDatabases } from './patients-parts.ts';

const DATABASES = postgresMissing ? ['SQLite'] : ['SQLite', 'PostgreSQL'];
const DAY_MS = 86_400_000;
const ABSENT = '00000000-0000-7000-8000-000000000000';

describe.each(DATABASES)('an administrator on %s', { timeout: 60_000 }, (database) => {
  let app: TestApp;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const databases = await openDatabases(database);
    const opened = await databases.open();
    app = opened.app;
    close = async () => {
      await opened.close();
      await databases.stop();
    };
  }, 120_000);
  afterAll(() => close());

  describe('sees what the disk holds', () => {
    it('which nobody has counted yet', async () => {
      const { disk, figures, sweep } = await app.call(getStorage, {});
      expect(disk.total_bytes).toBeGreaterThan(disk.free_bytes);
      expect([figures, sweep]).toEqual([null, null]);
    });

    it('by modality and day, with the recycle bin, after it was counted', async () => {
      await arrive(app, { study: uid(840, 1), patientId: 'S-1', name: 'Store^Stan', modality: 'CT' });
      await arrive(app, { study: uid(840, 1), number: 2, patientId: 'S-1', name: 'Store^Stan', modality: 'CT' });
      await arrive(app, { study: uid(840, 2), patientId: 'S-1', name: 'Store^Stan', modality: 'MR' });
      await arrive(app, { study: uid(840, 3), patientId: 'S-1', name: 'Store^Stan', modality: 'MR' });
      await app.call(deleteStudy, { params: { study_instance_uid: uid(840, 3) } });
      await app.call(measureStorage, {});
      await app.drain(0);
      const { figures, tenants } = await app.call(getStorage, {});
      const today = app.deps.now().toISOString().slice(0, 10);
      const sizes = await app.deps.db.selectFrom('instance').select('blob_size').execute();
      const bytes = sizes.reduce((sum, { blob_size }) => sum + blob_size, 0);
      expect(figures).toMatchObject({
        instances: 3,
        bytes,
        by_modality: [
          { modality: 'CT', instances: 2 },
          { modality: 'MR', instances: 1 },
        ],
        by_day: [{ day: today, instances: 3, bytes }],
        recycled: { items: 1, instances: 1, bytes: expect.any(Number) },
      });
      expect(figures?.recycled.bytes).toBeGreaterThan(0);
      // The first administrator looks after the installation as well.
      expect(tenants).toMatchObject([{ tenant_id: 'default', figures: { instances: 3 } }]);
    });

    it('and what the nightly sweep found, which counts anew', async () => {
      await app.drain(2 * DAY_MS);
      await app.deps.systemDb.transaction().execute((tx) => app.jobs.enqueue(tx, 'sweep-blobs', {}));
      await app.drain(0);
      const { sweep, figures } = await app.call(getStorage, {});
      expect(sweep).toMatchObject({ at: app.deps.now().toISOString(), looked_at: expect.any(Number), removed: 0 });
      expect(figures?.at).toBe(app.deps.now().toISOString());
    });
  });

  it('has a synthetic study to try everything on, once, and takes it out again', async () => {
    const added = await app.call(addSampleStudy, {});
    expect(added).toEqual({ study_instance_uid: expect.stringMatching(/^2\.25\./), instances: 80 });
    expect(await app.call(addSampleStudy, {})).toEqual(added);
    const study = await app.call(getStudy, { params: { study_instance_uid: added.study_instance_uid } });
    expect(study).toMatchObject({ is_synthetic: true, patient_name: 'SYNTHETIC^PHANTOM', instance_count: 80, modalities: ['CT', 'DX'] });
    await app.call(deleteStudy, { params: { study_instance_uid: added.study_instance_uid } });
  });

  describe('sees background jobs', () => {
    const failing = {
      'measure-storage': () => Promise.reject(new Error('the folder is gone')),
    } as Partial<JobHandlers> as JobHandlers;

    it('that died, lets one begin anew, and drops another', async () => {
      for (let count = 0; count < 2; count += 1)
        await app.deps.db.transaction().execute((tx) => app.deps.jobs.enqueue(tx, 'measure-storage', {}, { maxAttempts: 1 }));
      await app.jobs.drain(failing, new Date(app.deps.now().getTime() + 1_000));
      const { items, counts } = await app.call(listJobs, { query: { state: 'dead' } });
      expect(counts.dead).toBe(2);
      expect(items[0]).toMatchObject({ name: 'measure-storage', state: 'dead', last_error: 'the folder is gone', attempts: 1 });
      expect((await app.call(listDeadJobs, {})).items).toHaveLength(2);
      const [first, second] = items.map(({ id }) => ({ params: { id } }));
      if (!first || !second) throw new Error('There should be two');
      await app.call(retryJob, first);
      await app.call(dropJob, second);
      expect((await app.call(listJobs, { query: {} })).counts).toMatchObject({ waiting: 1, dead: 0 });
      expect(await app.drain(1_000)).toBeGreaterThan(0);
      const entries = await app.deps.db
        .selectFrom('audit_entry')
        .select('operation')
        .where('operation', 'like', '%/system/jobs/%')
        .execute();
      expect(entries.map(({ operation }) => operation)).toEqual(['POST /api/v1/system/jobs/:id/retry', 'DELETE /api/v1/system/jobs/:id']);
    });

    it('and is told of one that is not there', async () => {
      const retried = await app.inject({ method: 'POST', url: `/api/v1/system/jobs/${ABSENT}/retry` });
      const dropped = await app.inject({ method: 'DELETE', url: `/api/v1/system/jobs/${ABSENT}` });
      expect([retried.statusCode, dropped.statusCode]).toEqual([404, 404]);
    });

    it('which a radiologist does not', async () => {
      const { access } = await signIn(app, await addPerson(app, 'radiologist'));
      for (const url of ['/api/v1/system/jobs', '/api/v1/system/storage'])
        expect((await askWith(app, access, { url })).statusCode).toBe(403);
    });
  });
});

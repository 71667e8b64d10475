import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberOf } from '../../src/dicom/data-set.ts';
import { Tag } from '../../src/dicom/tags.ts';
import { openAssociation } from '../../src/server/dimse/client.ts';
import { type DicomListener, openDicomListener } from '../../src/server/dimse/listener.ts';
import { registerPeer } from '../../src/server/dimse/manage-peers.ts';
import { STATUS } from '../../src/server/dimse/message.ts';
import type { Scope } from '../../src/server/platform/scope.ts';
import { findStudyDetail } from '../../src/server/studies/queries.ts';
import { storeInstance } from '../../src/server/studies/store-instance.ts';
import { createTenant } from '../../src/server/tenants/create-tenant.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { CONTEXTS, store } from '../dicom-peer.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';

const DATABASES = [
  { database: 'SQLite', missing: undefined },
  { database: 'PostgreSQL', missing: postgresMissing },
];

describe.each(DATABASES)('two tenants on $database', ({ database, missing }) => {
  describe.skipIf(missing)(missing ?? 'with studies of the same names', () => {
    let postgres: PostgresServer | undefined;
    let app: TestApp;
    let north: Scope;
    let south: Scope;
    beforeAll(async () => {
      postgres = database === 'PostgreSQL' ? await startPostgres() : undefined;
      app = await openTestApp(postgres ? { databaseUrl: (await postgres.openDatabase({ migrated: false })).url } : {});
      for (const id of ['north', 'south']) await createTenant(app.deps, { id, name: id, aeTitle: id.toUpperCase() });
      [north, south] = [await app.deps.scope('north'), await app.deps.scope('south')];
    });
    afterAll(async () => {
      await app.close();
      await postgres?.stop();
    });

    const file = (number: number, seed: number): Uint8Array =>
      secondaryCapture({
        study: uid(90, number),
        series: uid(90, number, 1),
        instance: uid(90, number, 1, 1),
        patientId: `P${number}`,
        seed,
      });
    const put = (scope: Scope, bytes: Uint8Array) => storeInstance({ ...app.deps, ...scope }, once(bytes));

    it('hold the same UIDs with other bytes, each its own', async () => {
      expect((await put(north, file(1, 1))).status).toBe('stored');
      expect((await put(south, file(1, 2))).status).toBe('stored');
      expect((await put(south, file(1, 2))).status).toBe('already_held');
      await expect(put(north, file(1, 2))).rejects.toMatchObject({ kind: 'conflicting-instance' });
      expect((await app.inject({ url: `/api/v1/studies/${uid(90, 1)}` })).statusCode).toBe(404);
    });

    it('keep the bytes of the other when one gives up the same content', async () => {
      await put(north, file(2, 1));
      await put(south, file(2, 1));
      const { blob_key } = await north.db
        .selectFrom('instance')
        .select('blob_key')
        .where('study_instance_uid', '=', uid(90, 2))
        .executeTakeFirstOrThrow();
      await north.blobs.delete(blob_key);
      expect([await north.blobs.has(blob_key), await south.blobs.has(blob_key)]).toEqual([false, true]);
    });

    it('share commits; what is bad in one fails alone', async () => {
      await put(north, file(3, 1));
      const writes = Array.from({ length: 40 }, (_, index) => ({
        scope: index % 2 === 0 ? north : south,
        number: 100 + Math.floor(index / 2),
      }));
      const outcomes = await Promise.allSettled([
        ...writes.map(({ scope, number }) => put(scope, file(number, number))),
        put(north, file(3, 2)),
        put(south, file(3, 3)),
      ]);
      expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
      expect(outcomes[40]).toMatchObject({ status: 'rejected', reason: { kind: 'conflicting-instance' } });
      for (const scope of [north, south]) {
        const rows = await scope.db
          .selectFrom('study')
          .select('study_instance_uid')
          .where(
            'study_instance_uid',
            'in',
            writes.map(({ number }) => uid(90, number)),
          )
          .execute();
        expect(rows).toHaveLength(20);
      }
    });

    it("have jobs under the same keys that do not take each other's place, and analyze their own", async () => {
      await app.drain();
      const waiting = async () => (await Promise.all([north, south].map(({ jobs }) => jobs.counts()))).map((counts) => counts.waiting);
      const [inNorth = 0, inSouth = 0] = await waiting();
      for (const scope of [north, south]) await put(scope, file(4, 4));
      expect(await waiting()).toEqual([inNorth + 1, inSouth + 1]);
      expect((await app.deps.jobs.counts()).waiting).toBe(0);
      await south.jobs.cancel('analyze-study', uid(90, 4));
      await app.drain();
      const statusOf = async ({ db }: Scope) => (await findStudyDetail(db, uid(90, 4)))?.analysis_status;
      expect(await statusOf(north)).toBe('abstained');
      expect(await statusOf(south)).toBe('queued');
    });

    it('have events of their own', async () => {
      const topics = async ({ db }: Scope) =>
        (await db.selectFrom('event').select('type').where('study_instance_uid', '=', uid(90, 4)).orderBy('seq').execute()).map(
          ({ type }) => type,
        );
      expect(await topics(north)).toContain('analysis_complete');
      expect(await topics(south)).not.toContain('analysis_complete');
    });

    it('lose only what none of their own rows names when blobs are swept', async () => {
      await put(south, file(5, 5));
      const kept = await south.db
        .selectFrom('instance')
        .select('blob_key')
        .where('study_instance_uid', '=', uid(90, 5))
        .executeTakeFirstOrThrow();
      // The same bytes, which in this tenant belong to nothing.
      const orphan = await north.blobs.put(once(file(5, 5)));
      await app.deps.systemDb.transaction().execute((tx) => app.jobs.enqueue(tx, 'sweep-blobs', {}));
      await app.drain(3 * 60 * 60 * 1000);
      expect([await north.blobs.has(orphan.key), await south.blobs.has(kept.blob_key)]).toEqual([false, true]);
    });

    it('are reached over DIMSE by the title that is called, each with peers of its own', async () => {
      const listener = await listen(app);
      await registerPeer({ ...app.deps, ...north }, { ae_title: 'MODALITY', host: '127.0.0.1', port: 1 });
      const as = (called: string) =>
        openAssociation(
          { ae_title: called, host: '127.0.0.1', port: listener.port, tls: 0 },
          { callingAe: 'MODALITY', contexts: CONTEXTS },
        );
      const association = await as('NORTH');
      const response = await store(association, file(6, 6));
      association.release();
      expect(numberOf(response.command, Tag.Status)).toBe(STATUS.success);
      expect(await findStudyDetail(north.db, uid(90, 6))).toBeDefined();
      expect(await findStudyDetail(south.db, uid(90, 6))).toBeUndefined();
      await expect(as('SOUTH')).rejects.toThrow('calling-ae-title-not-recognized');
      await expect(as('ISOCENTER')).rejects.toThrow('calling-ae-title-not-recognized');
      await expect(as('WEST')).rejects.toThrow('called-ae-title-not-recognized');
      await listener.close();
    });
  });
});

describe('a resumable upload', () => {
  it('cannot be seen, continued or asked for by another tenant', async () => {
    const app = await openTestApp();
    await createTenant(app.deps, { id: 'north', name: 'north' });
    const tus = { 'tus-resumable': '1.0.0' };
    const created = await app.inject({ method: 'POST', url: '/api/v1/uploads', headers: { ...tus, 'upload-length': '10' } });
    const url = String(created.headers['location']);
    expect((await app.inject({ method: 'HEAD', url, headers: tus })).statusCode).toBe(200);
    const authenticate = app.http.authenticate;
    app.http.authenticate = async (request) => {
      const principal = await authenticate(request);
      return principal && { ...principal, tenant_id: 'north' };
    };
    expect((await app.inject({ method: 'HEAD', url, headers: tus })).statusCode).toBe(404);
    const headers = { ...tus, 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' };
    expect((await app.inject({ method: 'PATCH', url, headers, payload: Buffer.from('x') })).statusCode).toBe(404);
    expect((await app.inject({ url: `${url}/result` })).statusCode).toBe(404);
    await app.close();
  });
});

describe('a tenant', () => {
  it.each([['UPPER'], ['with space'], ['../up'], ['-x'], ['x-'], [''], ['*'], ['x'.repeat(41)]])('cannot be called %j', async (id) => {
    const app = await openTestApp();
    await expect(createTenant(app.deps, { id, name: 'n' })).rejects.toMatchObject({ kind: 'invalid-request' });
    await app.close();
  });

  it('cannot take the id or the title of another', async () => {
    const app = await openTestApp();
    await createTenant(app.deps, { id: 'one', name: 'One', aeTitle: 'ONE' });
    await expect(createTenant(app.deps, { id: 'one', name: 'Again' })).rejects.toMatchObject({ kind: 'wrong-state' });
    await expect(createTenant(app.deps, { id: 'two', name: 'Two', aeTitle: 'ONE' })).rejects.toMatchObject({ kind: 'wrong-state' });
    await expect(createTenant(app.deps, { id: 'two', name: 'Two', aeTitle: 'ISOCENTER' })).rejects.toMatchObject({ kind: 'wrong-state' });
    await app.close();
  });
});

function listen(app: TestApp): Promise<DicomListener> {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  return openDicomListener(app.deps, { host: '127.0.0.1', port: 0, node: { aeTitle: 'ISOCENTER', privateClasses: new Set() }, log });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

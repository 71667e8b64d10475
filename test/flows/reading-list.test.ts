import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listEvents } from '../../src/contract/events.ts';
import { reviewFinding } from '../../src/contract/findings.ts';
import { addStudyLabel } from '../../src/contract/labels.ts';
import * as contract from '../../src/contract/reading-list.ts';
import { draftReport, editReport, signReport } from '../../src/contract/reports.ts';
import { openTestApp, requestOf, type TestApp } from '../app.ts';
import { addPerson, type Person, type SignedInClient, signIn } from '../identity-parts.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';
import { findInStudy, orderStudy, readList, storeToRead, uidsOf } from '../reading-objects.ts';
import { signingOf } from '../sign-draft.ts';

const HOUR_MS = 3_600_000;
const study = (number: number): string => `2.25.8800.${number}`;

/** A database to open the app on; undefined for SQLite. */
type Opened = { url: string | undefined; close(): Promise<void> };

async function openPostgres(): Promise<Opened> {
  const server: PostgresServer = await startPostgres();
  const database = await server.openDatabase();
  return {
    url: database.url,
    close: async () => {
      await database.close();
      await server.stop();
    },
  };
}

const DATABASES = [
  { name: 'SQLite', missing: undefined, open: async (): Promise<Opened> => ({ url: undefined, close: async () => {} }) },
  { name: 'PostgreSQL', missing: postgresMissing, open: openPostgres },
];

for (const { name, missing, open } of DATABASES) {
  describe.skipIf(missing)(`the reading list on ${name}${missing ? ` (${missing})` : ''}`, () => {
    let database: Opened;
    let app: TestApp;
    let reader: Person;
    let client: SignedInClient;
    beforeAll(async () => {
      database = await open();
      app = await openTestApp(database.url === undefined ? {} : { databaseUrl: database.url });
      reader = await addPerson(app, 'radiologist');
      for (const number of [1, 2, 3, 4, 5]) await storeToRead(app, { uid: study(number) });
    }, 240_000);
    afterAll(async () => {
      await app?.close();
      await database?.close();
    });

    /** As the second reader; sessions end while the clock runs. */
    const asReader = async (): Promise<SignedInClient> => {
      client = await signIn(app, reader);
      return client;
    };
    const itemOf = (uid: string) => app.call(contract.getReading, { params: { study_instance_uid: uid } });
    const typesOf = async (uid: string): Promise<string[]> => {
      const { items } = await app.call(listEvents, { query: { topic: `study:${uid}`, limit: 1000 } });
      return items.map(({ type }) => type).filter((type) => type.startsWith('reading_'));
    };

    it('begins with who waits longest, page after page, each study once', async () => {
      const items = await readList(app);
      expect(uidsOf(items)).toEqual([1, 2, 3, 4, 5].map(study));
      expect(items[0]).toMatchObject({
        reading_status: 'unread',
        level: 'routine',
        assignee: null,
        lock: null,
        labels: [],
        diagnosis: null,
      });
    });

    it('an order and a finding of a model each bring a study up, with the reason, and a rejected finding no longer does', async () => {
      await orderStudy(app, study(4), 'STAT');
      const finding = await findInStudy(app, study(3), { code: 'pneumonia', confidence: 0.83 });
      const items = await readList(app);
      expect(uidsOf(items)).toEqual([4, 3, 1, 2, 5].map(study));
      expect(items[0]?.reasons[0]).toEqual({ kind: 'order', level: 'critical', priority: 'STAT' });
      expect(items[1]?.reasons[0]).toMatchObject({
        kind: 'finding',
        level: 'urgent',
        urgency: 'high',
        title: 'pneumonia',
        model_id: 'test-model',
        model_version: '2.1',
        confidence: 0.83,
        is_confirmed: false,
      });
      expect(uidsOf(await readList(app, { level: 'critical' }))).toEqual([study(4)]);
      await app.call(reviewFinding, { params: { id: finding }, body: { decision: 'reject', reason: 'Artifact' } });
      expect(uidsOf(await readList(app))).toEqual([4, 1, 2, 3, 5].map(study));
    });

    it('says that the AI could not evaluate a study, and does not take that for an all-clear', async () => {
      const item = await itemOf(study(1));
      expect(item.analysis_status).toBe('abstained');
      expect(item.reasons).toContainEqual({ kind: 'not_evaluable', level: null, reason: item.analysis_reason });
    });

    it('a study is given to a person who writes reports, and to nobody else', async () => {
      const readers = await app.call(contract.listReaders, {});
      expect(readers.items.map(({ id }) => id)).toContain(reader.id);
      const given = await app.call(contract.assignReading, { params: { study_instance_uid: study(2) }, body: { user_id: reader.id } });
      expect(given.assignee?.id).toBe(reader.id);
      expect(uidsOf(await readList(app, { assignee: reader.id }))).toEqual([study(2)]);
      expect(uidsOf(await readList(app, { assignee: 'nobody' }))).toEqual([4, 1, 3, 5].map(study));
      const mine = await (await asReader()).ask('GET', '/api/v1/reading-list?assignee=me');
      expect(uidsOf(mine.json().items)).toEqual([study(2)]);
      const technician = await addPerson(app, 'technician');
      const request = requestOf(contract.assignReading, { params: { study_instance_uid: study(2) }, body: { user_id: technician.id } });
      expect((await app.inject(request)).statusCode).toBe(400);
      expect(await typesOf(study(2))).toEqual(['reading_assigned']);
    });

    it('who opens a study for reading is seen by others, who take it over only if they say so', async () => {
      const own = await app.call(contract.lockReading, { params: { study_instance_uid: study(5) }, body: {} });
      expect(own.is_own).toBe(true);
      const item = await itemOf(study(5));
      expect(item).toMatchObject({ reading_status: 'reading', lock: { user_id: own.lock.user_id }, first_opened_at: own.lock.since });
      const other = await asReader();
      const path = `/api/v1/studies/${study(5)}/reading-lock`;
      const asked = (await other.ask('PUT', path, {})).json();
      expect(asked).toMatchObject({ is_own: false, lock: { user_id: own.lock.user_id } });
      expect((await other.ask('DELETE', path)).json()).toEqual({ released: false });
      const taken = (await other.ask('PUT', path, { take_over: true })).json();
      expect(taken).toMatchObject({ is_own: true, lock: { user_id: reader.id } });
      expect((await app.call(contract.lockReading, { params: { study_instance_uid: study(5) }, body: {} })).is_own).toBe(false);
      expect((await other.ask('DELETE', path)).json()).toEqual({ released: true });
      expect(await itemOf(study(5))).toMatchObject({ reading_status: 'unread', lock: null, first_opened_at: own.lock.since });
      expect(await typesOf(study(5))).toEqual(['reading_begun', 'reading_taken_over', 'reading_ended']);
    });

    it('a reading that nobody renews ends by itself', async () => {
      await app.call(contract.lockReading, { params: { study_instance_uid: study(5) }, body: {} });
      await app.drain(4 * 60_000);
      await app.call(contract.lockReading, { params: { study_instance_uid: study(5) }, body: {} });
      await ageLists(app, 4 * 60_000);
      expect((await itemOf(study(5))).lock).not.toBeNull();
      await ageLists(app, 2 * 60_000);
      expect(await itemOf(study(5))).toMatchObject({ reading_status: 'unread', lock: null });
    });

    it('a draft and a signature move a study on, and the signature ends the reading', async () => {
      await app.call(contract.lockReading, { params: { study_instance_uid: study(5) }, body: {} });
      const draft = await app.call(draftReport, { params: { study_instance_uid: study(5) }, body: {} });
      expect(await itemOf(study(5))).toMatchObject({ reading_status: 'drafted', drafted_at: draft.created_at, signed_at: null });
      expect(uidsOf(await readList(app, { status: 'drafted' }))).toEqual([study(5)]);
      const { write, sign } = signingOf(draft);
      await app.call(editReport, { params: { id: draft.id }, body: write });
      const signed = await app.call(signReport, { params: { id: draft.id }, body: sign });
      expect(await itemOf(study(5))).toMatchObject({ reading_status: 'signed', signed_at: signed.signed_at, lock: null });
      expect(uidsOf(await readList(app))).toEqual([4, 1, 2, 3].map(study));
      expect(uidsOf(await readList(app, { status: 'signed' }))).toEqual([study(5)]);
      expect(uidsOf(await readList(app, { status: 'all' })).at(-1)).toBe(study(5));
    });

    it('what waits longer than its target goes up, and is told', async () => {
      await storeToRead(app, { uid: study(6) });
      await orderStudy(app, study(6), 'LOW');
      expect((await itemOf(study(6))).level).toBe('low');
      await ageLists(app, 25 * HOUR_MS);
      const [first, second] = await readList(app);
      expect([first?.study_instance_uid, second?.study_instance_uid]).toEqual([study(4), study(1)]);
      expect(second).toMatchObject({ level: 'urgent', reading_status: 'unread' });
      expect(second?.reasons[0]).toMatchObject({ kind: 'overdue', level: 'urgent', target_minutes: 1440 });
      expect(await typesOf(study(1))).toEqual(['reading_priority_changed']);
      expect((await itemOf(study(6))).level).toBe('low');
      const overdue = uidsOf(await readList(app, { overdue: true }));
      expect(overdue).toEqual([4, 1, 2, 3].map(study));
      // Once more changes nothing.
      await ageLists(app, 0);
      expect(await typesOf(study(1))).toEqual(['reading_priority_changed']);
    });

    it('targets are the tenant\u2019s own', async () => {
      const targets = { critical: 30, urgent: 60, routine: 120, low: 240 };
      await app.call(contract.putReadingTargets, { body: targets });
      expect(await app.call(contract.getReadingTargets, {})).toEqual(targets);
      await ageLists(app, 0);
      expect((await itemOf(study(6))).level).toBe('urgent');
      const request = requestOf(contract.putReadingTargets, { body: { ...targets, low: 0 } });
      expect((await app.inject(request)).statusCode).toBe(400);
    });

    it('a modality has targets of its own, which timers, the filter and the rise follow', async () => {
      await storeToRead(app, { uid: study(10), modality: 'MG' });
      const all = { critical: 30, urgent: 60, routine: 120, low: 240 };
      const slow = { critical: 30, urgent: 600, routine: 6_000, low: 60_000 };
      await ageLists(app, 3 * HOUR_MS);
      expect((await itemOf(study(10))).level).toBe('urgent');
      await app.call(contract.putReadingTargets, { body: { ...all, modalities: { MG: slow } } });
      const patient = await itemOf(study(10));
      expect(Date.parse(patient.due_at) - Date.parse(patient.created_at)).toBe(slow.routine * 60_000);
      expect([patient.level, patient.reasons.map(({ kind }) => kind)]).toEqual(['routine', ['not_evaluable']]);
      expect(uidsOf(await readList(app, { overdue: true }))).not.toContain(study(10));
      await storeToRead(app, { uid: study(11), modality: 'MG' });
      await storeToRead(app, { uid: study(12), modality: 'US' });
      await ageLists(app, 3 * HOUR_MS);
      expect([(await itemOf(study(11))).level, (await itemOf(study(12))).level]).toEqual(['routine', 'urgent']);
      await app.call(contract.putReadingTargets, { body: { ...all, modalities: { MG: { ...slow, routine: 60 } } } });
      await ageLists(app, 0);
      expect((await itemOf(study(11))).level).toBe('urgent');
      await app.call(contract.putReadingTargets, { body: all });
      expect(uidsOf(await readList(app, { overdue: true }))).toEqual(expect.arrayContaining([study(11), study(12)]));
    });

    it('a person sets the priority of a study by hand, with the name, and leaves it to the rules again', async () => {
      const params = { study_instance_uid: study(2) };
      const before = await itemOf(study(2));
      const set = await app.call(contract.setReadingLevel, { params, body: { level: 'critical' } });
      expect(set.level).toBe('critical');
      expect(set.reasons[0]).toMatchObject({ kind: 'person', level: 'critical', set_level: 'critical' });
      expect(uidsOf(await readList(app)).slice(0, 2)).toEqual([study(2), study(4)]);
      expect(await typesOf(study(2))).toContain('reading_priority_changed');
      const back = await app.call(contract.setReadingLevel, { params, body: { level: null } });
      expect([back.level, back.reasons]).toEqual([before.level, before.reasons]);
      const unknown = requestOf(contract.setReadingLevel, { params: { study_instance_uid: study(99) }, body: { level: 'low' } });
      expect((await app.inject(unknown)).statusCode).toBe(404);
    });

    it('a view is shared with everybody of the tenant, and changed and taken back by who shares it alone', async () => {
      const params = { id: '0197e3a0-0000-7000-8000-000000000001' };
      const body = { name: 'Chest first', filter: { body_part: 'CHEST' }, order: 'priority' } as const;
      const searched = { ...body, filter: { ...body.filter, q: 'somebody' } };
      const made = await app.call(contract.putSharedView, { params, body: searched });
      expect([made.filter, made.is_own]).toEqual([body.filter, true]);
      const other = await asReader();
      const path = `/api/v1/reading-list/views/${params.id}`;
      expect((await other.ask('GET', '/api/v1/reading-list/views')).json().items).toMatchObject([{ ...body, is_own: false }]);
      expect((await other.ask('GET', '/api/v1/reading-list/counts')).json().counts).toHaveProperty(params.id);
      expect((await other.ask('PUT', path, { ...body, name: 'Mine now' })).statusCode).toBe(409);
      expect((await other.ask('DELETE', path)).json()).toEqual({ removed: false });
      await app.call(contract.putSharedView, { params, body: { ...body, name: 'Chest' } });
      expect((await app.call(contract.listSharedViews, {})).items.map(({ name }) => name)).toEqual(['Chest']);
      expect(await app.call(contract.removeSharedView, { params })).toEqual({ removed: true });
      expect((await app.call(contract.listSharedViews, {})).items).toEqual([]);
    });

    it('finds by modality, body part, day, label, state of the AI and words, alone and together', async () => {
      await storeToRead(app, { uid: study(7), modality: 'CR', bodyPart: 'CHEST', date: '20260301', patient: 'FILTERED-7' });
      await storeToRead(app, { uid: study(8), modality: 'CR', bodyPart: 'HAND', date: '20260302', patient: 'FILTERED-8' });
      await app.call(addStudyLabel, { params: { study_instance_uid: study(8), label: 'teaching' } });
      expect(uidsOf(await readList(app, { modality: 'CR' }))).toEqual([study(7), study(8)]);
      expect(uidsOf(await readList(app, { body_part: 'CHEST' }))).toEqual([study(7)]);
      expect(uidsOf(await readList(app, { from: '2026-03-02', to: '2026-03-02' }))).toEqual([study(8)]);
      expect(uidsOf(await readList(app, { to: '2026-03-01' }))).toEqual([study(7)]);
      const labeled = await readList(app, { label: 'teaching' });
      expect(uidsOf(labeled)).toEqual([study(8)]);
      expect(labeled[0]).toMatchObject({ labels: ['teaching'], body_parts: ['HAND'] });
      expect(uidsOf(await readList(app, { q: 'filtered', modality: 'CR', body_part: 'HAND' }))).toEqual([study(8)]);
      expect(uidsOf(await readList(app, { q: 'filtered', ai: 'running' }))).toEqual([]);
      expect(uidsOf(await readList(app, { q: 'filt', order: 'arrival' }))).toEqual([study(8), study(7)]);
      expect(uidsOf(await readList(app, { q: 'filt', order: 'study_date', status: 'all' }))).toEqual([study(8), study(7)]);
    });

    it('keeps columns and views of each person, and counts the views', async () => {
      const id = '0198c0de-0000-7000-8000-000000000001';
      const preferences = {
        columns: ['patient', 'waiting'],
        views: [{ id, name: 'Chest', filter: { body_part: 'CHEST' }, order: 'arrival' as const }],
      };
      await app.call(contract.putReadingPreferences, { body: preferences });
      expect(await app.call(contract.getReadingPreferences, {})).toEqual(preferences);
      const { counts, most } = await app.call(contract.countReadings, {});
      expect(most).toBeGreaterThan(1);
      expect(counts).toMatchObject({ critical: 1, drafted: 0, [id]: 1, mine: 0 });
      expect(counts['open']).toBe((await readList(app)).length);
      const others = (await (await asReader()).ask('GET', '/api/v1/reading-list/preferences')).json();
      expect(others).toEqual({ views: [] });
    });

    it('who sees assigned studies only has only these in the list', async () => {
      const doctor = await addPerson(app, 'doctor');
      const { ask } = await signIn(app, doctor);
      expect((await ask('GET', '/api/v1/reading-list')).json().items).toEqual([]);
      expect((await ask('GET', `/api/v1/studies/${study(1)}/reading`)).statusCode).toBe(404);
      expect((await ask('PUT', `/api/v1/studies/${study(1)}/reading-lock`, {})).statusCode).toBe(403);
    });

    it('a cursor that is none is refused', async () => {
      expect((await app.inject({ url: '/api/v1/reading-list?cursor=nonsense' })).statusCode).toBe(400);
    });
  });
}

/** Lets time pass, and the job that follows it run. */
async function ageLists(app: TestApp, afterMs: number): Promise<void> {
  await app.deps.systemDb.transaction().execute((tx) => app.jobs.enqueue(tx, 'age-reading-lists', {}));
  await app.drain(afterMs);
}

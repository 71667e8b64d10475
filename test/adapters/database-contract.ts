import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { isPostgres, migrate } from '../../src/server/infra/migrate.ts';
import type { Db, SystemDb } from '../../src/server/platform/ports.ts';
import { DEFAULT_TENANT } from '../../src/server/platform/scope.ts';
import type { TestDatabase } from '../database.ts';

const TABLES = [
  'tenant',
  'analysis',
  'app_user',
  'cron',
  'event',
  'finding',
  'instance',
  'job',
  'patient',
  'prediction',
  'report',
  'series',
  'session',
  'setting',
  'study',
];
const AT = '2030-01-01T00:00:00.000Z';

/** What both databases must do alike. `setUp` opens a fresh database for each test. */
export function testDatabase(setUp: (options?: { migrated?: boolean }) => Promise<TestDatabase>): void {
  test('an empty database gets all tables, and a second migration changes nothing', async () => {
    const { system: db } = await setUp({ migrated: false });
    expect((await migrate(db))[0]).toBe('0001-initial');
    const before = await describeSchema(db);
    expect(before.map((table) => table.split('(')[0])).toEqual(expect.arrayContaining(TABLES));
    expect(await migrate(db)).toEqual([]);
    expect(await describeSchema(db)).toEqual(before);
  });

  test('processes that migrate at the same time do it once', async () => {
    const { system: db, reopen } = await setUp({ migrated: false });
    const others = [reopen(), reopen()];
    const ran = await Promise.all([db, ...others.map(({ system }) => system)].map(migrate));
    for (const other of others) await other.close();
    expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
    expect(await migrate(db)).toEqual([]);
  });

  test('a transaction that fails leaves nothing', async () => {
    const { db } = await setUp();
    const failing = db.transaction().execute(async (tx) => {
      await tx.insertInto('setting').values({ key: 'a', value: '1' }).execute();
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await settings(db)).toEqual([]);
  });

  test('a statement that fails within a transaction ends it without a trace', async () => {
    const { db } = await setUp();
    const failing = db.transaction().execute(async (tx) => {
      await tx.insertInto('setting').values({ key: 'a', value: '1' }).execute();
      await tx.insertInto('setting').values({ key: 'a', value: '2' }).execute();
    });
    await expect(failing).rejects.toThrow(/unique/i);
    expect(await settings(db)).toEqual([]);
    await db.insertInto('setting').values({ key: 'a', value: '3' }).execute();
    expect(await settings(db)).toEqual(['a=3']);
  });

  test('a savepoint can be given up while its transaction goes on', async () => {
    const { db } = await setUp();
    const tx = await db.startTransaction().execute();
    await tx.insertInto('setting').values({ key: 'a', value: '1' }).execute();
    const after = await tx.savepoint('here').execute();
    await after.insertInto('setting').values({ key: 'b', value: '1' }).execute();
    await after.rollbackToSavepoint('here').execute();
    await tx.commit().execute();
    expect(await settings(db)).toEqual(['a=1']);
  });

  test('reads do not wait for an open transaction, do not see its rows, and see them once it has committed', async () => {
    const { db } = await setUp();
    const tx = await db.startTransaction().execute();
    await tx.insertInto('setting').values({ key: 'a', value: '1' }).execute();
    expect(await settings(db)).toEqual([]);
    expect(await settings(tx)).toEqual(['a=1']);
    await tx.commit().execute();
    expect(await settings(db)).toEqual(['a=1']);
  });

  test('concurrent transactions that add to one row lose no addition', async () => {
    const { db } = await setUp();
    await db.insertInto('setting').values({ key: 'sum', value: '0' }).execute();
    const add = () =>
      db.transaction().execute(async (tx) => {
        let row = tx.selectFrom('setting').select('value').where('key', '=', 'sum');
        if (isPostgres(tx)) row = row.forUpdate();
        const { value } = await row.executeTakeFirstOrThrow();
        await tx
          .updateTable('setting')
          .set({ value: String(Number(value) + 1) })
          .where('key', '=', 'sum')
          .execute();
      });
    await Promise.all(Array.from({ length: 30 }, add));
    expect(await settings(db)).toEqual(['sum=30']);
  });

  test('an upsert is one statement, and says what it did', async () => {
    const { db } = await setUp();
    const put = (value: string) =>
      db
        .insertInto('setting')
        .values({ key: 'a', value })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .executeTakeFirst();
    expect((await put('1')).numInsertedOrUpdatedRows).toBe(1n);
    expect((await put('2')).numInsertedOrUpdatedRows).toBe(0n);
    const { numUpdatedRows } = await db.updateTable('setting').set({ value: '3' }).where('key', '=', 'none').executeTakeFirst();
    expect(numUpdatedRows).toBe(0n);
  });

  test('a user name is given once', async () => {
    const { db } = await setUp();
    const user = { full_name: '', role: 'admin', password_hash: '', is_active: 1, created_at: AT, last_login: null, is_operator: 0 };
    const insert = (id: string, username: string) =>
      db
        .insertInto('app_user')
        .values({ id, username, ...user })
        .execute();
    await insert('1', 'ann');
    await insert('2', 'bob');
    await expect(insert('3', 'ann')).rejects.toThrow(/unique/i);
  });

  test('a row whose parent is not there is refused, and so is removing a parent', async () => {
    const { db } = await setUp();
    await expect(insertStudy(db, '1.1', 'nobody')).rejects.toThrow(/foreign key/i);
    await insertPatient(db, { id: 'p1', patient_id: '1', issuer: '' });
    await insertStudy(db, '1.1', 'p1');
    await expect(db.deleteFrom('patient').execute()).rejects.toThrow(/foreign key/i);
  });

  test('text of every script and length comes back as it was', async () => {
    const { db } = await setUp();
    const texts = ['', 'محمد^أحمد', '山田^太郎', '𝄞😀', 'quote \' and \\ and " and \n', 'x'.repeat(5_000_000)];
    for (const [index, value] of texts.entries())
      await db
        .insertInto('setting')
        .values({ key: String(index), value })
        .execute();
    const rows = await db.selectFrom('setting').select('value').orderBy('key').execute();
    expect(rows.map((row) => row.value)).toEqual(texts);
  });

  test('JSON text comes back byte for byte', async () => {
    const { db } = await setUp();
    const json = JSON.stringify({ b: [1, 2.5, null], a: { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'أ' }] } } });
    await db.insertInto('setting').values({ key: 'json', value: json }).execute();
    expect(await settings(db)).toEqual([`json=${json}`]);
  });

  test('text sorts byte by byte', async () => {
    const { db } = await setUp();
    for (const key of ['b', 'B', 'ä', 'a', 'é', 'Z', '_']) await db.insertInto('setting').values({ key, value: '' }).execute();
    const rows = await db.selectFrom('setting').select('key').orderBy('key').execute();
    expect(rows.map((row) => row.key)).toEqual(['B', 'Z', '_', 'a', 'b', 'ä', 'é']);
  });

  test('numbers come back as numbers: fractions, sizes past 32 bits, counts', async () => {
    const { db } = await setUp();
    await insertPatient(db, { id: 'p1', patient_id: '1', issuer: '' });
    await insertStudy(db, '1.1', 'p1');
    const series = { series_instance_uid: '1.1.1', study_instance_uid: '1.1', modality: 'CT', sop_class_uid: '1.2', created_at: AT };
    await db
      .insertInto('series')
      .values({
        ...series,
        series_number: null,
        description: null,
        body_part: null,
        view_position: null,
        instance_count: 0,
        attributes: '{}',
      })
      .execute();
    const sizes = { pixel_offset: 5_000_000_000, pixel_length: 9_007_199_254_740_991, blob_size: 8_589_934_592, window_center: -0.1 };
    await insertInstance(db, sizes);
    const row = await db.selectFrom('instance').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ ...sizes, rows: null, window_width: 400 });
    const { count } = await db
      .selectFrom('instance')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(count).toBe(1);
  });

  test('a value of a wrong type is refused', async () => {
    const { db, system } = await setUp();
    await insertPatient(db, { id: 'p1', patient_id: '1', issuer: '' });
    const broken = sql`update patient set created_at = null`.execute(system);
    await expect(broken).rejects.toThrow(/null/i);
    await expect(
      sql`insert into job (id, name, payload, priority, run_at, attempts, max_attempts, created_at)
      values ('j', 'n', '{}', 'high', '', 0, 1, '')`.execute(system),
    ).rejects.toThrow();
  });

  test('events are numbered upwards', async () => {
    const { db } = await setUp();
    const event = { type: 'study-updated', topic: '1.1', payload: '{}', created_at: AT };
    const seqs: number[] = [];
    for (let count = 0; count < 3; count++) {
      seqs.push((await db.insertInto('event').values(event).returning('seq').executeTakeFirstOrThrow()).seq);
    }
    expect(seqs[0]).toBeGreaterThan(0);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(new Set(seqs).size).toBe(3);
  });

  test('what is committed is there for another process', async () => {
    const { db, reopen } = await setUp();
    await db.insertInto('setting').values({ key: 'a', value: '1' }).execute();
    const other = reopen();
    const theirs = other.tenant(DEFAULT_TENANT);
    expect(await settings(theirs)).toEqual(['a=1']);
    await theirs.insertInto('setting').values({ key: 'b', value: '2' }).execute();
    await other.close();
    expect(await settings(db)).toEqual(['a=1', 'b=2']);
  });
}

async function settings(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('setting').selectAll().orderBy('key').execute();
  return rows.map(({ key, value }) => `${key}=${value}`);
}

async function describeSchema(db: SystemDb): Promise<string[]> {
  const tables = await db.introspection.getTables();
  return tables.map(({ name, columns }) => `${name}(${columns.map((column) => `${column.name} ${column.dataType}`).join(', ')})`).sort();
}

async function insertPatient(db: Db, patient: { id: string; patient_id: string; issuer: string }): Promise<void> {
  const rest = { name: 'A^B', name_search: 'a b', birth_date: null, sex: null, created_at: AT, updated_at: AT };
  await db
    .insertInto('patient')
    .values({ ...patient, ...rest })
    .execute();
}

async function insertStudy(db: Db, study_instance_uid: string, patient_key: string): Promise<void> {
  const unknown = {
    accession_number: null,
    study_id: null,
    study_date: null,
    study_time: null,
    description: null,
    referring_physician: null,
  };
  const counts = { study_moment: '20300101', modalities: '', series_count: 0, instance_count: 0, attributes: '{}' };
  const states = { is_synthetic: 1, status: 'receiving', analysis_status: 'none' } as const;
  await db
    .insertInto('study')
    .values({ study_instance_uid, patient_key, ...unknown, ...counts, ...states, created_at: AT, updated_at: AT })
    .execute();
}

async function insertInstance(
  db: Db,
  sizes: { pixel_offset: number; pixel_length: number; blob_size: number; window_center: number },
): Promise<void> {
  const uids = { sop_instance_uid: '1.1.1.1', series_instance_uid: '1.1.1', study_instance_uid: '1.1' };
  const kind = { sop_class_uid: '1.2.840.10008.5.1.4.1.1.2', transfer_syntax_uid: '1.2.840.10008.1.2.1', instance_number: 1 };
  const pixels = { number_of_frames: 1, rows: null, columns: null, window_width: 400, is_derived: 0 };
  await db
    .insertInto('instance')
    .values({ ...uids, ...kind, ...pixels, ...sizes, blob_key: 'k', dicom_json: '{}', created_at: AT })
    .execute();
}

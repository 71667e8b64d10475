import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { TenantRuleError } from '../../src/server/infra/tenant-rewrite.ts';
import type { Db } from '../../src/server/platform/ports.ts';
import type { Visibility } from '../../src/server/platform/visibility.ts';
import type { TestDatabase } from '../database.ts';
import { anyRead, anyWrite, type Name, OWNED_TABLES, runRead, runWrite } from './tenant-queries.ts';
import { insertRowsOf } from './tenant-rows.ts';

const AT = '2030-01-01T00:00:00.000Z';
const OTHER = 'other';

/** That tenants are apart in both databases. `setUp` opens a fresh one; `runs` is how many random statements each property tries. */
export function testTenants(setUp: () => Promise<TestDatabase>, runs: number): void {
  test('a random query gives what it would give if there were no other tenant', { timeout: 120_000 }, async () => {
    const [shared, alone] = [await setUpTwo(setUp), await setUpOne(setUp)];
    await fc.assert(
      fc.asyncProperty(anyRead, async (read) => {
        expect(await runRead(shared.db, read)).toEqual(await runRead(alone.db, read));
      }),
      { numRuns: runs, seed: 1 },
    );
  });

  test('a random write does what it would do if there were no other tenant, and nothing to the other one', {
    timeout: 120_000,
  }, async () => {
    const [shared, alone] = [await setUpTwo(setUp), await setUpOne(setUp)];
    const others = await contentsOf(shared.database.tenant(OTHER));
    await fc.assert(
      fc.asyncProperty(anyWrite, async (write) => {
        expect(await runWrite(shared.db, write)).toBe(await runWrite(alone.db, write));
        expect(await contentsOf(shared.db)).toEqual(await contentsOf(alone.db));
        expect(await contentsOf(shared.database.tenant(OTHER))).toEqual(others);
      }),
      { numRuns: runs, seed: 1 },
    );
  });

  test('rows come without the tenant, whether selected or returned', async () => {
    const { db } = await setUpOne(setUp);
    const row = await db.selectFrom('setting').selectAll().executeTakeFirstOrThrow();
    const returned = await db.insertInto('setting').values({ key: 'new', value: '' }).returningAll().executeTakeFirstOrThrow();
    expect([Object.keys(row), Object.keys(returned)]).toEqual([
      ['key', 'value'],
      ['key', 'value'],
    ]);
  });

  test('a view of a tenant within a transaction that tenants share is its own', async () => {
    const { database, system } = await setUpTwo(setUp);
    const seen = await system.transaction().execute(async (shared) => {
      const first = await database.enter(shared, 'default');
      const mine = await first.updateTable('setting').set({ value: 'changed' }).where('key', '=', '1').returning('value').execute();
      const second = await database.enter(shared, OTHER);
      return [mine, await second.selectFrom('setting').select('value').where('key', '=', '1').execute()];
    });
    expect(seen).toEqual([[{ value: 'changed' }], [{ value: 'other 1' }]]);
    expect(await database.tenant(OTHER).selectFrom('setting').select('value').where('key', '=', '1').execute()).toEqual([
      { value: 'other 1' },
    ]);
  });

  test.each(REFUSED.map(([name]) => name))('refuses %s', async (name) => {
    const { db } = await setUpOne(setUp);
    const run = REFUSED.find(([each]) => each === name)?.[1];
    await expect((async () => run?.(db))()).rejects.toThrow(TenantRuleError);
  });

  test('lets raw SQL name columns of tables, and functions', async () => {
    const { db } = await setUpOne(setUp);
    const rows = await db
      .selectFrom('study')
      .select(sql<string>`upper(study.description)`.as('d'))
      .where(sql<boolean>`lower(${sql.ref('study.description')}) = 'default'`)
      .execute();
    expect(rows).toHaveLength(4);
  });

  test.each(VISIBLE)('%j shows its part of a study, and of nobody else', async (visibility, studies, patients) => {
    const { database, db } = await setUpTwo(setUp);
    for (const tenant of [db, database.tenant(OTHER)]) {
      await tenant.insertInto('study_label').values({ study_instance_uid: '2', label: 'deidentified', created_at: AT }).execute();
      await tenant.insertInto('study_assignment').values({ study_instance_uid: '4', user_id: '1', created_at: AT }).execute();
    }
    const view = database.tenant('default', visibility);
    const counts = await countsOf(view);
    // A patient does not see what is on the way to a report.
    const inner = visibility.kind === 'own' ? 0 : studies.length;
    expect(counts).toEqual({
      study: studies,
      series: studies,
      patient: patients,
      finding: visibility.kind === 'own' ? [] : studies,
      report: studies,
      event: inner,
      setting: 4,
    });
    const { n } = await view
      .selectFrom('patient')
      .leftJoin('study', 'study.patient_key', 'patient.id')
      .select(({ fn }) => fn.count<number>('study.study_instance_uid').as('n'))
      .executeTakeFirstOrThrow();
    expect(Number(n)).toBe(studies.length);
    const changed = await view.updateTable('study').set({ description: 'seen' }).executeTakeFirstOrThrow();
    expect(Number(changed.numUpdatedRows)).toBe(studies.length);
  });
}

const VISIBLE: [Visibility, string[], string[]][] = [
  [{ kind: 'label', label: 'deidentified' }, ['2'], ['2']],
  [{ kind: 'assigned', user_id: '1' }, ['4'], ['4']],
  [{ kind: 'assigned', user_id: '2' }, [], []],
  [{ kind: 'study', study_instance_uid: '1' }, ['1'], ['1']],
  [{ kind: 'own', patient_key: '3' }, ['3'], ['3']],
  // The report is a draft.
  [{ kind: 'own', patient_key: '1' }, [], ['1']],
  [{ kind: 'own', patient_key: '' }, [], []],
  [{ kind: 'none' }, [], []],
];

/** Statements that could not be kept to one tenant. */
const REFUSED: [string, (db: Db) => Promise<unknown>][] = [
  ['raw SQL that names a table', (db) => sql`select * from study`.execute(db)],
  ['raw SQL with a quoted table', (db) => sql`select * from "study" as s`.execute(db)],
  ['raw SQL that takes a name as a parameter', (db) => sql`select * from ${sql.table('study')}`.execute(db)],
  ['raw SQL that is put together', (db) => sql`select * from ${sql.raw('stu')}${sql.raw('dy')}`.execute(db)],
  ['a raw subquery', (db) => db.selectFrom('series').selectAll().where(sql<boolean>`exists (select 1 from study)`).execute()],
  [
    'an insert from a query',
    (db) =>
      db
        .insertInto('setting')
        .columns(['key', 'value'])
        .expression((eb) => eb.selectFrom('setting').select(['key', 'value']))
        .execute(),
  ],
  [
    'a query named as a table',
    (db) =>
      db
        .with('study', (query) => query.selectFrom('study').selectAll())
        .selectFrom('study')
        .selectAll()
        .execute(),
  ],
  [
    'a table of the installation',
    (db) =>
      db
        .selectFrom('job' as 'setting')
        .selectAll()
        .execute(),
  ],
  ['a table by its schema', (db) => db.withSchema('public').selectFrom('setting').selectAll().execute()],
  [
    'a change of the owner',
    (db) =>
      db
        .updateTable('setting')
        .set({ tenant_id: OTHER } as object)
        .execute(),
  ],
  [
    'a row for another owner',
    (db) =>
      db
        .insertInto('setting')
        .values({ tenant_id: OTHER, key: 'k', value: '' } as never)
        .execute(),
  ],
  ['a merge', (db) => db.mergeInto('setting').using('peer', 'peer.id', 'setting.key').whenMatched().thenDelete().execute()],
  ['a change of the tables', (db) => db.schema.dropTable('setting').execute()],
];

async function setUpOne(setUp: () => Promise<TestDatabase>): Promise<TestDatabase> {
  const database = await setUp();
  await insertRowsOf(database.db, 'default');
  return database;
}

async function setUpTwo(setUp: () => Promise<TestDatabase>): Promise<TestDatabase> {
  const database = await setUpOne(setUp);
  await database.system.insertInto('tenant').values({ id: OTHER, name: OTHER, ae_title: null, is_active: 1, created_at: AT }).execute();
  await insertRowsOf(database.database.tenant(OTHER), OTHER);
  return database;
}

async function contentsOf(db: Db): Promise<object> {
  const contents: Record<string, unknown[]> = {};
  for (const [name, { key }] of Object.entries(OWNED_TABLES))
    contents[name] = await db
      .selectFrom(name as Name)
      .selectAll()
      .orderBy(sql.ref(key))
      .execute();
  return contents;
}

async function countsOf(view: Db): Promise<object> {
  const study = await view.selectFrom('study').select('study_instance_uid as uid').orderBy('uid').execute();
  const series = await view.selectFrom('series').select('study_instance_uid as uid').orderBy('uid').execute();
  const finding = await view.selectFrom('finding').select('study_instance_uid as uid').orderBy('uid').execute();
  const report = await view.selectFrom('report').select('study_instance_uid as uid').orderBy('uid').execute();
  const patient = await view.selectFrom('patient').select('id as uid').orderBy('uid').execute();
  const event = await view.selectFrom('event').select('seq').execute();
  const setting = await view.selectFrom('setting').select('key').execute();
  const [studies, ofSeries, findings, reports, patients] = [study, series, finding, report, patient].map((rows) =>
    rows.map(({ uid }) => uid),
  );
  return {
    study: studies,
    series: ofSeries,
    finding: findings,
    report: reports,
    patient: patients,
    event: event.length,
    setting: setting.length,
  };
}

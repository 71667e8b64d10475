import fc from 'fast-check';
import { type Expression, expressionBuilder, type Kysely, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { Db } from '../../src/server/platform/ports.ts';

/** Tables of the property test: a key that both tenants use alike, and a column that tells whose row it is. */
export const OWNED_TABLES = {
  setting: { key: 'key', owner: 'value' },
  patient: { key: 'id', owner: 'name' },
  study: { key: 'study_instance_uid', owner: 'description' },
  series: { key: 'series_instance_uid', owner: 'description' },
  finding: { key: 'id', owner: 'title' },
  peer: { key: 'id', owner: 'host' },
} as const;
export type Name = keyof typeof OWNED_TABLES;
const NAMES = Object.keys(OWNED_TABLES) as Name[];
/** Keys that rows of both tenants have. */
export const KEYS = ['1', '2', '3', '4'];

type Join = { kind: 'inner' | 'left' | 'right' | 'full' | 'cross'; table: Name; derived: boolean };
type Where = { kind: 'key' | 'not' | 'raw-or' | 'or' | 'owner'; value: string };
type Inner = { kind: 'none' | 'exists' | 'not-exists' | 'in'; table: Name; correlated: boolean };
type Conditions = { where: Where[]; inner: Inner };
export type Read = Conditions & {
  table: Name;
  source: 'table' | 'derived' | 'with';
  joins: Join[];
  counted: Name | undefined;
  union: Name | undefined;
  limit: number;
};
export type Write =
  | ({ kind: 'update'; table: Name; from: Name | undefined; value: string } & Conditions)
  | ({ kind: 'delete'; table: 'setting' | 'finding' | 'peer' } & Conditions)
  | { kind: 'insert'; value: string; keys: string[]; conflict: 'none' | 'nothing' | 'update' | 'update-where' };

const table = fc.constantFrom(...NAMES);
const maybeTable = fc.option(table, { nil: undefined });
const where = fc.record({ kind: fc.constantFrom<Where['kind']>('key', 'not', 'raw-or', 'or', 'owner'), value: fc.constantFrom(...KEYS) });
const conditions = {
  where: fc.array(where, { maxLength: 2 }),
  inner: fc.record({ kind: fc.constantFrom<Inner['kind']>('none', 'exists', 'not-exists', 'in'), table, correlated: fc.boolean() }),
};
export const anyRead: fc.Arbitrary<Read> = fc.record({
  ...conditions,
  table,
  source: fc.constantFrom<Read['source']>('table', 'derived', 'with'),
  joins: fc.array(
    fc.record({ kind: fc.constantFrom<Join['kind']>('inner', 'left', 'right', 'full', 'cross'), table, derived: fc.boolean() }),
    { maxLength: 2 },
  ),
  counted: maybeTable,
  union: maybeTable,
  limit: fc.integer({ min: 1, max: 500 }),
});
const value = fc.string({ maxLength: 3 });
export const anyWrite: fc.Arbitrary<Write> = fc.oneof(
  fc.record({ ...conditions, kind: fc.constant('update' as const), table, from: maybeTable, value }),
  fc.record({ ...conditions, kind: fc.constant('delete' as const), table: fc.constantFrom('setting' as const, 'finding', 'peer') }),
  fc.record({
    kind: fc.constant('insert' as const),
    value,
    keys: fc.uniqueArray(fc.constantFrom(...KEYS, '5'), { minLength: 1, maxLength: 3 }),
    conflict: fc.constantFrom('none', 'nothing', 'update', 'update-where'),
  }),
);

/** Any table with any columns: what is built here is known at run time only. */
type Anything = Record<string, Record<string, string>>;
type Select = SelectQueryBuilder<Anything, string, object>;
type Rows = object[];

/** Runs a query as its description says; rows in a total order. */
export async function runRead(db: Db, read: Read): Promise<Rows> {
  const free = db as unknown as Kysely<Anything>;
  let query = sourceOf(free, read);
  for (const [index, join] of read.joins.entries()) query = joined(query, join, { alias: `t${index + 1}`, of: read.table });
  const names = [read.table, ...read.joins.map((join) => join.table)];
  const columns = names.flatMap((name, index) => [OWNED_TABLES[name].owner, OWNED_TABLES[name].key].map((column) => `t${index}.${column}`));
  query = query.select(columns.map((column, index) => sql.ref(column).as(`c${index}`)));
  const { counted, union } = read;
  if (counted !== undefined) query = query.select((eb) => eb.selectFrom(counted).select(sql`count(*)`.as('n')).as('counted'));
  for (const condition of conditionsOf(read, read.table, 't0')) query = query.where(condition);
  if (union !== undefined && columns.length === 2 && counted === undefined)
    query = query.unionAll(free.selectFrom(union).select([OWNED_TABLES[union].owner, OWNED_TABLES[union].key]));
  const width = columns.length + (counted === undefined ? 0 : 1);
  for (let column = 1; column <= width; column++) query = query.orderBy(sql.raw(String(column)));
  return query.limit(read.limit).execute();
}

function sourceOf(free: Kysely<Anything>, { source, table }: Read): Select {
  if (source === 'table') return free.selectFrom(`${table} as t0`);
  if (source === 'derived') return free.selectFrom(expressionBuilder<Anything>().selectFrom(table).selectAll().as('t0'));
  return free.with('named', (query) => query.selectFrom(table).selectAll()).selectFrom('named as t0');
}

function joined(query: Select, { kind, table, derived }: Join, { alias, of }: { alias: string; of: Name }): Select {
  const eb = expressionBuilder<Anything>();
  const right = derived ? eb.selectFrom(table).selectAll().as(alias) : (`${table} as ${alias}` as const);
  if (kind === 'cross') return query.crossJoin(right);
  const [ours, theirs] = [`${alias}.${OWNED_TABLES[table].key}`, `t0.${OWNED_TABLES[of].key}`];
  if (kind === 'inner') return query.innerJoin(right, ours, theirs);
  if (kind === 'left') return query.leftJoin(right, ours, theirs) as Select;
  return (kind === 'right' ? query.rightJoin(right, ours, theirs) : query.fullJoin(right, ours, theirs)) as Select;
}

/** Runs a write as its description says: what it returns, or that the database refused it. */
export async function runWrite(db: Db, write: Write): Promise<string> {
  const free = db as unknown as Kysely<Anything>;
  try {
    const rows = write.kind === 'insert' ? await runInsert(free, write) : await runChange(free, write);
    return rows
      .map((row) => JSON.stringify(row))
      .sort()
      .join('\n');
  } catch (error) {
    if (error instanceof Error && /constraint failed|violates \w+.* constraint/i.test(error.message)) return 'refused';
    throw error;
  }
}

async function runInsert(free: Kysely<Anything>, { keys, value, conflict }: Extract<Write, { kind: 'insert' }>): Promise<Rows> {
  const insert = free.insertInto('setting').values(keys.map((key) => ({ key, value: `default ${value}` })));
  if (conflict === 'none') return insert.returningAll().execute();
  return insert
    .onConflict((on) => {
      if (conflict === 'nothing') return on.column('key').doNothing();
      const update = on.column('key').doUpdateSet({ value: `default new ${value}` });
      return conflict === 'update' ? update : update.where(sql<SqlBool>`setting.value = '' or 1 = 1`);
    })
    .returningAll()
    .execute();
}

async function runChange(free: Kysely<Anything>, write: Exclude<Write, { kind: 'insert' }>): Promise<Rows> {
  const { key, owner } = OWNED_TABLES[write.table];
  const conditions = conditionsOf(write, write.table, write.table);
  if (write.kind === 'delete') {
    let deletion = free.deleteFrom(write.table);
    for (const condition of conditions) deletion = deletion.where(condition);
    return deletion.returningAll().execute();
  }
  let update = free.updateTable(write.table).set({ [owner]: `default ${write.value}` });
  const from = write.from;
  if (from !== undefined && from !== write.table)
    update = update.from(`${from} as f`).whereRef(`f.${OWNED_TABLES[from].key}`, '=', `${write.table}.${key}`);
  for (const condition of conditions) update = update.where(condition);
  return update.returning([sql.ref(`${write.table}.${key}`).as('k'), sql.ref(`${write.table}.${owner}`).as('o')]).execute();
}

function conditionsOf({ where, inner }: Conditions, name: Name, alias: string): Expression<SqlBool>[] {
  const key = sql.ref<string>(`${alias}.${OWNED_TABLES[name].key}`);
  const outer = where.map(({ kind, value }): Expression<SqlBool> => {
    if (kind === 'key') return sql`${key} = ${value}`;
    if (kind === 'not') return sql`${key} <> ${value}`;
    if (kind === 'or') return sql`(${key} = ${value} or ${key} <> ${value})`;
    // Without parentheses: it must not undo what stands before it.
    if (kind === 'raw-or') return sql`${key} = ${value} or 1 = 1`;
    return sql`${sql.ref(`${alias}.${OWNED_TABLES[name].owner}`)} like '%'`;
  });
  if (inner.kind === 'none') return outer;
  const eb = expressionBuilder<Anything>();
  const ours = sql.ref<string>(`i.${OWNED_TABLES[inner.table].key}`);
  const rows = eb.selectFrom(`${inner.table} as i`).select(ours.as('k'));
  const query = inner.correlated ? rows.where(sql<SqlBool>`${ours} = ${key}`) : rows;
  if (inner.kind === 'in') return [...outer, eb(key, 'in', query)];
  return [...outer, inner.kind === 'exists' ? eb.exists(query) : eb.not(eb.exists(query))];
}

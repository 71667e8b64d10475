import type { Selectable } from 'kysely';
import type { AuditCheckpoint, AuditEntry } from '../../contract/audit.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { prepared, type Values } from '../platform/prepared.ts';
import type { Tables } from '../platform/schema.ts';
import { type ChainedEntry, type ChainHead, ENTRY_FORM, GENESIS } from './chain.ts';
import { CHECKPOINT_FORM } from './checkpoint.ts';

export type EntryRow = Selectable<Tables['audit_entry']>;

/**
 * Takes the next `count` places of the tenant's chain, and locks its end until the transaction is over. Returns the head before them.
 * `setHead` says what the last of them became.
 */
export async function takePlaces(tx: Tx, count: number): Promise<ChainHead> {
  const taken = await moveHead(tx, count);
  if (taken) return taken;
  await tx
    .insertInto('audit_head')
    .values({ seq: 0, hash: GENESIS })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const first = await moveHead(tx, count);
  if (!first) throw new Error('The head of the audit chain cannot be written');
  return first;
}

async function moveHead(tx: Tx, count: number): Promise<ChainHead | undefined> {
  const [row] = await updateHeadSeq(tx, { count });
  return row && { seq: row.seq - count, hash: row.hash };
}
const updateHeadSeq = prepared<Tx, { count: number }, ChainHead>((tx, value) =>
  tx
    .updateTable('audit_head')
    .set((head) => ({ seq: head('seq', '+', value('count')) }))
    .returning(['seq', 'hash']),
);

export async function setHeadHash(tx: Tx, hash: string): Promise<void> {
  await updateHeadHash(tx, { hash });
}
const updateHeadHash = prepared<Tx, { hash: string }, unknown>((tx, value) => tx.updateTable('audit_head').set({ hash: value('hash') }));

export async function findHead(db: Db | Tx): Promise<ChainHead> {
  return (await db.selectFrom('audit_head').select(['seq', 'hash']).executeTakeFirst()) ?? { seq: 0, hash: GENESIS };
}

export async function insertEntries(tx: Tx, entries: readonly ChainedEntry[]): Promise<void> {
  for (let from = 0; from < entries.length; ) {
    const { rows, insert } = INSERTS.find((known) => known.rows <= entries.length - from) ?? INSERT_ONE;
    await insert(tx, valuesOf(entries.slice(from, from + rows)));
    from += rows;
  }
}

const ENTRY_ROW = [
  'seq',
  'at',
  'actor_kind',
  'actor_id',
  'actor_name',
  'actor_role',
  'action',
  'operation',
  'object_type',
  'object_id',
  'study_instance_uid',
  'patient',
  'purpose',
  'outcome',
  'reason',
  'source',
  'request_id',
  'details',
  'previous_hash',
  'hash',
] as const;
/** Statements for numbers of rows that come often: each is built once. */
const INSERT_ONE = insertOf(1);
const INSERTS = [insertOf(64), insertOf(8), INSERT_ONE];

function insertOf(rows: number) {
  const insert = prepared<Tx, Values, unknown>((tx, value) =>
    tx.insertInto('audit_entry').values(
      // Each value is of the type of its column, see `valuesOf`.
      Array.from(
        { length: rows },
        (_, row) => Object.fromEntries(ENTRY_ROW.map((name) => [name, value(`${name}${row}`)])) as unknown as EntryRow,
      ),
    ),
  );
  return { rows, insert };
}

function valuesOf(entries: readonly ChainedEntry[]): Values {
  const values: Values = {};
  for (const [row, entry] of entries.entries()) {
    const columns = rowOf(entry);
    for (const name of ENTRY_ROW) values[`${name}${row}`] = columns[name];
  }
  return values;
}

/** Entries from `fromSeq` to `toSeq`, both included, in order. */
export async function listChain(
  db: Db | Tx,
  tenantId: string,
  { fromSeq, toSeq, limit }: { fromSeq: number; toSeq: number; limit: number },
): Promise<ChainedEntry[]> {
  const rows = await db
    .selectFrom('audit_entry')
    .selectAll()
    .where('seq', '>=', fromSeq)
    .where('seq', '<=', toSeq)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map((row) => chainedOf(tenantId, row));
}

/** First and last entry of a span of time; undefined if it is empty. */
export async function findSpan(db: Db, { from, to }: { from?: string; to?: string }): Promise<{ first: number; last: number } | undefined> {
  let query = db.selectFrom('audit_entry').select((entry) => [entry.fn.min('seq').as('first'), entry.fn.max('seq').as('last')]);
  if (from !== undefined) query = query.where('at', '>=', from);
  if (to !== undefined) query = query.where('at', '<', to);
  const span = await query.executeTakeFirst();
  // An aggregate over nothing is null, whatever its type says.
  return span && (span.first as number | null) !== null ? { first: span.first, last: span.last } : undefined;
}

export async function findFirstSeq(db: Db | Tx): Promise<number | undefined> {
  return (await db.selectFrom('audit_entry').select('seq').orderBy('seq').limit(1).executeTakeFirst())?.seq;
}

/** The last entry that was written before `at`; where clocks disagree, one that all before it are older than. */
export async function findLastBefore(db: Db, at: string): Promise<number | undefined> {
  const younger = await db
    .selectFrom('audit_entry')
    .select('seq')
    .where('at', '>=', at)
    .orderBy('at')
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  const older = await db
    .selectFrom('audit_entry')
    .select('seq')
    .where('at', '<', at)
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!older) return undefined;
  return younger ? Math.min(older.seq, younger.seq - 1) : older.seq;
}

export async function insertCheckpoint(tx: Tx, { form: _form, tenant_id: _tenant, intact, ...row }: AuditCheckpoint): Promise<void> {
  await tx
    .insertInto('audit_checkpoint')
    .values({ ...row, intact: intact ? 1 : 0 })
    .execute();
}

/** In order of their numbers, after `number`. */
export async function listCheckpointsAfter(db: Db | Tx, tenantId: string, number: number, limit: number): Promise<AuditCheckpoint[]> {
  const rows = await db.selectFrom('audit_checkpoint').selectAll().where('number', '>', number).orderBy('number').limit(limit).execute();
  return rows.map((row) => checkpointOf(tenantId, row));
}

/** Those that vouch for an entry of a span, in order of their numbers. */
export async function listCheckpointsIn(
  db: Db | Tx,
  tenantId: string,
  { first, last }: { first: number; last: number },
): Promise<AuditCheckpoint[]> {
  const rows = await db
    .selectFrom('audit_checkpoint')
    .selectAll()
    .where('seq', '>=', first)
    .where('seq', '<=', last)
    .orderBy('number')
    .execute();
  return rows.map((row) => checkpointOf(tenantId, row));
}

/** Newest first, below `number` if it is given. */
export async function listNewestCheckpoints(
  db: Db | Tx,
  tenantId: string,
  { below, limit }: { below?: number; limit: number },
): Promise<AuditCheckpoint[]> {
  let query = db.selectFrom('audit_checkpoint').selectAll();
  if (below !== undefined) query = query.where('number', '<', below);
  const rows = await query.orderBy('number', 'desc').limit(limit).execute();
  return rows.map((row) => checkpointOf(tenantId, row));
}

/** The last checkpoint that vouches for an entry at or before `seq`. */
export async function findCheckpointUpTo(db: Db | Tx, tenantId: string, seq: number): Promise<AuditCheckpoint | undefined> {
  const row = await db
    .selectFrom('audit_checkpoint')
    .selectAll()
    .where('seq', '<=', seq)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && checkpointOf(tenantId, row);
}

export async function deleteEntriesUpTo(tx: Tx, seq: number): Promise<number> {
  const { numDeletedRows } = await tx.deleteFrom('audit_entry').where('seq', '<=', seq).executeTakeFirst();
  return Number(numDeletedRows);
}

/** How far a sink has been told; 0 at first. */
export async function findCursor(db: Db | Tx, sink: string): Promise<number> {
  return (await db.selectFrom('audit_cursor').select('position').where('sink', '=', sink).executeTakeFirst())?.position ?? 0;
}

export async function putCursor(db: Tx, sink: string, position: number): Promise<void> {
  await db
    .insertInto('audit_cursor')
    .values({ sink, position })
    .onConflict((conflict) => conflict.column('sink').doUpdateSet({ position }))
    .execute();
}

function rowOf({ form: _form, tenant_id: _tenant, details, ...entry }: ChainedEntry): EntryRow {
  return { ...entry, details: JSON.stringify(details) };
}

function chainedOf(tenantId: string, row: EntryRow): ChainedEntry {
  return { form: ENTRY_FORM, tenant_id: tenantId, ...entryOf(row) };
}

/** An entry as it leaves the server. */
export function entryOf({ details, ...row }: EntryRow): AuditEntry {
  return { ...row, details: parseColumn<AuditEntry['details']>(details) };
}

function checkpointOf(tenantId: string, { intact, ...row }: Selectable<Tables['audit_checkpoint']>): AuditCheckpoint {
  return { form: CHECKPOINT_FORM, tenant_id: tenantId, ...row, intact: intact === 1 };
}

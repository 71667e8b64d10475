import {
  ColumnNode,
  DeleteQueryNode,
  InsertQueryNode,
  type OperationNode,
  PrimitiveValueListNode,
  TableNode,
  type TransactionBuilder,
  UpdateQueryNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
} from 'kysely';
import { type Act, entryOf } from './act.ts';
import type { AuditDetails, NewAuditEntry } from './audit-entry.ts';
import type { AtEnd, CommitGroup, Db, Tx } from './ports.ts';
import { type Tables, TENANT_TABLES, type TenantTable } from './schema.ts';
import type { Scope } from './scope.ts';
import { type Watcher, watch, watchingPlugin } from './watched.ts';

/** Tables whose rows tell of a patient. Events tell of changes that are in the same transaction. */
const TELLS_OF_PATIENTS: ReadonlySet<string> = new Set(
  Object.entries(TENANT_TABLES)
    .filter(([table, by]) => table === 'prediction' || (by !== 'everybody' && table !== 'event'))
    .map(([table]) => table),
);
/** Columns by which a row is known, where it is not `id`. */
const KEYS: Record<string, string> = {
  workitem: 'sop_instance_uid',
  study: 'study_instance_uid',
  series: 'series_instance_uid',
  instance: 'sop_instance_uid',
};

/** What a transaction has written that tells of patients. */
type Written = {
  happened: boolean;
  /** The first row that was made. */
  object: { type: string; id: string } | undefined;
  study: string | undefined;
  /** Rows of `instance` that were made. */
  instances: number;
  told: Told;
};
type Resolve = (value: unknown) => unknown;
/** What only the writer knows. */
type Told = { patient_id?: string; details?: AuditDetails };

const watched = new WeakMap<Tx, Written>();

/** Adds to the audit entry of the transaction that is under way; without one it does nothing. */
export function tellAudit(tx: Tx, { details, ...told }: Told): void {
  const written = watched.get(tx);
  if (written) written.told = { ...written.told, ...told, details: { ...written.told.details, ...details } };
}

/**
 * A scope in which somebody acts. Each transaction that writes what tells of a patient commits an entry of the act with it, as its last
 * statement, or fails; outside a transaction such a write is refused. So no feature can forget it.
 */
export function actingScope(scope: Scope, act: Act): Scope {
  return { ...scope, db: actingDb(scope, act), commit: actingCommit(scope, act) };
}

function actingCommit({ commit }: Scope, act: Act): CommitGroup {
  return async <T>(
    run: (tx: Tx, done: Set<string>, atEnd: AtEnd) => Promise<T>,
    entries?: (value: T) => readonly NewAuditEntry[],
  ): Promise<T> => {
    let written = nothingWritten();
    const watching = async (tx: Tx, done: Set<string>, atEnd: AtEnd): Promise<T> => {
      // It may run twice: what counts is the run that commits.
      written = nothingWritten();
      return run(watchedTx(tx, written), done, atEnd);
    };
    const all = (value: T): readonly NewAuditEntry[] => [
      ...(entries?.(value) ?? []),
      ...(written.happened ? [writtenEntry(act, written)] : []),
    ];
    const value = await commit(watching, all);
    if (written.happened) act.committed += 1;
    return value;
  };
}

function actingDb({ db, audit, tenant_id }: Scope, act: Act): Db {
  const transaction = (): TransactionBuilder<Tables> => {
    const builder = db.transaction();
    const execute = async <T>(run: (tx: Tx) => Promise<T>): Promise<T> => {
      const written = nothingWritten();
      const value = await builder.execute(async (tx) => {
        const result = await run(watchedTx(tx, written));
        if (written.happened) await audit.append(tx, tenant_id, [writtenEntry(act, written)]);
        return result;
      });
      if (written.happened) act.committed += 1;
      return value;
    };
    return proxyOf(builder, { execute });
  };
  const view = proxyOf(db.withPlugin(watchingPlugin(refuse)), { transaction });
  watch(view, refuse);
  return view;
}

/** `target` with some of its functions replaced. */
function proxyOf<T extends object>(target: T, replaced: Partial<T>): T {
  return new Proxy(target, {
    get: (_, name) => {
      if (Object.hasOwn(replaced, name)) return Reflect.get(replaced, name);
      const member: unknown = Reflect.get(target, name, target);
      // Kysely keeps its state in private fields, which only the object itself has.
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

function nothingWritten(): Written {
  return { happened: false, object: undefined, study: undefined, instances: 0, told: {} };
}

/** The act as it concerns one transaction: its own object where the act has none, or made another. */
function writtenEntry(act: Act, { object, study, instances, told }: Written): NewAuditEntry {
  const { details, ...entry } = entryOf(act);
  // What makes something is about what it made, not about where.
  const about = details?.['created'] === true ? (object ?? entry.object) : (entry.object ?? object);
  return {
    ...entry,
    ...told,
    ...(about ? { object: about } : {}),
    ...(entry.study_instance_uid === undefined && study !== undefined ? { study_instance_uid: study } : {}),
    details: { ...details, ...told.details, ...(instances > 0 ? { instances } : {}) },
  };
}

function watchedTx(tx: Tx, written: Written): Tx {
  const watcher: Watcher = (node, resolve) => note(written, node, resolve);
  const watching = tx.withPlugin(watchingPlugin(watcher));
  watch(watching, watcher);
  watched.set(watching, written);
  return watching;
}

const refuse: Watcher = (node) => {
  const table = tableWritten(node);
  if (table !== undefined && TELLS_OF_PATIENTS.has(table))
    throw new Error(`A write to ${table} has to be in a transaction, with its audit entry`);
};

function note(written: Written, node: OperationNode, resolve: Resolve): void {
  const table = tableWritten(node);
  if (table === undefined) return;
  const tells = TELLS_OF_PATIENTS.has(table);
  written.happened ||= tells;
  if (!InsertQueryNode.is(node) || !(tells || table === 'event')) return;
  const row = firstRow(node, resolve);
  written.study ??= row.get('study_instance_uid');
  const event = table === 'event' ? row.get('type') : undefined;
  if (event !== undefined) written.told = { ...written.told, details: { ...written.told.details, event } };
  if (!tells) return;
  if (table === 'instance') written.instances += rowCount(node);
  const id = row.get(KEYS[table] ?? 'id');
  // Of what comes with an object, its patient and series, the object itself comes last.
  if (id !== undefined && (written.object === undefined || OWNERS.has(written.object.type))) written.object = { type: table, id };
}

/** Rows that are made on the way to the one that was meant. */
const OWNERS: ReadonlySet<string> = new Set<TenantTable>(['patient', 'study', 'series']);

function tableWritten(node: OperationNode): string | undefined {
  const table = InsertQueryNode.is(node)
    ? node.into
    : UpdateQueryNode.is(node)
      ? node.table
      : DeleteQueryNode.is(node)
        ? node.from.froms[0]
        : undefined;
  return table && TableNode.is(table) ? table.table.identifier.name : undefined;
}

/** The text values of the first row of an insert, by column. */
function firstRow({ columns = [], values }: InsertQueryNode, resolve: Resolve): Map<string, string> {
  const [first] = values && ValuesNode.is(values) ? values.values : [];
  const row = new Map<string, string>();
  for (const [index, column] of columns.entries()) {
    const value = first && resolve(valueAt(first, index));
    if (ColumnNode.is(column) && typeof value === 'string') row.set(column.column.name, value);
  }
  return row;
}

function valueAt(row: ValuesNode['values'][number], index: number): unknown {
  if (PrimitiveValueListNode.is(row)) return row.values[index];
  const value = ValueListNode.is(row) ? row.values[index] : undefined;
  return value && ValueNode.is(value) ? value.value : undefined;
}

function rowCount({ values }: InsertQueryNode): number {
  return values && ValuesNode.is(values) ? values.values.length : 0;
}

import { type ColumnDefinitionBuilder, type CreateIndexBuilder, type CreateTableBuilder, type Kysely, PostgresAdapter, sql } from 'kysely';
import { secureRows } from '../row-security.ts';

type Column = ColumnDefinitionBuilder;
type Table = CreateTableBuilder<string, string>;
type Kind = 'text' | 'integer' | 'big' | 'real';
/**
 * By name: the type, whether a value is required (`text not null`), and what stands in rows that do not say (`text not null default active`).
 * `numbered` counts rows by itself.
 */
export type Columns = Record<string, Kind | `${Kind} not null` | `${Kind} not null default ${string}` | 'numbered'>;
export type Reference = {
  columns: readonly string[];
  table: string;
  /** The key of that table; `columns` unless told. */
  key?: readonly string[];
  onDelete?: 'cascade' | 'set null';
};
export type Keys = {
  /** Without `tenant_id`; not told for a table whose `numbered` column is its key. */
  key?: readonly string[];
  unique?: readonly (readonly string[])[];
  references?: readonly Reference[];
};

/** Makes tables that are the same in both databases. */
export type TableMaker = {
  /** A table of the installation. */
  createTable(name: string, columns: Columns, keys?: Keys): Promise<void>;
  /**
   * A table of the tenants: `tenant_id` comes first in the table, its key, its unique constraints and its references, and on PostgreSQL row
   * security keeps tenants apart. It has to be in `TENANT_TABLES` as well.
   */
  createTenantTable(name: string, columns: Columns, keys?: Keys): Promise<void>;
  createIndex(table: string, columns: readonly string[], options?: IndexOptions): Promise<void>;
  /** An index of a tenants' table: led by `tenant_id`. */
  createTenantIndex(table: string, columns: readonly string[], options?: IndexOptions): Promise<void>;
};
export type IndexOptions = {
  /** `table_first_column` unless told. */
  name?: string;
  unique?: boolean;
  /** Only rows for which this holds. */
  where?: (index: CreateIndexBuilder<string>) => CreateIndexBuilder<string>;
};

/** Text compares byte by byte (`collate "C"` is PostgreSQL's name for it); SQLite's tables are strict: a value of a wrong type is refused. */
export function openTableMaker(db: Kysely<unknown>): TableMaker {
  const postgres = db.getExecutor().adapter instanceof PostgresAdapter;
  const types = {
    text: postgres ? sql`text collate "C"` : 'text',
    integer: 'integer',
    big: postgres ? 'bigint' : 'integer',
    real: postgres ? 'double precision' : 'real',
  } as const;
  const addColumn = (table: Table, [name, told]: [string, Columns[string]]): Table => {
    if (told === 'numbered')
      return table.addColumn(name, types.big, (column) =>
        postgres ? required(column).primaryKey().generatedByDefaultAsIdentity() : required(column).primaryKey().autoIncrement(),
      );
    const [kind, , , , value] = told.split(' ') as [Kind, ...string[]];
    if (value !== undefined)
      return table.addColumn(name, types[kind], (column) => required(column).defaultTo(kind === 'text' ? value : Number(value)));
    return table.addColumn(name, types[kind], told.endsWith('not null') ? required : undefined);
  };
  const createTable = async (name: string, columns: Columns, { key, unique = [], references = [] }: Keys = {}): Promise<void> => {
    let table: Table = Object.entries(columns).reduce(addColumn, db.schema.createTable(name));
    if (key) table = table.addPrimaryKeyConstraint(`${name}_pkey`, [...key]);
    for (const group of unique) table = table.addUniqueConstraint(`${name}_${group.join('_')}_unique`, [...group]);
    for (const { columns: own, table: other, key: theirs = own, onDelete } of references)
      table = table.addForeignKeyConstraint(`${name}_${own.at(-1)}_reference`, [...own], other, [...theirs], (constraint) =>
        onDelete ? constraint.onDelete(onDelete) : constraint,
      );
    await (postgres ? table : table.modifyEnd(sql`strict`)).execute();
  };
  const createTenantTable: TableMaker['createTenantTable'] = async (name, columns, { key, unique = [], references = [] } = {}) => {
    const owner = { columns: ['tenant_id'], table: 'tenant', key: ['id'] };
    await createTable(
      name,
      { tenant_id: 'text not null', ...columns },
      {
        ...(key ? { key: ['tenant_id', ...key] } : {}),
        unique: unique.map((group) => ['tenant_id', ...group]),
        // What belongs to a row of a tenant belongs to a tenant.
        references: references.length === 0 ? [owner] : references.map(within),
      },
    );
    if (postgres) await secureRows(db, name);
  };
  const createIndex: TableMaker['createIndex'] = async (table, columns, { name, unique = false, where } = {}) => {
    const bare = db.schema
      .createIndex(name ?? `${table}_${columns[0]}`)
      .on(table)
      .columns([...columns]);
    const index = unique ? bare.unique() : bare;
    await (where ? where(index) : index).execute();
  };
  return {
    createTable,
    createTenantTable,
    createIndex,
    createTenantIndex: (table, columns, options = {}) =>
      createIndex(table, ['tenant_id', ...columns], { ...options, name: options.name ?? `${table}_${columns[0]}` }),
  };
}

function required(column: Column): Column {
  return column.notNull();
}

function within({ columns, key = columns, ...reference }: Reference): Reference {
  return { ...reference, columns: ['tenant_id', ...columns], key: ['tenant_id', ...key] };
}

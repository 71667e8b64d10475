import { sql } from 'kysely';
import type { SystemDb } from '../platform/ports.ts';

/** Rows of a table in a busy archive, and how many of them share one value of a column. */
type Shape = { rows: number; sharing: Readonly<Record<string, number>> };

/**
 * What SQLite is told of its tables, so that it plans as if they were large. It estimates from these numbers alone: without them it takes
 * each index for one that leads to some ten rows, also by its first column, which is the tenant; and with numbers that it counts itself a
 * plan would change with what happens to be stored. They need not be right, only of the right order.
 */
const SHAPES: Readonly<Record<string, Shape>> = {
  patient: {
    rows: 20_000,
    sharing: { id: 1, patient_id: 1, name_search: 1, birth_date: 10, created_at: 1, updated_at: 1, risk_level: 5_000 },
  },
  patient_term: { rows: 100_000, sharing: { term: 20, patient_key: 5 } },
  record_entry: { rows: 2_000_000, sharing: { id: 1, patient_key: 100, kind: 20 } },
  record_term: { rows: 500_000, sharing: { term: 500, patient_key: 20, entry_id: 5 } },
  study: {
    rows: 50_000,
    sharing: {
      study_instance_uid: 1,
      created_at: 1,
      updated_at: 1,
      study_moment: 1,
      accession_number: 1,
      patient_key: 3,
      analysis_status: 10_000,
      reading_status: 10_000,
      reading_place: 1,
      reader_id: 2_000,
    },
  },
  series: { rows: 120_000, sharing: { series_instance_uid: 1, study_instance_uid: 3, modality: 20_000 } },
  instance: {
    rows: 2_000_000,
    sharing: {
      sop_instance_uid: 1,
      series_instance_uid: 20,
      study_instance_uid: 50,
      sop_class_uid: 300_000,
      instance_number: 40_000,
      blob_key: 1,
    },
  },
  search_term: { rows: 5_000_000, sharing: { tag: 250_000, term: 20, study_instance_uid: 100, series_instance_uid: 20 } },
};
const ANY_TABLE: Shape = { rows: 10_000, sharing: {} };
/** Rows that share a value of a column that nothing is said of. */
const ANY_SHARING = 10;

type IndexRow = { table_name: string; index_name: string; is_unique: number; columns: string };

/**
 * Writes the numbers that SQLite plans by, for every index that there is (https://sqlite.org/fileformat2.html#stat1tab). Connections that
 * are open take them up with the next change of the tables; so this belongs to a migration's transaction.
 */
export async function writeStatistics(db: SystemDb): Promise<void> {
  // Makes the table of statistics where it is missing.
  await sql`analyze sqlite_schema`.execute(db);
  await sql`delete from sqlite_stat1`.execute(db);
  const { rows } = await sql<IndexRow>`
    select tables.name as table_name, list.name as index_name, list."unique" as is_unique, group_concat(info.name, ',' order by info.seqno) as columns
    from sqlite_schema as tables, pragma_index_list(tables.name) as list, pragma_index_info(list.name) as info
    where tables.type = 'table' group by tables.name, list.name`.execute(db);
  for (const row of rows)
    await sql`insert into sqlite_stat1 (tbl, idx, stat) values (${row.table_name}, ${row.index_name}, ${statOf(row)})`.execute(db);
  await sql`analyze sqlite_schema`.execute(db);
}

/** The rows of the table, then for each column how many share one value of it and of those before it. */
function statOf({ table_name, is_unique, columns }: IndexRow): string {
  const { rows, sharing } = SHAPES[table_name] ?? ANY_TABLE;
  const names = columns.split(',');
  let same = rows;
  const counts = names.map((name, index) => {
    if (name !== 'tenant_id') same = Math.min(same, sharing[name] ?? ANY_SHARING);
    return is_unique === 1 && index === names.length - 1 ? 1 : same;
  });
  return [rows, ...counts].join(' ');
}

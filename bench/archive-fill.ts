import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { DEFAULT_TENANT } from '../src/server/platform/scope.ts';
import { type StudyRows, studyRows } from './archive-rows.ts';

/** Studies that are written at a time. */
const BATCH = 1_000;
const TABLES = ['patient', 'study', 'series', 'search_term'] as const;
type Table = (typeof TABLES)[number] | 'patient_term' | 'record_entry' | 'record_term';
type Row = StudyRows['study'];

/** A database that rows are written to past the server, which is not running meanwhile. */
export type Archive = {
  /** Adds studies until there are so many instances; returns how many studies there are. */
  growTo(instances: number): Promise<number>;
  close(): Promise<void>;
};

/** Where rows go. */
export type Sink = {
  insert(table: Table, rows: readonly Row[]): Promise<void>;
  /** Adds the instances of series that came after an instant. */
  addInstances(after: string): Promise<void>;
  /** After the last row. */
  settle(): Promise<void>;
  close(): Promise<void>;
};

export function openSqliteArchive(path: string): Archive {
  return openArchive(openSqliteSink(path));
}

export function openSqliteSink(path: string): Sink {
  const database = new DatabaseSync(path);
  database.exec('pragma synchronous = off; pragma foreign_keys = off; pragma cache_size = -262144; pragma temp_store = memory');
  database.exec(`create temp table place (i integer primary key); insert into place ${NUMBERS}`);
  return {
    insert: async (table, rows) => {
      const columns = Object.keys(rows[0] ?? {});
      const statement = database.prepare(
        `insert or ignore into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
      );
      database.exec('begin');
      for (const row of rows) statement.run(...columns.map((column) => row[column] ?? null));
      database.exec('commit');
    },
    addInstances: async (after) => {
      database.prepare(`${INSTANCES} where s.created_at > ?`).run(after);
    },
    settle: async () => {
      database.exec('pragma wal_checkpoint(truncate)');
    },
    close: async () => database.close(),
  };
}

export async function openPostgresArchive(url: string): Promise<Archive> {
  return openArchive(await openPostgresSink(url));
}

export async function openPostgresSink(url: string): Promise<Sink> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // Row security lets nobody write who has not said for whom.
  await client.query(`select set_config('isocenter.tenant', '*', false), set_config('synchronous_commit', 'off', false)`);
  await client.query(`create temp table place (i integer primary key)`);
  await client.query(`insert into place ${NUMBERS}`);
  return {
    insert: async (table, rows) => {
      // Named, so that the others have what they have by themselves.
      const columns = Object.keys(rows[0] ?? {}).join(', ');
      await client.query(
        `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1) on conflict do nothing`,
        [JSON.stringify(rows)],
      );
    },
    addInstances: async (after) => {
      await client.query(`${INSTANCES} where s.created_at > $1`, [after]);
    },
    settle: async () => {
      await client.query('vacuum (analyze)');
    },
    close: () => client.end(),
  };
}

function openArchive(sink: Sink): Archive {
  let [studies, instances, lastAt] = [0, 0, ''];
  return {
    growTo: async (wanted) => {
      while (instances < wanted) {
        const batch: StudyRows[] = [];
        for (let held = instances; held < wanted && batch.length < BATCH; held += batch.at(-1)?.instances ?? 0)
          batch.push(studyRows(studies + batch.length));
        for (const table of TABLES) await sink.insert(table, owned(batch.flatMap((rows): Row[] => [rows[table]].flat())));
        await sink.addInstances(lastAt);
        studies += batch.length;
        instances += batch.reduce((sum, rows) => sum + rows.instances, 0);
        lastAt = String(batch.at(-1)?.study['created_at'] ?? lastAt);
      }
      await sink.settle();
      return studies;
    },
    close: sink.close,
  };
}

/** Rows of the tenant that is there from the start. */
export function owned(rows: readonly Row[]): Row[] {
  return rows.map((row) => ({ tenant_id: DEFAULT_TENANT, ...row }));
}

/** From 1 to 200. */
const NUMBERS = `select i from (with recursive counted(i) as (select 1 union all select i + 1 from counted where i < 200) select i from counted) as numbers`;

/** Stored attributes of an instance, about as long as those of a CT slice without its private ones. */
const REST = JSON.stringify({
  '00180060': { vr: 'DS', Value: [120] },
  '00181150': { vr: 'IS', Value: [500] },
  '00204000': { vr: 'LT', Value: ['x'.repeat(700)] },
}).slice(1);
const INSTANCES = `insert into instance (tenant_id, sop_instance_uid, series_instance_uid, study_instance_uid, sop_class_uid,
    transfer_syntax_uid, instance_number, number_of_frames, rows, columns, bits_allocated, window_center, window_width, pixel_offset,
    pixel_length, is_derived, blob_key, blob_size, created_at, dicom_json)
  select s.tenant_id, s.series_instance_uid || '.' || cast(i as text), s.series_instance_uid, s.study_instance_uid, s.sop_class_uid,
    '1.2.840.10008.1.2.1', i, 1, 512, 512, 16, 40, 400, 2000, 524288, 0, s.series_instance_uid || '/' || cast(i as text), 526000, s.created_at,
    '{"00080018":{"vr":"UI","Value":["' || s.series_instance_uid || '.' || cast(i as text) || '"]},${REST.replaceAll("'", "''")}'
  from series as s join place on i <= s.instance_count`;

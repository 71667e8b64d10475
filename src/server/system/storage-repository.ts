import { sql } from 'kysely';
import { parseColumn } from '../platform/json.ts';
import type { Db, SystemDb, Tx } from '../platform/ports.ts';

/** Rows of objects that one statement counts: what they tell besides is long, and SQLite reads it in this thread. */
const PAGE = 1_000;
const RECYCLED_PAGE = 200;

export type Group = { modality: string; day: string; instances: number; bytes: number };

/** Objects after an instance, by modality and day of arrival. `last`: where the next page begins; undefined after the last one. */
export async function countPage(db: Db, after: string): Promise<{ groups: Group[]; last: string | undefined }> {
  const page = db
    .selectFrom('instance')
    .innerJoin('series', 'series.series_instance_uid', 'instance.series_instance_uid')
    .where('instance.sop_instance_uid', '>', after)
    .orderBy('instance.sop_instance_uid')
    .limit(PAGE)
    .select(['instance.sop_instance_uid', 'instance.blob_size', 'series.modality'])
    .select(sql<string>`substr(${sql.ref('instance.created_at')}, 1, 10)`.as('day'));
  const rows = await db
    .selectFrom(page.as('page'))
    .select(['page.modality', 'page.day'])
    .select(({ fn }) => [fn.countAll<number>().as('instances'), fn.sum<number>('page.blob_size').as('bytes')])
    // Of all groups, in the order of the database, which need not be that of JavaScript.
    .select(sql<string>`max(max(${sql.ref('page.sop_instance_uid')})) over ()`.as('last'))
    .groupBy(['page.modality', 'page.day'])
    .execute();
  const groups = rows.map(({ modality, day, instances, bytes }) => ({ modality, day, instances: Number(instances), bytes: Number(bytes) }));
  return { groups, last: rows[0]?.last };
}

/** What the recycle bin says that it holds. */
export async function countRecycled(db: Db): Promise<{ items: number; instances: number }> {
  const row = await db
    .selectFrom('recycled')
    .select(({ fn }) => [fn.countAll<number>().as('items'), fn.sum<number | null>('instance_count').as('instances')])
    .executeTakeFirstOrThrow();
  return { items: Number(row.items), instances: Number(row.instances ?? 0) };
}

export type RecycledPlace = { recycled_id: string; number: number };

/** Bytes of objects in the recycle bin, after a row of it. `last` is undefined after the last page. */
export async function sumRecycledPage(db: Db, after: RecycledPlace): Promise<{ bytes: number; last: RecycledPlace | undefined }> {
  const rows = await db
    .selectFrom('recycled_row')
    .select(['recycled_id', 'number', 'content'])
    .where('table_name', '=', 'instance')
    .where((row) =>
      row.or([
        row('recycled_id', '>', after.recycled_id),
        row.and([row('recycled_id', '=', after.recycled_id), row('number', '>', after.number)]),
      ]),
    )
    .orderBy('recycled_id')
    .orderBy('number')
    .limit(RECYCLED_PAGE)
    .execute();
  const last = rows.at(-1);
  return {
    bytes: rows.reduce((sum, { content }) => sum + parseColumn<{ blob_size: number }>(content).blob_size, 0),
    last: last && { recycled_id: last.recycled_id, number: last.number },
  };
}

export type Note = 'storage_figures' | 'blob_sweep';

export async function findNote<T>(db: Db, key: Note): Promise<T | null> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst();
  return row ? parseColumn<T>(row.value) : null;
}

export async function putNote(db: Db | Tx, key: Note, note: object): Promise<void> {
  const value = JSON.stringify(note);
  await db
    .insertInto('setting')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

/** Every tenant with a note of it. */
export async function listNotes<T>(db: SystemDb, key: Note): Promise<{ tenant_id: string; name: string; note: T | null }[]> {
  const rows = await db
    .selectFrom('tenant')
    .leftJoin('setting', (join) => join.onRef('setting.tenant_id', '=', 'tenant.id').on('setting.key', '=', key))
    .select(['tenant.id', 'tenant.name', 'setting.value'])
    .orderBy('tenant.id')
    .execute();
  return rows.map(({ id, name, value }) => ({ tenant_id: id, name, note: value === null ? null : parseColumn<T>(value) }));
}

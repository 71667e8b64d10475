import { type Kysely, sql } from 'kysely';
import { openTableMaker } from './table-maker.ts';

/** Where a study stands in the reading list, who reads it, and how each person wants the list. */
export async function createReadingList(db: Kysely<unknown>): Promise<void> {
  const { createTenantTable, createTenantIndex } = openTableMaker(db);
  const ofStudy = { columns: ['study_instance_uid'], table: 'study', onDelete: 'cascade' } as const;
  const ofUser = { columns: ['user_id'], table: 'app_user', key: ['id'], onDelete: 'cascade' } as const;
  for (const [column, value] of [
    ['reading_status', 'unread'],
    ['reading_place', ''],
  ] as const)
    await db.schema
      .alterTable('study')
      .addColumn(column, 'text', (added) => added.notNull().defaultTo(value))
      .execute();
  await db.schema.alterTable('study').addColumn('reader_id', 'text').execute();
  // What is there already: routine, by the newest version of its report (`placeInList`).
  const hasReport = (condition: string) =>
    sql.raw(`exists (select 1 from report where report.tenant_id = study.tenant_id and report.study_instance_uid = study.study_instance_uid
      and ${condition} and not exists (select 1 from report as newer where newer.tenant_id = report.tenant_id
      and newer.study_instance_uid = report.study_instance_uid and newer.version > report.version))`);
  await sql`update study set reading_status = case when ${hasReport("report.status = 'draft'")} then 'drafted'
    when ${hasReport("report.status <> 'draft'")} then 'signed' else 'unread' end`.execute(db);
  await sql`update study set reading_place = case when reading_status = 'signed' then '9' else '3' end || created_at`.execute(db);
  await createTenantIndex('study', ['reading_place', 'study_instance_uid'], { name: 'study_reading_place' });
  await createTenantIndex('study', ['reading_status', 'reading_place', 'study_instance_uid'], { name: 'study_reading_status' });
  await createTenantIndex('study', ['reader_id', 'study_instance_uid'], {
    name: 'study_reader',
    where: (index) => index.where('reader_id', 'is not', null),
  });
  await createTenantTable(
    'reading',
    {
      study_instance_uid: 'text not null',
      first_opened_at: 'text',
      assigned_at: 'text',
      assigned_by: 'text',
    },
    { key: ['study_instance_uid'], references: [ofStudy] },
  );
  await createTenantTable(
    'reading_lock',
    {
      study_instance_uid: 'text not null',
      user_id: 'text not null',
      since: 'text not null',
      until: 'text not null',
    },
    { key: ['study_instance_uid'], references: [ofStudy, ofUser] },
  );
  await createTenantIndex('reading_lock', ['until', 'study_instance_uid']);
  await createTenantTable(
    'reading_preference',
    { user_id: 'text not null', content: 'text not null' },
    { key: ['user_id'], references: [ofUser] },
  );
}

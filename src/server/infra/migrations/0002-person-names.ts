import { type ColumnDataType, type Expression, type Kysely, PostgresAdapter, sql } from 'kysely';

const NAME_COLUMNS = ['name_alphabetic', 'name_ideographic', 'name_phonetic'] as const;
/** Rows that are read and written at a time. */
const BATCH = 1_000;

type NameTables = {
  patient: { id: string; name: string } & Record<(typeof NAME_COLUMNS)[number], string | null>;
  study: { study_instance_uid: string; referring_physician: string | null; referring_physician_form: string | null };
};

/** Person names in the form that searches compare, a column for each component group, so that a prefix can use its index. */
export async function addPersonNameForms(untyped: Kysely<unknown>): Promise<void> {
  // The columns as this migration leaves them; later ones do not change what it does.
  const db = untyped as Kysely<NameTables>;
  const text: ColumnDataType | Expression<unknown> = db.getExecutor().adapter instanceof PostgresAdapter ? sql`text collate "C"` : 'text';
  for (const column of NAME_COLUMNS) {
    await db.schema.alterTable('patient').addColumn(column, text).execute();
    await db.schema.createIndex(`patient_${column}`).on('patient').column(column).where(sql.ref(column), 'is not', null).execute();
  }
  await db.schema.alterTable('study').addColumn('referring_physician_form', text).execute();
  await fillPatients(db);
  await fillStudies(db);
}

async function fillPatients(db: Kysely<NameTables>): Promise<void> {
  for (let after = ''; ; ) {
    const rows = await db.selectFrom('patient').select(['id', 'name']).where('id', '>', after).orderBy('id').limit(BATCH).execute();
    for (const { id, name } of rows) {
      const [name_alphabetic = null, name_ideographic = null, name_phonetic = null] = name.split('=').map(formOf);
      await db.updateTable('patient').set({ name_alphabetic, name_ideographic, name_phonetic }).where('id', '=', id).execute();
    }
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}

async function fillStudies(db: Kysely<NameTables>): Promise<void> {
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('study')
      .select(['study_instance_uid', 'referring_physician'])
      .where('study_instance_uid', '>', after)
      .orderBy('study_instance_uid')
      .limit(BATCH)
      .execute();
    for (const { study_instance_uid, referring_physician } of rows) {
      const referring_physician_form = formOf(referring_physician ?? '');
      await db.updateTable('study').set({ referring_physician_form }).where('study_instance_uid', '=', study_instance_uid).execute();
    }
    const last = rows.at(-1);
    if (!last) return;
    after = last.study_instance_uid;
  }
}

/** Lower case without diacritics, components kept; null if nothing is left. As `componentForm` of the program made it at this version. */
function formOf(group: string): string | null {
  const plain = group
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase();
  const components = plain.split('^').map((component) => component.replaceAll(/\s+/g, ' ').trim());
  return components.join('^').replace(/\^+$/, '') || null;
}

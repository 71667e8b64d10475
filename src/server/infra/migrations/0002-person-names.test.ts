import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { expect, test } from 'vitest';
import { parsePersonName } from '../../../dicom/parse-values.ts';
import { componentForm, componentForms } from '../../studies/patient-name.ts';
import { openSqlite } from '../sqlite.ts';
import { createInitialTables } from './0001-initial.ts';
import { addPersonNameForms } from './0002-person-names.ts';

const NAMES = [
  'Müller^Anna  Maria^^Dr.',
  'Yamada^Tarou=山田^太郎=やまだ^たろう',
  '=山田',
  'ÅNGSTRÖM',
  '^',
  '',
  'Hong^Gildong=洪^吉洞=홍^길동',
];

test('names that are there already get the forms that arriving ones get', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'isocenter-migration-'));
  const db = openSqlite(join(folder, 'a.db'));
  // The tables as they were before the migration, without the types of today.
  const untyped = db as unknown as Kysely<unknown>;
  await createInitialTables(untyped);
  const at = '2024-01-01T00:00:00.000Z';
  for (const [index, name] of NAMES.entries()) {
    const id = String(index);
    await db
      .insertInto('patient')
      .values({ id, patient_id: id, issuer: '', name, name_search: '', birth_date: null, sex: null, created_at: at, updated_at: at })
      .execute();
    await db
      .insertInto('study')
      .values({
        study_instance_uid: `1.${id}`,
        patient_key: id,
        referring_physician: name === '' ? null : (name.split('=')[0] ?? null),
        is_synthetic: 0,
        status: 'complete',
        analysis_status: 'none',
        created_at: at,
        updated_at: at,
      })
      .execute();
  }
  await addPersonNameForms(untyped);

  const patients = await db.selectFrom('patient').selectAll().orderBy('id').execute();
  const studies = await db.selectFrom('study').selectAll().orderBy('study_instance_uid').execute();
  for (const [index, name] of NAMES.entries()) {
    const { alphabetic, ideographic, phonetic } = componentForms(parsePersonName(name) ?? undefined);
    expect(patients[index], name).toMatchObject({ name_alphabetic: alphabetic, name_ideographic: ideographic, name_phonetic: phonetic });
    expect(studies[index]?.referring_physician_form ?? '', name).toBe(componentForm(name.split('=')[0] ?? ''));
  }
  await db.destroy();
  rmSync(folder, { recursive: true });
});

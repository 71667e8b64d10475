import type { Kysely } from 'kysely';
import { openTableMaker } from './table-maker.ts';

/** What came as the file of an instance that is stored in another transfer syntax now. */
export async function createOriginalFile(db: Kysely<unknown>): Promise<void> {
  const { createTenantTable, createTenantIndex } = openTableMaker(db);
  await createTenantTable(
    'original_file',
    {
      sop_instance_uid: 'text not null',
      study_instance_uid: 'text not null',
      digest: 'text not null',
      size: 'big not null',
      transfer_syntax_uid: 'text not null',
      replaced_at: 'text not null',
    },
    {
      key: ['sop_instance_uid'],
      references: [
        { columns: ['sop_instance_uid'], table: 'instance', onDelete: 'cascade' },
        { columns: ['study_instance_uid'], table: 'study', onDelete: 'cascade' },
      ],
    },
  );
  await createTenantIndex('original_file', ['study_instance_uid']);
}

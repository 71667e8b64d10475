import type { Db, Tx } from '../platform/ports.ts';
import type { InstanceRow } from '../studies/queries.ts';

/** Every instance of a study by its UID, in no order. */
export async function listInstanceUids(db: Db, studyInstanceUid: string): Promise<string[]> {
  const rows = await db.selectFrom('instance').select('sop_instance_uid').where('study_instance_uid', '=', studyInstanceUid).execute();
  return rows.map(({ sop_instance_uid }) => sop_instance_uid);
}

export type FileColumns = Pick<
  InstanceRow,
  'transfer_syntax_uid' | 'pixel_offset' | 'pixel_length' | 'blob_key' | 'blob_size' | 'dicom_json'
>;

/** Puts another file in place of the one that the instance had, and remembers that one; false if it has another by now. */
export async function replaceFile(tx: Tx, instance: InstanceRow, { file, at }: { file: FileColumns; at: string }): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('instance')
    .set(file)
    .where('sop_instance_uid', '=', instance.sop_instance_uid)
    .where('blob_key', '=', instance.blob_key)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) return false;
  await tx
    .insertInto('original_file')
    .values({
      sop_instance_uid: instance.sop_instance_uid,
      study_instance_uid: instance.study_instance_uid,
      digest: instance.blob_key,
      size: instance.blob_size,
      transfer_syntax_uid: instance.transfer_syntax_uid,
      replaced_at: at,
    })
    .execute();
  return true;
}

import type { Selectable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

type Progress = Pick<Selectable<Tables['deidentification']>, 'id' | 'status' | 'result_study_instance_uid'>;

/** How far a copy of a study is that `requestedBy` asked for. */
export async function findCopyAskedBy(db: Db | Tx, studyInstanceUid: string, requestedBy: string): Promise<Progress | undefined> {
  return db
    .selectFrom('deidentification')
    .select(['id', 'status', 'result_study_instance_uid'])
    .where('study_instance_uid', '=', studyInstanceUid)
    .where('requested_by', '=', requestedBy)
    .executeTakeFirst();
}

export async function findCopy(db: Db | Tx, id: string): Promise<Progress | undefined> {
  return db.selectFrom('deidentification').select(['id', 'status', 'result_study_instance_uid']).where('id', '=', id).executeTakeFirst();
}

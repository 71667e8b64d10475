import type { Db, Tx } from '../platform/ports.ts';

/** Objects that belong to a study: their table and the column that an act names them by. */
const OF_STUDY = {
  study: ['study', 'study_instance_uid'],
  series: ['series', 'series_instance_uid'],
  instance: ['instance', 'sop_instance_uid'],
  analysis: ['analysis', 'id'],
  finding: ['finding', 'id'],
  report: ['report', 'id'],
} as const;

/** The study that an object belongs to; undefined if there is none, or the object is of another kind. */
export async function findStudyOf(db: Db | Tx, type: string, id: string): Promise<string | undefined> {
  if (!Object.hasOwn(OF_STUDY, type)) return undefined;
  // One of the table's own names, as just checked.
  const [table, column] = OF_STUDY[type as keyof typeof OF_STUDY];
  const { ref } = db.dynamic;
  const row = await db.selectFrom(table).select('study_instance_uid').where(ref(column), '=', id).executeTakeFirst();
  return row?.study_instance_uid;
}

export async function findPatientOf(db: Db | Tx, studyInstanceUid: string): Promise<string | undefined> {
  const row = await db.selectFrom('study').select('patient_key').where('study_instance_uid', '=', studyInstanceUid).executeTakeFirst();
  return row?.patient_key;
}

/** Whether a user sees a study only for the time of an emergency. */
export async function hasEmergencyAccess(db: Db | Tx, userId: string, studyInstanceUid: string): Promise<boolean> {
  const row = await db
    .selectFrom('study_assignment')
    .select('break_glass_id')
    .where('study_instance_uid', '=', studyInstanceUid)
    .where('user_id', '=', userId)
    .where('break_glass_id', 'is not', null)
    .executeTakeFirst();
  return row !== undefined;
}

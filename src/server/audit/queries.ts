import type { Db, Tx } from '../platform/ports.ts';
import { prepared } from '../platform/prepared.ts';

/** What an object belongs to. */
export type Owners = { study_instance_uid: string; patient_key: string };

/** Objects that belong to a study: their table and the column that an act names them by. */
const OF_STUDY = {
  study: ['study', 'study_instance_uid'],
  series: ['series', 'series_instance_uid'],
  instance: ['instance', 'sop_instance_uid'],
  analysis: ['analysis', 'id'],
  finding: ['finding', 'id'],
  report: ['report', 'id'],
} as const;
type Kind = keyof typeof OF_STUDY;

/** The study that an object belongs to, and its patient; undefined if there is no such object, or it is of another kind. */
export async function findOwners(db: Db | Tx, type: string, id: string): Promise<Owners | undefined> {
  return Object.hasOwn(OF_STUDY, type) ? (await selectOwners[type as Kind](db, { id }))[0] : undefined;
}

// Every read asks for one of these.
const selectOwners = {
  study: selectOwnersOf('study'),
  series: selectOwnersOf('series'),
  instance: selectOwnersOf('instance'),
  analysis: selectOwnersOf('analysis'),
  finding: selectOwnersOf('finding'),
  report: selectOwnersOf('report'),
} satisfies Record<Kind, unknown>;

function selectOwnersOf(kind: Kind) {
  const [table, column] = OF_STUDY[kind];
  return prepared<Db | Tx, { id: string }, Owners>((db, value) =>
    db
      .selectFrom('study as owner')
      .select(['owner.study_instance_uid', 'owner.patient_key'])
      .where('owner.study_instance_uid', 'in', (query) =>
        query
          .selectFrom(table)
          .select(`${table}.study_instance_uid`)
          .where(db.dynamic.ref(`${table}.${column}`), '=', value('id')),
      ),
  );
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

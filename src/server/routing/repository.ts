import type { Selectable, Updateable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import type { RuleRow } from './queries.ts';

export type RoutingAct = Selectable<Tables['routing_act']>;

export async function findRule(db: Db | Tx, id: string): Promise<RuleRow | undefined> {
  return db.selectFrom('routing_rule').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Whether it was inserted; false if its name is taken. */
export async function insertRule(tx: Tx, row: RuleRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('routing_rule')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows) > 0;
}

export async function hasRuleNamed(db: Db | Tx, name: string): Promise<boolean> {
  return (await db.selectFrom('routing_rule').select('id').where('name', '=', name).executeTakeFirst()) !== undefined;
}

export async function updateRule(tx: Tx, id: string, change: Updateable<Tables['routing_rule']>): Promise<void> {
  await tx.updateTable('routing_rule').set(change).where('id', '=', id).execute();
}

/** Whether there was one. */
export async function deleteRule(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('routing_rule').where('id', '=', id).executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

/** What a rule did last to a study, once for each of its actions. */
export async function putAct(tx: Tx, act: RoutingAct): Promise<void> {
  await tx
    .insertInto('routing_act')
    .values(act)
    .onConflict((conflict) =>
      conflict
        .columns(['rule_id', 'version', 'study_instance_uid', 'action'])
        .doUpdateSet({ outcome: act.outcome, reference: act.reference, created_at: act.created_at }),
    )
    .execute();
}

export type StudyToRoute = {
  study: Pick<Selectable<Tables['study']>, 'study_instance_uid' | 'instance_count' | 'attributes'>;
  series: Pick<Selectable<Tables['series']>, 'modality' | 'body_part' | 'sop_class_uid' | 'attributes'>[];
  labels: string[];
  /** Titles of applications by whose associations it came. */
  senders: string[];
  /** DICOM JSON of one of its objects. */
  sample: string | undefined;
};

export async function findStudyToRoute(db: Db | Tx, studyInstanceUid: string): Promise<StudyToRoute | undefined> {
  const study = await db
    .selectFrom('study')
    .select(['study_instance_uid', 'instance_count', 'attributes'])
    .where('study_instance_uid', '=', studyInstanceUid)
    .executeTakeFirst();
  if (!study) return undefined;
  const series = await db
    .selectFrom('series')
    .select(['modality', 'body_part', 'sop_class_uid', 'attributes'])
    .where('study_instance_uid', '=', studyInstanceUid)
    .orderBy('series_instance_uid')
    .execute();
  const labels = await db.selectFrom('study_label').select('label').where('study_instance_uid', '=', studyInstanceUid).execute();
  const sources = await db.selectFrom('study_source').select('ae_title').where('study_instance_uid', '=', studyInstanceUid).execute();
  const sample = await db
    .selectFrom('instance')
    .select('dicom_json')
    .where('study_instance_uid', '=', studyInstanceUid)
    .limit(1)
    .executeTakeFirst();
  const senders = sources.map(({ ae_title }) => ae_title);
  return { study, series, labels: labels.map(({ label }) => label), senders, sample: sample?.dicom_json };
}

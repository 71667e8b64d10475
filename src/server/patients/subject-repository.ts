import type { Selectable } from 'kysely';
import type { Db } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import type { SubjectStudy } from './subject-bundle.ts';

/** What the FHIR bundle says of a study. @param reportsOf the view that shows the reports which may be given */
export async function readSubjectStudy(db: Db, study: Selectable<Tables['study']>, reportsOf: Db = db): Promise<SubjectStudy> {
  const uid = study.study_instance_uid;
  const [series, instances, findings, reports] = await Promise.all([
    db.selectFrom('series').selectAll().where('study_instance_uid', '=', uid).orderBy('series_instance_uid').execute(),
    db
      .selectFrom('instance')
      .select(['sop_instance_uid', 'series_instance_uid', 'sop_class_uid', 'instance_number'])
      .where('study_instance_uid', '=', uid)
      .orderBy('sop_instance_uid')
      .execute(),
    db.selectFrom('finding').selectAll().where('study_instance_uid', '=', uid).orderBy('id').execute(),
    reportsOf.selectFrom('report').selectAll().where('study_instance_uid', '=', uid).orderBy('version').execute(),
  ]);
  return { study, series, instances, findings, reports };
}

import type { Db } from '../platform/ports.ts';
import type { InstanceRow } from '../studies/queries.ts';
import type { UniqueKeys } from './query-levels.ts';

export type Retrievable = {
  study_instance_uid: string;
  sop_instance_uid: string;
  sop_class_uid: string;
} & Pick<InstanceRow, (typeof FILE_COLUMNS)[number]>;

/** How the file is encoded, and what writing it anew asks. */
const FILE_COLUMNS = [
  'transfer_syntax_uid',
  'blob_key',
  'blob_size',
  'pixel_offset',
  'pixel_length',
  'number_of_frames',
  'rows',
  'bits_allocated',
] as const;

/** The instances of a retrieval, in the order of studies, series and instances. */
export async function listRetrievable(db: Db, { patientId, studies, series, instances }: UniqueKeys): Promise<Retrievable[]> {
  let query = db
    .selectFrom('instance')
    .innerJoin('series', 'series.series_instance_uid', 'instance.series_instance_uid')
    .innerJoin('study', 'study.study_instance_uid', 'instance.study_instance_uid')
    .innerJoin('patient', 'patient.id', 'study.patient_key')
    .select(['instance.study_instance_uid', 'instance.sop_instance_uid', 'instance.sop_class_uid'])
    .select(FILE_COLUMNS.map((column) => `instance.${column}` as const));
  if (patientId !== undefined) query = query.where('patient.patient_id', '=', patientId);
  if (studies) query = query.where('instance.study_instance_uid', 'in', studies);
  if (series) query = query.where('instance.series_instance_uid', 'in', series);
  if (instances) query = query.where('instance.sop_instance_uid', 'in', instances);
  return query
    .orderBy('instance.study_instance_uid')
    .orderBy('series.series_number')
    .orderBy('instance.series_instance_uid')
    .orderBy('instance.instance_number')
    .orderBy('instance.sop_instance_uid')
    .execute();
}

import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { prepared } from '../platform/prepared.ts';
import { findInstance, type InstanceRow } from '../studies/queries.ts';

/** What a retrieval is about: a study, or a series or an instance of it. */
export type Resource = { study_instance_uid: string; series_instance_uid?: string; sop_instance_uid?: string };

/** Where the file of an instance is, and how it is encoded. */
export type HeldInstance = Awaited<ReturnType<typeof listHeldInstances>>[number];

/**
 * The instances of a resource in order of series and instance number, without their JSON.
 *
 * @throws {AppError} `study-not-found`, `not-found`, `instance-not-found`
 */
export async function listHeldInstances(db: Db, resource: Resource) {
  const { study_instance_uid: study, series_instance_uid: series, sop_instance_uid: instance } = resource;
  const isWhole = series !== undefined && instance !== undefined;
  const instances = isWhole ? await selectHeld(db, { study, series, instance }) : await heldOf(db, resource).execute();
  if (instances.length > 0) return instances;
  if (resource.sop_instance_uid !== undefined) throw new AppError('instance-not-found', `No instance ${resource.sop_instance_uid} there`);
  if (resource.series_instance_uid !== undefined) throw new AppError('not-found', `No series ${resource.series_instance_uid} there`);
  throw new AppError('study-not-found', `No study ${resource.study_instance_uid}`);
}

function heldOf(db: Db, { study_instance_uid, series_instance_uid, sop_instance_uid }: Resource) {
  let query = db
    .selectFrom('instance')
    .innerJoin('series', 'series.series_instance_uid', 'instance.series_instance_uid')
    .select(HELD_COLUMNS)
    .where('instance.study_instance_uid', '=', study_instance_uid);
  if (series_instance_uid !== undefined) query = query.where('instance.series_instance_uid', '=', series_instance_uid);
  if (sop_instance_uid !== undefined) query = query.where('instance.sop_instance_uid', '=', sop_instance_uid);
  return query
    .orderBy('series.series_number', (order) => order.asc().nullsLast())
    .orderBy('instance.series_instance_uid')
    .orderBy('instance.instance_number', (order) => order.asc().nullsLast())
    .orderBy('instance.sop_instance_uid');
}

type HeldRow = Awaited<ReturnType<ReturnType<typeof heldOf>['execute']>>[number];
// A viewer asks for one frame after the other, each of one instance.
const selectHeld = prepared<Db, { study: string; series: string; instance: string }, HeldRow>((db, value) =>
  heldOf(db, { study_instance_uid: value('study'), series_instance_uid: value('series'), sop_instance_uid: value('instance') }),
);

/** One instance with its JSON. @throws {AppError} `instance-not-found` also if it is not in that study and series */
export async function getInstance(db: Db, resource: Required<Resource>): Promise<InstanceRow> {
  const instance = await findInstance(db, resource.sop_instance_uid);
  if (instance?.study_instance_uid === resource.study_instance_uid && instance.series_instance_uid === resource.series_instance_uid)
    return instance;
  throw new AppError('instance-not-found', `No instance ${resource.sop_instance_uid} there`);
}

/** Whether the instance holds frames that can be described: 64-bit pixels are kept, but not taken apart. */
export function hasFrames({ pixel_offset, rows }: Pick<HeldInstance, 'pixel_offset' | 'rows'>): boolean {
  return pixel_offset !== null && rows !== null;
}

/** Stored DICOM JSON of the named instances, by SOP Instance UID. */
export async function findDicomJson(db: Db, sopInstanceUids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('instance')
    .select(['sop_instance_uid', 'dicom_json'])
    .where('sop_instance_uid', 'in', sopInstanceUids)
    .execute();
  return new Map(rows.map((row) => [row.sop_instance_uid, row.dicom_json]));
}

const HELD_COLUMNS = [
  'instance.sop_instance_uid',
  'instance.series_instance_uid',
  'instance.study_instance_uid',
  'instance.transfer_syntax_uid',
  'instance.number_of_frames',
  'instance.rows',
  'instance.bits_allocated',
  'instance.pixel_offset',
  'instance.pixel_length',
  'instance.blob_key',
  'instance.blob_size',
] as const;

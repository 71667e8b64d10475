import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Page, PageQuery, Uid } from './fields.ts';

export const StudySummary = Type.Object({
  study_instance_uid: Uid,
  patient_id: Type.String(),
  patient_name: Type.String(),
  patient_birth_date: Nullable(Type.String()),
  patient_sex: Nullable(Type.String()),
  accession_number: Nullable(Type.String()),
  study_date: Nullable(Type.String()),
  study_time: Nullable(Type.String()),
  description: Nullable(Type.String()),
  modalities: Type.Array(Type.String()),
  series_count: Type.Integer(),
  instance_count: Type.Integer(),
  is_synthetic: Type.Boolean(),
  /** `receiving` until quiet for ten seconds or said complete. */
  status: Type.Union([Type.Literal('receiving'), Type.Literal('complete')]),
  /** Where the AI stands: none yet, queued, running, done (something ran), abstained (no model accepted it), failed. */
  analysis_status: Type.Union([
    Type.Literal('none'),
    Type.Literal('queued'),
    Type.Literal('running'),
    Type.Literal('succeeded'),
    Type.Literal('abstained'),
    Type.Literal('failed'),
  ]),
  /** Why the last run abstained or failed, in words for the reader. */
  analysis_reason: Nullable(Type.String()),
  open_findings: Type.Integer(),
  report_status: Nullable(Type.String()),
  created_at: Instant,
  updated_at: Instant,
});
export type StudySummary = Static<typeof StudySummary>;

export const InstanceSummary = Type.Object({
  sop_instance_uid: Uid,
  sop_class_uid: Uid,
  instance_number: Nullable(Type.Integer()),
  number_of_frames: Type.Integer(),
  rows: Nullable(Type.Integer()),
  columns: Nullable(Type.Integer()),
  transfer_syntax_uid: Uid,
  window_center: Nullable(Type.Number()),
  window_width: Nullable(Type.Number()),
  has_pixels: Type.Boolean(),
  is_derived: Type.Boolean(),
});
export type InstanceSummary = Static<typeof InstanceSummary>;

export const SeriesDetail = Type.Object({
  series_instance_uid: Uid,
  modality: Type.String(),
  series_number: Nullable(Type.Integer()),
  description: Nullable(Type.String()),
  body_part: Nullable(Type.String()),
  view_position: Nullable(Type.String()),
  instances: Type.Array(InstanceSummary),
});

export const StudyDetail = Type.Object({ ...StudySummary.properties, series: Type.Array(SeriesDetail) });
export type StudyDetail = Static<typeof StudyDetail>;

/** What became of one file of an upload. */
export const StoredItem = Type.Object({
  /** Name as sent, or the path inside the archive. */
  file: Type.String(),
  status: Type.Union([Type.Literal('stored'), Type.Literal('already_held'), Type.Literal('refused')]),
  study_instance_uid: Type.Optional(Uid),
  sop_instance_uid: Type.Optional(Uid),
  /** Error kind of a refusal, for example `invalid-dicom`. */
  error: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
});
export type StoredItem = Static<typeof StoredItem>;

export const UploadResult = Type.Object({
  stored: Type.Integer(),
  already_held: Type.Integer(),
  refused: Type.Integer(),
  items: Type.Array(StoredItem),
});
export type UploadResult = Static<typeof UploadResult>;

const studyParams = Type.Object({ study_instance_uid: Uid });
const instanceParams = Type.Object({ sop_instance_uid: Uid });

export const uploadStudies = endpoint({
  method: 'POST',
  path: '/api/v1/studies',
  summary: 'Takes DICOM files, pictures and ZIP archives of them; stores the good ones and lists the bad (E-36). 4xx if none was good',
  permission: 'study:write',
  consumes: 'multipart/form-data',
  response: UploadResult,
});
export const uploadImages = endpoint({
  method: 'POST',
  path: '/api/v1/images/upload',
  summary:
    'Takes PNG, JPEG, TIFF or DICOM; pictures are wrapped as DICOM, marked as derived (E-30). Form fields before the file: `patient_id`, `patient_name`, `modality`, `body_part`',
  permission: 'study:write',
  consumes: 'multipart/form-data',
  response: UploadResult,
});
export const getUploadResult = endpoint({
  method: 'GET',
  path: '/api/v1/uploads/:id/result',
  summary: 'What became of a finished resumable upload; the upload itself speaks tus 1.0 at `/api/v1/uploads`',
  permission: 'study:write',
  params: Type.Object({ id: Id }),
  response: UploadResult,
});
export const listStudies = endpoint({
  method: 'GET',
  path: '/api/v1/studies',
  summary: 'Studies, newest arrival first',
  permission: 'study:read',
  query: Type.Object({ ...PageQuery, q: Type.Optional(Type.String({ maxLength: 200 })) }),
  response: Page(StudySummary),
});
export const getStudy = endpoint({
  method: 'GET',
  path: '/api/v1/studies/:study_instance_uid',
  summary: 'One study with its series and instances',
  permission: 'study:read',
  params: studyParams,
  response: StudyDetail,
});
export const completeStudy = endpoint({
  method: 'POST',
  path: '/api/v1/studies/:study_instance_uid/complete',
  summary: 'Says that no more will come; the analysis starts at once',
  permission: 'study:write',
  params: studyParams,
  response: Type.Object({ study_instance_uid: Uid, status: Type.Literal('complete') }),
});
export const getRenderedFrame = endpoint({
  method: 'GET',
  path: '/api/v1/instances/:sop_instance_uid/rendered',
  summary: 'One frame as PNG, windowed',
  permission: 'study:read',
  params: instanceParams,
  query: Type.Object({
    frame: Type.Optional(Type.Integer({ minimum: 1, default: 1 })),
    window_center: Type.Optional(Type.Number()),
    window_width: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    /** Longest side in pixels; never enlarges. */
    size: Type.Optional(Type.Integer({ minimum: 16, maximum: 4096 })),
  }),
  response: Type.Unknown(),
  produces: 'image/png',
});
export const getInstanceFile = endpoint({
  method: 'GET',
  path: '/api/v1/instances/:sop_instance_uid/file',
  summary: 'The stored DICOM Part 10 file, byte for byte',
  permission: 'study:read',
  params: instanceParams,
  response: Type.Unknown(),
  produces: 'application/dicom',
});
export const getInstanceMetadata = endpoint({
  method: 'GET',
  path: '/api/v1/instances/:sop_instance_uid/metadata',
  summary: 'The data set as DICOM JSON, without bulk data',
  permission: 'study:read',
  params: instanceParams,
  response: Type.Unknown(),
  produces: 'application/dicom+json',
});

import { type Static, Type } from 'typebox';
import { AgentsReports } from './agents.ts';
import { DIAGNOSIS_STATUSES, Diagnosis, diagnosisParams, PRIORITIES } from './diagnosis.ts';
import { DiagnosisResults } from './diagnosis-results.ts';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Uid } from './fields.ts';
import { UploadResult } from './studies.ts';

/** D-04. */
export const DiagnosisComment = Type.Object({
  id: Id,
  text: Type.String(),
  /** Users whom it names with `@`. */
  mentions: Type.Array(Type.Object({ user_id: Type.String(), username: Type.String() })),
  author_id: Type.String(),
  author_name: Type.String(),
  created_at: Instant,
});
export type DiagnosisComment = Static<typeof DiagnosisComment>;

/** D-04: one step of a diagnosis. */
export const TimelineEntry = Type.Object({
  number: Type.Integer(),
  at: Instant,
  type: Type.String(),
  /** A person's name, or the agent or coordinator. */
  actor: Type.String(),
  /** Numbers, ids and closed words. */
  data: Type.Record(Type.String(), Type.Unknown()),
});
export type TimelineEntry = Static<typeof TimelineEntry>;

const counted = (names: readonly string[]) => Type.Object(Object.fromEntries(names.map((name) => [name, Type.Integer()])));

export const addDiagnosisImages = endpoint({
  method: 'POST',
  path: '/api/v1/diagnosis/:id/images',
  summary: 'Stores pictures or DICOM files and binds them to the diagnosis; what belongs to another patient is refused (E-25)',
  permission: 'diagnosis:write',
  params: diagnosisParams,
  consumes: 'multipart/form-data',
  response: UploadResult,
  status: 201,
});
export const listDiagnosisImages = endpoint({
  method: 'GET',
  path: '/api/v1/diagnosis/:id/images',
  summary: 'The images that the diagnosis is about',
  permission: 'diagnosis:read',
  params: diagnosisParams,
  response: Type.Object({
    items: Type.Array(
      Type.Object({
        study_instance_uid: Uid,
        series_instance_uid: Uid,
        sop_instance_uid: Uid,
        modality: Type.String(),
        body_part: Nullable(Type.String()),
      }),
    ),
  }),
});
export const getDiagnosisTimeline = endpoint({
  method: 'GET',
  path: '/api/v1/diagnosis/:id/timeline',
  summary: 'What happened, oldest first (E-26)',
  permission: 'diagnosis:read',
  params: diagnosisParams,
  response: Type.Object({ items: Type.Array(TimelineEntry) }),
});
export const addDiagnosisComment = endpoint({
  method: 'POST',
  path: '/api/v1/diagnosis/:id/comments',
  summary: 'Adds a comment; `@name` mentions a user (E-27)',
  permission: 'diagnosis:write',
  params: diagnosisParams,
  body: Type.Object({ text: Type.String({ minLength: 1, maxLength: 5000 }) }, { additionalProperties: false }),
  response: DiagnosisComment,
  status: 201,
});
export const listDiagnosisComments = endpoint({
  method: 'GET',
  path: '/api/v1/diagnosis/:id/comments',
  summary: 'Comments, oldest first',
  permission: 'diagnosis:read',
  params: diagnosisParams,
  response: Type.Object({ items: Type.Array(DiagnosisComment) }),
});
export const getDiagnosisStats = endpoint({
  method: 'GET',
  path: '/api/v1/diagnosis/stats',
  summary: 'How many diagnoses there are, by state and priority, and how long they take (E-28)',
  permission: 'diagnosis:read',
  response: Type.Object({
    total: Type.Integer(),
    by_status: counted(DIAGNOSIS_STATUSES),
    by_priority: counted(PRIORITIES),
    /** Completed with an agent that ended in error. */
    partial: Type.Integer(),
    /** Seconds from start to completion, of the last thousand. */
    mean_processing_time: Nullable(Type.Number()),
    median_processing_time: Nullable(Type.Number()),
  }),
});
export const exportDiagnosis = endpoint({
  method: 'GET',
  path: '/api/v1/diagnosis/:id/export',
  summary: 'Diagnosis, results, reports, timeline and comments as one JSON document (E-29)',
  permission: 'diagnosis:read',
  params: diagnosisParams,
  response: Type.Object({
    diagnosis: Diagnosis,
    results: DiagnosisResults,
    agents_reports: AgentsReports,
    timeline: Type.Array(TimelineEntry),
    comments: Type.Array(DiagnosisComment),
    exported_at: Instant,
    disclaimer: Type.String(),
  }),
  audit: 'export',
});
export const exportDiagnosisPdf = endpoint({
  method: 'GET',
  path: '/api/v1/diagnosis/:id/export/pdf',
  summary: 'The same on paper, always marked as a draft: what is final is the report that a person signs (E-29)',
  permission: 'diagnosis:read',
  params: diagnosisParams,
  response: Type.Unknown(),
  produces: 'application/pdf',
});

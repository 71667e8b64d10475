import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Instant, Nullable, Page, PageQuery, Uid } from './fields.ts';
import { RECORD_KINDS, RecordEntry } from './patient-record.ts';
import { PatientDocument } from './patients-documents.ts';
import { PatientKey } from './recycle-bin.ts';

export const HISTORY_KINDS = [...RECORD_KINDS, 'study', 'report', 'document'] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];

/** Something that happened; of `entry`, `study`, `report` and `document` it has the one that it is. */
export const HistoryItem = Type.Object({
  kind: Type.Enum([...HISTORY_KINDS]),
  /** Of the entry, report or document; the Study Instance UID of a study. */
  id: Type.String(),
  /** ISO 8601 date or instant, as exact as it is known: when it began, was made or was signed, or else when it was recorded. */
  at: Type.String(),
  title: Type.String(),
  entry: Type.Optional(RecordEntry),
  study: Type.Optional(
    Type.Object({
      study_instance_uid: Uid,
      accession_number: Nullable(Type.String()),
      description: Nullable(Type.String()),
      modalities: Type.Array(Type.String()),
      instance_count: Type.Integer(),
    }),
  ),
  report: Type.Optional(
    Type.Object({
      id: Type.String(),
      study_instance_uid: Uid,
      version: Type.Integer(),
      status: Type.String(),
      signed_by: Nullable(Type.String()),
      signed_at: Nullable(Instant),
    }),
  ),
  document: Type.Optional(PatientDocument),
});
export type HistoryItem = Static<typeof HistoryItem>;

export const getHistory = endpoint({
  method: 'GET',
  path: '/api/v1/patients/:patient_key/history',
  summary:
    'What happened to a patient, the latest first: facts of the record, studies, reports, documents (E-12). Studies and reports as far as the caller may see them',
  permission: 'patient:read',
  params: Type.Object({ patient_key: PatientKey }),
  query: Type.Object({
    ...PageQuery,
    /** Only these kinds, separated by commas. */
    kinds: Type.Optional(Type.String({ maxLength: 200 })),
  }),
  response: Page(HistoryItem),
});

import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Page, PageQuery, Uid } from './fields.ts';
import { PatientKey } from './recycle-bin.ts';

/** What documents may be, told by their content and not by their name. */
export const DOCUMENT_TYPES = [
  'application/pdf',
  'image/png',
  'image/jpeg',
  'text/plain',
  'application/fhir+json',
  'application/hl7-cda+xml',
] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

export const PatientDocument = Type.Object({
  id: Id,
  patient_key: PatientKey,
  title: Type.String(),
  /** For example `discharge letter`; null if nobody said. */
  category: Nullable(Type.String()),
  /** The day that it is of, as somebody said. */
  document_date: Nullable(Type.String()),
  media_type: Type.Enum([...DOCUMENT_TYPES]),
  /** In bytes. */
  size: Type.Integer(),
  /** A PDF is also a DICOM object (Encapsulated PDF) in a study of the patient, unless the record cannot be said in DICOM. */
  study_instance_uid: Nullable(Uid),
  sop_instance_uid: Nullable(Uid),
  /** Id of the account. */
  uploaded_by: Type.String(),
  created_at: Instant,
});
export type PatientDocument = Static<typeof PatientDocument>;

const patientParams = Type.Object({ patient_key: PatientKey });
const documentParams = Type.Object({ patient_key: PatientKey, document_id: Id });

export const uploadDocument = endpoint({
  method: 'POST',
  path: '/api/v1/patients/:patient_key/documents',
  summary:
    'Takes one document: PDF, PNG, JPEG, plain text, a FHIR resource as JSON, or a CDA document (E-13). Form fields before the file: `title`, `category`, `date` (YYYY-MM-DD)',
  permission: 'patient:write',
  params: patientParams,
  consumes: 'multipart/form-data',
  response: PatientDocument,
  status: 201,
});
export const listDocuments = endpoint({
  method: 'GET',
  path: '/api/v1/patients/:patient_key/documents',
  summary: 'Documents of a patient, the newest first',
  permission: 'patient:read',
  params: patientParams,
  query: Type.Object(PageQuery),
  response: Page(PatientDocument),
});
export const getDocument = endpoint({
  method: 'GET',
  path: '/api/v1/patients/:patient_key/documents/:document_id',
  summary: 'The document, byte for byte as it was sent',
  permission: 'patient:read',
  params: documentParams,
  response: Type.Unknown(),
  produces: 'application/octet-stream',
  audit: 'export',
});
export const deleteDocument = endpoint({
  method: 'DELETE',
  path: '/api/v1/patients/:patient_key/documents/:document_id',
  summary: 'Removes a document for good; a DICOM object that was made of it goes with its study',
  permission: 'study:delete',
  params: documentParams,
  response: Type.Object({}),
});

import { type Static, type TSchema, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Page, PageQuery } from './fields.ts';
import { RecordEntry } from './patient-record.ts';
import { PatientKey } from './recycle-bin.ts';

/** Longest component group of a DICOM name, its delimiters included (PS3.5 6.2). */
export const MAX_NAME = 64;

const Part = Type.String({ maxLength: MAX_NAME });

/** A name by its parts, as DICOM has them (PS3.5 6.2.1). `ideographic` and `phonetic` are `family^given`, for example `山田^太郎`. */
export const NameParts = Type.Object({
  family: Part,
  given: Type.Optional(Part),
  middle: Type.Optional(Part),
  prefix: Type.Optional(Part),
  suffix: Type.Optional(Part),
  ideographic: Type.Optional(Part),
  phonetic: Type.Optional(Part),
});
export type NameParts = Static<typeof NameParts>;

export const ContactInfo = Type.Object({
  phone: Type.Optional(Nullable(Type.String({ maxLength: 40 }))),
  email: Type.Optional(Nullable(Type.String({ format: 'email', maxLength: 254 }))),
  address: Type.Optional(Nullable(Type.String({ maxLength: 500 }))),
});
export type ContactInfo = Static<typeof ContactInfo>;
export const EmergencyContact = Type.Object({
  name: Type.Optional(Nullable(Type.String({ maxLength: 200 }))),
  phone: Type.Optional(Nullable(Type.String({ maxLength: 40 }))),
  relationship: Type.Optional(Nullable(Type.String({ maxLength: 100 }))),
});
export type EmergencyContact = Static<typeof EmergencyContact>;

export const RiskLevel = Type.Enum(['low', 'medium', 'high']);
export const PatientStatus = Type.Enum(['active', 'inactive']);
export const Gender = Type.Enum(['male', 'female', 'other']);

/** A patient as lists show it. */
export const PatientSummary = Type.Object({
  id: PatientKey,
  /** Medical record number: unique for each issuer among the records that people made. */
  patient_id: Type.String(),
  /** Who gave out the number; empty for this institution. */
  issuer: Type.String(),
  /** As it is shown: `Dr. Maria Garcia`. */
  name: Type.String(),
  name_parts: NameParts,
  /** `YYYY-MM-DD`, or as much of it as is known. */
  date_of_birth: Nullable(Type.String()),
  /** Full years today; null unless the whole date of birth is known. */
  age: Nullable(Type.Integer()),
  gender: Nullable(Gender),
  risk_level: Nullable(RiskLevel),
  status: PatientStatus,
  /** The record that took over everything of this one. */
  merged_into: Nullable(PatientKey),
  /** Id of the account; null for who came with a DICOM object. */
  created_by: Nullable(Type.String()),
  created_at: Instant,
  updated_at: Instant,
});
export type PatientSummary = Static<typeof PatientSummary>;

/** A diagnosis of the patient: its record is at `/api/v1/diagnosis/{diagnosis_id}`. */
export const DiagnosisRecord = Type.Object({
  diagnosis_id: Id,
  status: Type.Enum(['pending', 'processing', 'completed', 'cancelled']),
  created_at: Instant,
  completed_at: Nullable(Instant),
});
export type DiagnosisRecord = Static<typeof DiagnosisRecord>;

/** A patient with all of D-02. The answer has an ETag, which a change has to name in `If-Match`. */
export const Patient = Type.Object({
  ...PatientSummary.properties,
  contact_info: ContactInfo,
  emergency_contact: EmergencyContact,
  /** Of the structured record, without what was refuted. `previous_diagnoses` are the conditions that are over. */
  medical_history: Type.Object({
    conditions: Type.Array(RecordEntry),
    allergies: Type.Array(RecordEntry),
    medications: Type.Array(RecordEntry),
    previous_diagnoses: Type.Array(RecordEntry),
    /** Diagnoses that were asked for here, the newest first and at most fifty; empty for who may not read them. */
    diagnosis_records: Type.Array(DiagnosisRecord),
  }),
});
export type Patient = Static<typeof Patient>;

const MedicalRecordNumber = Type.String({ minLength: 1, maxLength: 64 });
const changeable = {
  issuer: Type.Optional(Type.String({ maxLength: 64 })),
  /** `Family, Given`; a text without a comma is a family name alone: nobody can tell where else it would be divided. */
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 2 * MAX_NAME })),
  /** Counts before `name`. */
  name_parts: Type.Optional(NameParts),
  date_of_birth: Type.Optional(Nullable(Type.String({ maxLength: 10 }))),
  gender: Type.Optional(Nullable(Type.Enum(['male', 'female', 'other', 'unknown']))),
  contact_info: Type.Optional(Nullable(ContactInfo)),
  emergency_contact: Type.Optional(Nullable(EmergencyContact)),
  risk_level: Type.Optional(Nullable(RiskLevel)),
  status: Type.Optional(PatientStatus),
} satisfies Record<string, TSchema>;

export const NewPatient = Type.Object({ patient_id: MedicalRecordNumber, ...changeable });
export type NewPatient = Static<typeof NewPatient>;
/** What is not named stays, `null` clears. What a record says besides is not looked at, so that it can be sent back changed. */
export const PatientChange = Type.Object({ patient_id: Type.Optional(MedicalRecordNumber), ...changeable });
export type PatientChange = Static<typeof PatientChange>;

const patientParams = Type.Object({ patient_key: PatientKey });

export const createPatient = endpoint({
  method: 'POST',
  path: '/api/v1/patients',
  summary: 'Makes the record of a patient (E-08). 409 if the number is taken',
  permission: 'patient:write',
  body: NewPatient,
  response: Patient,
  status: 201,
});
export const getPatient = endpoint({
  method: 'GET',
  path: '/api/v1/patients/:patient_key',
  summary: 'One patient with contacts and medical history (E-09); its version is in the ETag',
  permission: 'patient:read',
  params: patientParams,
  response: Patient,
});
export const updatePatient = endpoint({
  method: 'PUT',
  path: '/api/v1/patients/:patient_key',
  summary:
    'Changes a patient (E-10): what is not named stays, null clears. Needs `If-Match` with the ETag that was read; 412 if somebody else was first',
  permission: 'patient:write',
  params: patientParams,
  body: PatientChange,
  response: Patient,
});

/** A fact of the record as a person writes it. */
export const NewRecordEntry = Type.Object({
  kind: RecordEntry.properties.kind,
  codes: Type.Optional(RecordEntry.properties.codes),
  text: Type.String({ minLength: 1, maxLength: 2000 }),
  status: Type.Optional(RecordEntry.properties.status),
  started_at: Type.Optional(RecordEntry.properties.started_at),
  ended_at: Type.Optional(RecordEntry.properties.ended_at),
  value: Type.Optional(RecordEntry.properties.value),
  unit: Type.Optional(RecordEntry.properties.unit),
  value_text: Type.Optional(RecordEntry.properties.value_text),
  details: Type.Optional(RecordEntry.properties.details),
});
export type NewRecordEntry = Static<typeof NewRecordEntry>;

const entryParams = Type.Object({ patient_key: PatientKey, entry_id: Id });

export const listRecord = endpoint({
  method: 'GET',
  path: '/api/v1/patients/:patient_key/record',
  summary: 'The structured record of a patient: conditions, allergies, medications, observations, procedures, immunizations',
  permission: 'patient:read',
  params: patientParams,
  query: Type.Object({ ...PageQuery, kind: Type.Optional(RecordEntry.properties.kind) }),
  response: Page(RecordEntry),
});
export const addRecordEntry = endpoint({
  method: 'POST',
  path: '/api/v1/patients/:patient_key/record',
  summary: 'Adds a fact to the record of a patient',
  permission: 'patient:write',
  params: patientParams,
  body: NewRecordEntry,
  response: RecordEntry,
  status: 201,
});
export const getRecordEntry = endpoint({
  method: 'GET',
  path: '/api/v1/patients/:patient_key/record/:entry_id',
  summary: 'One fact of the record; its version is in the ETag',
  permission: 'patient:read',
  params: entryParams,
  response: RecordEntry,
});
export const updateRecordEntry = endpoint({
  method: 'PUT',
  path: '/api/v1/patients/:patient_key/record/:entry_id',
  summary: 'Writes a fact of the record anew. Needs `If-Match` with the ETag that was read; 412 if somebody else was first',
  permission: 'patient:write',
  params: entryParams,
  body: NewRecordEntry,
  response: RecordEntry,
});
export const deleteRecordEntry = endpoint({
  method: 'DELETE',
  path: '/api/v1/patients/:patient_key/record/:entry_id',
  summary: 'Removes a fact that does not belong into the record; what was found not to be so is better written as `refuted`',
  permission: 'patient:write',
  params: entryParams,
  response: Type.Object({}),
});

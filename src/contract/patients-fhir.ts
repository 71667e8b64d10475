import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { PatientKey } from './recycle-bin.ts';

const patientParams = Type.Object({ patient_key: PatientKey });

export const FhirImport = Type.Object({
  patient_key: PatientKey,
  /** Whether the record of the patient was made by this import. */
  created: Type.Boolean(),
  /** Facts of the record: new, changed at the source since, the same as held (or changed here by a person since), taken back by the source. */
  added: Type.Integer(),
  changed: Type.Integer(),
  unchanged: Type.Integer(),
  removed: Type.Integer(),
  /** Resources that the record has no place for, by type. */
  ignored: Type.Record(Type.String(), Type.Integer()),
});
export type FhirImport = Static<typeof FhirImport>;

export const importPatient = endpoint({
  method: 'POST',
  path: '/api/v1/patients/import',
  summary:
    'Takes a FHIR R4 bundle of one patient with conditions, allergies, medications, observations, procedures and immunizations into the structured record: all of it or nothing. The patient is the one with the same number, name and birth date, or a new one',
  permission: 'patient:write',
  query: Type.Object({
    /** Who gives out the medical record numbers of the bundle; this institution unless told. */
    issuer: Type.Optional(Type.String({ maxLength: 64 })),
  }),
  consumes: 'application/fhir+json',
  response: FhirImport,
});
export const importRecord = endpoint({
  method: 'POST',
  path: '/api/v1/patients/:patient_key/import',
  summary: 'Takes a FHIR R4 bundle into the record of a patient who is known. 409 if the patient in it was born on another day',
  permission: 'patient:write',
  params: patientParams,
  consumes: 'application/fhir+json',
  response: FhirImport,
});
export const exportFhir = endpoint({
  method: 'GET',
  path: '/api/v1/patients/:patient_key/fhir',
  summary: 'The patient, the structured record, and the studies, findings and signed reports that the caller may see, as a FHIR R4 bundle',
  permission: 'patient:read',
  params: patientParams,
  response: Type.Unknown(),
  produces: 'application/fhir+json',
  audit: 'export',
});

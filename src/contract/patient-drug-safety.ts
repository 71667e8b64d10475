import { Type } from 'typebox';
import { DrugCheckReport } from './agents.ts';
import { ContrastPolicy, DrugSafetyExam } from './drug-safety.ts';
import { endpoint } from './endpoint.ts';
import { PatientKey } from './recycle-bin.ts';

export const checkPatientDrugs = endpoint({
  method: 'GET',
  path: '/api/v1/patients/:patient_key/drug-safety',
  summary:
    'The check of `POST /api/v1/drug-safety/check`, asked about the active medications, allergies, conditions and recent measurements of the record (A-04); what of the patient was used is told. Nothing is stored',
  permission: 'drug-safety:check',
  params: Type.Object({ patient_key: PatientKey }),
  query: Type.Object({
    /** Of the examination that is planned. */
    contrast: Type.Optional(DrugSafetyExam.properties.contrast),
    policy: Type.Optional(ContrastPolicy),
  }),
  response: DrugCheckReport,
});

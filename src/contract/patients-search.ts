import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Page, PageQuery } from './fields.ts';
import { Gender, PatientStatus, PatientSummary, RiskLevel } from './patients.ts';

const Words = Type.String({ minLength: 1, maxLength: 200 });
/** A day of ISO 8601. */
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

/** By which lists of patients can be put in order; `-` turns it around. Who has no date of birth comes last either way. */
export const PATIENT_SORTS = ['name', 'date_of_birth', 'created_at', 'updated_at', 'patient_id'] as const;
export type PatientSort = (typeof PATIENT_SORTS)[number];

export const PatientQuery = Type.Object({
  ...PageQuery,
  /** Each word begins a word of the name or number, whatever its marks: `garc mar`, `حداد`. */
  q: Type.Optional(Words),
  /** Begins the family name. */
  family: Type.Optional(Words),
  /** Begins a given name. */
  given: Type.Optional(Words),
  /** The whole number. */
  patient_id: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  born_from: Type.Optional(Day),
  born_to: Type.Optional(Day),
  gender: Type.Optional(Gender),
  risk_level: Type.Optional(RiskLevel),
  status: Type.Optional(PatientStatus),
  /** Of a series, for example `CT`. */
  modality: Type.Optional(Type.String({ pattern: '^[A-Z0-9_]{1,16}$' })),
  /** A code of a condition in the record, the beginning of one (`E11`), or words of its text; what was refuted does not count. */
  condition: Type.Optional(Words),
  /** Unless told: by how the words of `q` go on, or else by name. */
  sort: Type.Optional(Type.Enum([...PATIENT_SORTS, ...PATIENT_SORTS.map((sort) => `-${sort}` as const)])),
  /** Which fields to answer, separated by commas. */
  fields: Type.Optional(Type.String({ maxLength: 500 })),
});
export type PatientQuery = Static<typeof PatientQuery>;

export const listPatients = endpoint({
  method: 'GET',
  path: '/api/v1/patients',
  summary: 'Patients, filtered and in order (E-07); records that were merged into others are left out',
  permission: 'patient:read',
  query: PatientQuery,
  response: Page(Type.Partial(PatientSummary)),
});
export const searchPatients = endpoint({
  method: 'GET',
  path: '/api/v1/patients/search',
  summary: 'The same by a name of its own, as for completion while somebody types `q` (E-15)',
  permission: 'patient:read',
  query: PatientQuery,
  response: Page(Type.Partial(PatientSummary)),
});

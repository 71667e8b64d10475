import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Instant, Nullable } from './fields.ts';
import { Gender } from './patients.ts';

const Count = Type.Integer({ minimum: 0 });

/** Lower ends of the age bands, in full years; the last has no end. */
export const AGE_BANDS = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90] as const;

/** Counts over the records in use: those that were merged into others are left out, and of studies the synthetic ones. */
export const PatientAnalytics = Type.Object({
  /** To what day ages are counted. */
  at: Instant,
  total: Count,
  active: Count,
  inactive: Count,
  demographics: Type.Array(
    Type.Object({
      /** `0-9`, `90+`; `unknown` without a whole date of birth. */
      age_band: Type.String(),
      gender: Nullable(Gender),
      count: Count,
    }),
  ),
  risk_levels: Type.Object({ low: Count, medium: Count, high: Count, unknown: Count }),
  /** Conditions of the most patients, by their code; one that was refuted does not count. */
  top_conditions: Type.Array(Type.Object({ system: Type.String(), code: Type.String(), text: Type.String(), patients: Count })),
  /** Of the months asked for, also those in which nothing came: new records, and studies by their arrival. */
  months: Type.Array(Type.Object({ month: Type.String(), patients: Count, studies: Count })),
});
export type PatientAnalytics = Static<typeof PatientAnalytics>;

export const getAnalytics = endpoint({
  method: 'GET',
  path: '/api/v1/patients/analytics',
  summary: 'Demographics by age and sex, risk levels, the most frequent conditions, and volumes by month (E-16)',
  permission: 'patient:read',
  query: Type.Object({
    months: Type.Optional(Type.Integer({ minimum: 1, maximum: 120, default: 12 })),
    conditions: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 10 })),
  }),
  response: PatientAnalytics,
  audit: 'search',
});

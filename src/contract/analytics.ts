import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Instant, Nullable } from './fields.ts';

/** Days that one question may span: each costs the studies of its days. */
export const MAX_ANALYTICS_DAYS = 92;

/** Calendar day in UTC, `2026-11-21`. */
const Day = Type.String({ format: 'date' });
const Count = Type.Integer({ minimum: 0 });
/** Seconds from the arrival of a study to the first signature under its report. Nearest-rank percentiles; null where nothing is signed. */
const Turnaround = {
  signed: Count,
  median_s: Nullable(Type.Number()),
  p90_s: Nullable(Type.Number()),
};

/** Counts over the studies that arrived in the span, without synthetic ones; nothing in it names a patient or a study. */
export const ReadingAnalytics = Type.Object({
  at: Instant,
  from: Day,
  until: Day,
  studies: Count,
  /** Every day of the span. */
  days: Type.Array(Type.Object({ day: Day, studies: Count })),
  /** A study counts under each of its modalities; days without any are left out. */
  volumes: Type.Array(Type.Object({ day: Day, modality: Type.String(), studies: Count })),
  turnaround: Type.Object({
    ...Turnaround,
    unsigned: Count,
    /** By what a study is made of, such as `CT` or `CT,SR`; the most frequent first. */
    by_modalities: Type.Array(Type.Object({ modalities: Type.String(), ...Turnaround })),
  }),
  /** What models found, and what readers made of it. */
  findings: Type.Array(
    Type.Object({
      model_id: Type.String(),
      model_version: Type.String(),
      code: Type.String(),
      title: Type.String(),
      proposed: Count,
      accepted: Count,
      edited: Count,
      rejected: Count,
    }),
  ),
  /** Runs of the models; one that abstained found its input not evaluable. */
  runs: Type.Array(
    Type.Object({ model_id: Type.String(), model_version: Type.String(), succeeded: Count, abstained: Count, failed: Count, other: Count }),
  ),
  /** Where the signed report and the models disagree. */
  discordances: Type.Array(Type.Object({ kind: Type.String(), open: Count, resolved: Count })),
});
export type ReadingAnalytics = Static<typeof ReadingAnalytics>;

export const getReadingAnalytics = endpoint({
  method: 'GET',
  path: '/api/v1/analytics/reading',
  summary: `Volumes, turnaround, what became of the models' findings, and discordances, of the studies that arrived on at most ${MAX_ANALYTICS_DAYS} days`,
  permission: 'patient:read',
  query: Type.Object({
    /** The last 30 days unless told. */
    from: Type.Optional(Day),
    until: Type.Optional(Day),
  }),
  response: ReadingAnalytics,
  audit: 'search',
});

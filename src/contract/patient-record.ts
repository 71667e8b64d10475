import { type Static, Type } from 'typebox';
import { Id, Instant, Nullable } from './fields.ts';

/** A code as its source wrote it. `system` is a URI, for example `http://snomed.info/sct`. */
export const Coding = Type.Object({
  system: Type.String({ maxLength: 255 }),
  code: Type.String({ maxLength: 255 }),
  display: Type.Optional(Type.String({ maxLength: 1000 })),
});
export type Coding = Static<typeof Coding>;

export const RECORD_KINDS = ['condition', 'allergy', 'medication', 'observation', 'procedure', 'immunization'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/**
 * One fact of a patient's structured record, whoever brought it in. What is not known is null, never a guess: a medication without `ended_at`
 * and with status `unknown` is not an active one.
 */
export const RecordEntry = Type.Object({
  id: Id,
  kind: Type.Enum(RECORD_KINDS),
  /** The most specific first; empty for free text. */
  codes: Type.Array(Coding, { maxItems: 20 }),
  /** As the source words it. */
  text: Type.String({ maxLength: 2000 }),
  /** `resolved`: of the past; `refuted`: somebody found it not to be so. */
  status: Type.Enum(['active', 'inactive', 'resolved', 'refuted', 'unknown']),
  /** ISO 8601 date or instant, as exact as the source: `2019`, `2019-05`, `2019-05-04`, `2019-05-04T10:00:00Z`. For an observation, when it was made. */
  started_at: Nullable(Type.String({ maxLength: 40 })),
  ended_at: Nullable(Type.String({ maxLength: 40 })),
  /** Of an observation that is a number. */
  value: Nullable(Type.Number()),
  /** UCUM. */
  unit: Nullable(Type.String({ maxLength: 64 })),
  /** Of an observation that is none, or a part of one: `positive`, `<5`. */
  value_text: Nullable(Type.String({ maxLength: 2000 })),
  /** What only this kind has: `dose_text`, `route`, `frequency` of a medication; `reaction`, `severity`, `criticality` of an allergy; `body_site`. */
  details: Type.Record(Type.String({ maxLength: 64 }), Type.String({ maxLength: 2000 })),
  /** `person`: typed in; `fhir`: imported. */
  source: Type.Enum(['person', 'fhir', 'dicom']),
  /** Its id there, so that a second import changes nothing. */
  source_id: Nullable(Type.String({ maxLength: 255 })),
  recorded_at: Instant,
});
export type RecordEntry = Static<typeof RecordEntry>;

import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Nullable } from './fields.ts';
import { SECTION_NAMES } from './reports.ts';

/** What is looked for before a report is signed. */
export const CHECK_RULES = [
  'empty-section',
  'placeholder',
  'open-sentence',
  'undecided-finding',
  'rejected-statement',
  'rejected-finding-told',
  'finding-denied',
  'finding-not-told',
  'laterality-finding',
  'laterality-study',
  'laterality-sections',
  'sex',
  'unreviewed-text',
  'unit-without-value',
  'value-without-unit',
  'prior-without-comparison',
  'critical-not-told',
] as const;
export type CheckRule = (typeof CHECK_RULES)[number];

export const CheckIssue = Type.Object({
  rule: Type.Enum([...CHECK_RULES]),
  /** What blocks keeps the report from being signed; a warning has to be acknowledged. */
  severity: Type.Enum(['blocking', 'warning']),
  /** Where it is in the text: UTF-16 code units of the section. All null if it is about the report as a whole. */
  section: Nullable(Type.Enum([...SECTION_NAMES])),
  start: Nullable(Type.Integer()),
  end: Nullable(Type.Integer()),
  /** The words that it rests on. */
  quote: Nullable(Type.String()),
  finding_ids: Type.Array(Id),
  /** Where the rule comes from, or what it guards against was measured. */
  citation: Nullable(Type.String()),
});
export type CheckIssue = Static<typeof CheckIssue>;

export const checkReport = endpoint({
  method: 'GET',
  path: '/api/v1/reports/:id/checks',
  summary: 'What stands against signing the stored draft: rules on its words, its findings, and what is known of the study',
  permission: 'report:write',
  params: Type.Object({ id: Id }),
  response: Type.Object({ revision: Type.Integer(), items: Type.Array(CheckIssue) }),
});

/** Something that can be put into a report, worded in its language. */
export const Insertion = Type.Object({
  kind: Type.Enum(['finding', 'measurement', 'critical-result']),
  id: Type.String(),
  finding_id: Nullable(Id),
  section: Type.Enum([...SECTION_NAMES]),
  text: Type.String(),
  /** Whether a model's words stand in it, which the reader has to review. */
  is_generated: Type.Boolean(),
});
export type Insertion = Static<typeof Insertion>;

export const listInsertions = endpoint({
  method: 'GET',
  path: '/api/v1/reports/:id/insertions',
  summary: 'Sentences on the accepted findings, the measurements and the communicated critical results, in the language of the report',
  permission: 'report:write',
  params: Type.Object({ id: Id }),
  response: Type.Object({ items: Type.Array(Insertion) }),
});

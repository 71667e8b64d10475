import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Uid } from './fields.ts';

/** Languages that reports can be written in. */
export const LOCALES = ['en', 'de', 'fr', 'es', 'ar'] as const;
export const Locale = Type.Enum([...LOCALES]);
export type Locale = Static<typeof Locale>;

const Text = Type.String({ maxLength: 20_000 });
/** The standard sections (DICOM PS3.20 7.1). */
export const ReportSections = Type.Object({
  clinical_information: Text,
  technique: Text,
  comparison: Text,
  findings: Text,
  impression: Text,
  recommendation: Text,
});
export type ReportSections = Static<typeof ReportSections>;
export const SECTION_NAMES = ['clinical_information', 'technique', 'comparison', 'findings', 'impression', 'recommendation'] as const;
export type SectionName = (typeof SECTION_NAMES)[number];

/** A piece of a section that rests on a finding, or that the program wrote of a measurement (no finding). */
export const Statement = Type.Object({
  section: Type.Enum([...SECTION_NAMES]),
  /** UTF-16 code units within the section, the end not included. */
  start: Type.Integer({ minimum: 0, maximum: 20_000 }),
  end: Type.Integer({ minimum: 1, maximum: 20_000 }),
  finding_id: Nullable(Id),
  /** Words made from a model's result stay `unreviewed` until the reader confirms or changes them. */
  state: Type.Enum(['unreviewed', 'confirmed', 'edited']),
});
export type Statement = Static<typeof Statement>;
const Statements = Type.Array(Statement, { maxItems: 300 });

/** A text that is added to a signed report and signed for itself; what was signed before stays as it is. */
export const Addendum = Type.Object({
  id: Id,
  report_id: Id,
  /** 1 for the first of a report. */
  number: Type.Integer(),
  status: Type.Enum(['draft', 'final']),
  text: Type.String(),
  content_sha256: Nullable(Type.String()),
  signed_by: Nullable(Type.String()),
  signed_at: Nullable(Instant),
  signature_meaning: Nullable(Type.String()),
  created_at: Instant,
  updated_at: Instant,
});
export type Addendum = Static<typeof Addendum>;

export const Report = Type.Object({
  id: Id,
  study_instance_uid: Uid,
  /** 1 for the first, then one more with each amendment. */
  version: Type.Integer(),
  amends: Nullable(Id),
  status: Type.Union([Type.Literal('draft'), Type.Literal('final'), Type.Literal('amended')]),
  locale: Locale,
  sections: ReportSections,
  /** Findings that the text rests on. */
  finding_ids: Type.Array(Id),
  /** Which pieces of the text rest on which findings, and what of it nobody has reviewed yet. */
  statements: Type.Array(Statement),
  /** One more with each change of the draft. */
  revision: Type.Integer(),
  /** Rules whose warnings the signer has seen and signed all the same. */
  acknowledged: Type.Array(Type.String()),
  addenda: Type.Array(Addendum),
  disclaimer: Type.String(),
  amendment_reason: Nullable(Type.String()),
  /** SHA-256 of the canonical JSON (RFC 8785) that was signed. */
  content_sha256: Nullable(Type.String()),
  signed_by: Nullable(Type.String()),
  signed_at: Nullable(Instant),
  signature_meaning: Nullable(Type.String()),
  pdf_status: Type.Union([Type.Literal('none'), Type.Literal('rendering'), Type.Literal('ready'), Type.Literal('failed')]),
  created_at: Instant,
  updated_at: Instant,
});
export type Report = Static<typeof Report>;

const reportParams = Type.Object({ id: Id });

export const listReports = endpoint({
  method: 'GET',
  path: '/api/v1/studies/:study_instance_uid/reports',
  summary: 'All versions, newest first',
  permission: 'report:read',
  params: Type.Object({ study_instance_uid: Uid }),
  response: Type.Object({ items: Type.Array(Report) }),
});
export const draftReport = endpoint({
  method: 'POST',
  path: '/api/v1/studies/:study_instance_uid/reports',
  summary: 'Makes, or makes anew, the draft from what was accepted (E-38). Refused while a finding is undecided or once signed',
  permission: 'report:write',
  params: Type.Object({ study_instance_uid: Uid }),
  body: Type.Object({ locale: Type.Optional(Locale), template_id: Type.Optional(Type.String({ maxLength: 60 })) }),
  response: Report,
  status: 201,
});
export const getReport = endpoint({
  method: 'GET',
  path: '/api/v1/reports/:id',
  summary: 'One version of a report',
  permission: 'report:read',
  params: reportParams,
  response: Report,
});
export const editReport = endpoint({
  method: 'PUT',
  path: '/api/v1/reports/:id',
  summary: 'Changes the sections of a draft; refused (412) if it was changed since `base_revision`',
  permission: 'report:write',
  params: reportParams,
  body: Type.Object({
    sections: ReportSections,
    /** Not told: they are found again by their words. */
    statements: Type.Optional(Statements),
    base_revision: Type.Optional(Type.Integer({ minimum: 0 })),
  }),
  response: Report,
});
export const signReport = endpoint({
  method: 'POST',
  path: '/api/v1/reports/:id/sign',
  summary:
    'Locks the report under name, time and meaning, and queues its PDF; needs the password again. Refused while a check blocks or a warning is not acknowledged',
  permission: 'report:sign',
  params: reportParams,
  body: Type.Object({
    password: Type.String({ maxLength: 256 }),
    /** The text that the signer has before him: if the stored one differs (another tab, another person), nothing is signed. */
    seen_sections: Type.Optional(ReportSections),
    /** Rules of the checks whose warnings the signer has seen; one that is not named here keeps the report from being signed. */
    acknowledged: Type.Optional(Type.Array(Type.String({ maxLength: 60 }), { maxItems: 50 })),
    meaning: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, default: 'I have reviewed the images and take responsibility for this report' }),
    ),
  }),
  response: Report,
});
export const amendReport = endpoint({
  method: 'POST',
  path: '/api/v1/reports/:id/amend',
  summary: 'Opens a new version of a signed report; the signed one stays as it is',
  permission: 'report:write',
  params: reportParams,
  body: Type.Object({ reason: Type.String({ minLength: 1, maxLength: 1000 }) }),
  response: Report,
  status: 201,
});
export const getReportPdf = endpoint({
  method: 'GET',
  path: '/api/v1/reports/:id/pdf',
  summary: 'The report on paper: of a draft a marked preview, of a signed one the stored document',
  permission: 'report:read',
  params: reportParams,
  response: Type.Unknown(),
  produces: 'application/pdf',
});
export const getReportPicture = endpoint({
  method: 'GET',
  path: '/api/v1/reports/:id/picture',
  summary: 'The pages of the report, one under the other, as a picture: what the PDF shows',
  permission: 'report:read',
  params: reportParams,
  response: Type.Unknown(),
  produces: 'image/svg+xml',
});

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
  body: Type.Object({ locale: Type.Optional(Locale) }),
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
  summary: 'Changes the sections of a draft',
  permission: 'report:write',
  params: reportParams,
  body: Type.Object({ sections: ReportSections }),
  response: Report,
});
export const signReport = endpoint({
  method: 'POST',
  path: '/api/v1/reports/:id/sign',
  summary: 'Locks the report under name, time and meaning, and queues its PDF; needs the password again',
  permission: 'report:sign',
  params: reportParams,
  body: Type.Object({
    password: Type.String({ maxLength: 256 }),
    /** The text that the signer has before him: if the stored one differs (another tab, another person), nothing is signed. */
    seen_sections: Type.Optional(ReportSections),
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

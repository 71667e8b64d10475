import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable } from './fields.ts';
import { Locale, Report, ReportSections } from './reports.ts';

const Name = Type.String({ minLength: 1, maxLength: 120 });
/** DICOM code strings: Modality (0008,0060), Body Part Examined (0018,0015). */
const Code = Nullable(Type.String({ minLength: 1, maxLength: 16 }));

/** One's own, or everybody's in the tenant. */
const Reach = Type.Enum(['own', 'tenant']);

/** Text for each section; `[like this]` stands for what the reader fills in, `[right|left]` for a choice. An empty one leaves the draft as it is. */
export const ReportTemplate = Type.Object({
  /** That of a shipped one begins with `starter-`. */
  id: Type.String(),
  locale: Locale,
  name: Name,
  modality: Code,
  body_part: Code,
  sections: ReportSections,
  reach: Reach,
  /** Shipped with the product: it can be copied, not changed. */
  is_starter: Type.Boolean(),
  /** No longer offered since; it can be brought back. */
  retired_at: Nullable(Instant),
  updated_by: Nullable(Type.String()),
  updated_at: Nullable(Instant),
});
export type ReportTemplate = Static<typeof ReportTemplate>;

const TemplateBody = Type.Object({
  locale: Locale,
  name: Name,
  modality: Code,
  body_part: Code,
  sections: ReportSections,
  /** The tenant's unless told. */
  reach: Type.Optional(Reach),
});
const idParams = Type.Object({ id: Type.String({ maxLength: 60 }) });

export const listReportTemplates = endpoint({
  method: 'GET',
  path: '/api/v1/report-templates',
  summary: "Templates of one's own, of the tenant, and the shipped ones; with a study those for its modality and body part stand first",
  permission: 'report:write',
  query: Type.Object({
    locale: Type.Optional(Locale),
    modality: Type.Optional(Type.String()),
    body_part: Type.Optional(Type.String()),
    /** Those that are no longer offered as well. */
    retired: Type.Optional(Type.Boolean()),
  }),
  response: Type.Object({ items: Type.Array(ReportTemplate) }),
});
export const addReportTemplate = endpoint({
  method: 'POST',
  path: '/api/v1/report-templates',
  summary: "Adds a template of one's own or of the tenant",
  permission: 'report:write',
  body: TemplateBody,
  response: ReportTemplate,
  status: 201,
});
export const changeReportTemplate = endpoint({
  method: 'PUT',
  path: '/api/v1/report-templates/:id',
  summary: "Changes a template of one's own or of the tenant",
  permission: 'report:write',
  params: idParams,
  body: TemplateBody,
  response: ReportTemplate,
});
export const retireReportTemplate = endpoint({
  method: 'POST',
  path: '/api/v1/report-templates/:id/retire',
  summary: 'Takes a template out of what is offered, or brings it back; reports that were written with it stay as they are',
  permission: 'report:write',
  params: idParams,
  body: Type.Object({ retired: Type.Boolean() }),
  response: ReportTemplate,
});
export const deleteReportTemplate = endpoint({
  method: 'DELETE',
  path: '/api/v1/report-templates/:id',
  summary: "Removes a template of one's own or of the tenant",
  permission: 'report:write',
  params: idParams,
  response: Type.Object({ deleted: Type.Boolean() }),
});
export const applyReportTemplate = endpoint({
  method: 'POST',
  path: '/api/v1/reports/:id/template',
  summary: 'Lays a template over a draft: what is still open is replaced, what is written stays and the text of the template follows it',
  permission: 'report:write',
  params: Type.Object({ id: Id }),
  body: Type.Object({ template_id: Type.String({ maxLength: 60 }), base_revision: Type.Optional(Type.Integer({ minimum: 0 })) }),
  response: Report,
});

/** A short code that stands for a text: typed with a dot before it, it becomes the text. */
export const ReportMacro = Type.Object({
  id: Id,
  reach: Reach,
  code: Type.String({ pattern: '^[^\\s.,;:/\\[\\]]+$', maxLength: 24 }),
  /** Null: in reports of every language. */
  locale: Nullable(Locale),
  text: Type.String({ minLength: 1, maxLength: 4000 }),
  updated_at: Instant,
});
export type ReportMacro = Static<typeof ReportMacro>;
const { reach, code, locale, text } = ReportMacro.properties;
const MacroBody = Type.Object({ reach, code, locale, text });
const macroParams = Type.Object({ id: Id });

export const listReportMacros = endpoint({
  method: 'GET',
  path: '/api/v1/report-macros',
  summary: "One's own macros and those of the tenant, by code; one's own comes before the tenant's of the same code",
  permission: 'report:write',
  response: Type.Object({ items: Type.Array(ReportMacro) }),
});
export const addReportMacro = endpoint({
  method: 'POST',
  path: '/api/v1/report-macros',
  summary: 'Adds a macro; refused if the code is taken within its reach and language',
  permission: 'report:write',
  body: MacroBody,
  response: ReportMacro,
  status: 201,
});
export const changeReportMacro = endpoint({
  method: 'PUT',
  path: '/api/v1/report-macros/:id',
  summary: "Changes a macro of one's own or of the tenant",
  permission: 'report:write',
  params: macroParams,
  body: MacroBody,
  response: ReportMacro,
});
export const deleteReportMacro = endpoint({
  method: 'DELETE',
  path: '/api/v1/report-macros/:id',
  summary: "Removes a macro of one's own or of the tenant",
  permission: 'report:write',
  params: macroParams,
  response: Type.Object({ deleted: Type.Boolean() }),
});

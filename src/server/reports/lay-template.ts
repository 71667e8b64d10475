import type { ReportTemplate } from '../../contract/report-templates.ts';
import { type Locale, type ReportSections, SECTION_NAMES, type SectionName, type Statement } from '../../contract/reports.ts';
import { STARTER_TEMPLATES } from '../../reporting/starter-templates.ts';
import { followStatements } from '../../reporting/statements.ts';
import { wordingOf } from '../../reporting/wording.ts';
import { AppError } from '../platform/errors.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { findTemplateRow, templateOf } from './template-repository.ts';

export type DraftText = { sections: ReportSections; statements: readonly Statement[] };

/** A shipped one as it is offered. */
export function starterOf(template: (typeof STARTER_TEMPLATES)[number]): ReportTemplate {
  return { ...template, reach: 'tenant', is_starter: true, retired_at: null, updated_by: null, updated_at: null };
}

/** A shipped one, one of the account, or one of the tenant, unless it is retired. @throws {AppError} `not-found` */
export async function findTemplate(db: Db | Tx, { id, owner }: { id: string; owner: string }): Promise<ReportTemplate> {
  const starter = STARTER_TEMPLATES.find((template) => template.id === id);
  if (starter) return starterOf(starter);
  const row = await findTemplateRow(db, { id, owner });
  if (!row || row.retired_at !== null) throw new AppError('not-found', `No template ${id}`);
  return templateOf(row);
}

/** What is still open in the draft becomes the template's text; after what is written, it follows. A section that has it already stays. */
export function applyTemplate(draft: DraftText, template: Pick<ReportTemplate, 'sections'>, locale: Locale): DraftText {
  const open = openTexts(locale);
  const merged = SECTION_NAMES.map((name): [SectionName, string] => {
    const [text, more] = [draft.sections[name], template.sections[name].trim()];
    if (more === '' || text.includes(more)) return [name, text];
    return [name, open.has(text.trim()) ? more : `${text.trimEnd()}\n\n${more}`];
  });
  const sections = { ...draft.sections, ...Object.fromEntries(merged) };
  return { sections, statements: followStatements(draft, sections) };
}

/** What stands in a section in which nothing is said yet. */
function openTexts(locale: Locale): ReadonlySet<string> {
  const { draft } = wordingOf(locale);
  return new Set(['', draft.notGiven, draft.noPrior, draft.noneAccepted, draft.impressionOpen, draft.recommendationOpen]);
}

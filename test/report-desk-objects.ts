import { newId } from '../src/server/platform/ids.ts';
import type { Scope } from '../src/server/platform/scope.ts';

const AT = '2030-01-01T00:00:00.000Z';
const EMPTY = { clinical_information: '', technique: '', comparison: '', findings: '', impression: '', recommendation: '' };
type Owned = { study: string; report: string; owner: string; isReleased: boolean };
type ReportDesk = Record<'addendum' | 'criticalResult' | 'reportTemplate' | 'reportMacro', string>;

/** An addendum, signed if the report is, a critical result, a template and a macro; `owner` stands in whatever text there is. */
export async function makeReportDesk({ db }: Scope, { study, report, owner, isReleased }: Owned): Promise<ReportDesk> {
  const [addendum, criticalResult, reportTemplate, reportMacro] = [newId(), newId(), newId(), newId()];
  await db
    .insertInto('report_addendum')
    .values({
      id: addendum,
      study_instance_uid: study,
      report_id: report,
      number: 1,
      status: isReleased ? 'final' : 'draft',
      text: owner,
      created_at: AT,
      updated_at: AT,
    })
    .execute();
  await db
    .insertInto('critical_result')
    .values({
      id: criticalResult,
      study_instance_uid: study,
      category: 'hours',
      text: owner,
      status: 'open',
      due_at: AT,
      marked_by: owner,
      marked_at: AT,
      read_back: 0,
    })
    .execute();
  await db
    .insertInto('report_template')
    .values({ id: reportTemplate, locale: 'en', name: owner, sections: JSON.stringify(EMPTY), updated_by: owner, updated_at: AT })
    .execute();
  await db
    .insertInto('report_macro')
    .values({ id: reportMacro, owner: '', code: reportMacro, locale: '', text: owner, updated_at: AT })
    .execute();
  return { addendum, criticalResult, reportTemplate, reportMacro };
}

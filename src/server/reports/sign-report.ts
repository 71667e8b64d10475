import { DISCLAIMER } from '../../contract/disclaimer.ts';
import type { Report, ReportSections } from '../../contract/reports.ts';
import { canonicalJson } from '../../reporting/canonical-json.ts';
import { sha256Hex, signedContent } from '../../reporting/report-hash.ts';
import { appendEvent } from '../events/append-event.ts';
import { listFindings } from '../findings/queries.ts';
import type { EvaluatingModel } from '../follow-up/discordances.ts';
import { followSignedReport } from '../follow-up/follow-signed-report.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, TenantJobs } from '../platform/ports.ts';
import { getReport, type ReportRow, reportOf, updateReport } from './repository.ts';

/** What is signed, with which meaning, and the text that the signer has read. */
export type Signature = { id: string; meaning: string; seenSections?: ReportSections | undefined };
export type SignDeps = { db: Db; jobs: TenantJobs; models: readonly EvaluatingModel[]; now: () => Date };

/** A signed report without its paper is what a person waits for. */
const PDF_PRIORITY = 20;

/**
 * Signs a report: freezes its canonical JSON with name, time and meaning, keeps the hash, and queues the PDF. The version that it amends
 * becomes `amended`; its recommendations are tracked, and what contradicts the models becomes a work item. The caller has confirmed the
 * signer's password.
 *
 * @throws {AppError} `report-not-found`, `wrong-state` if it is signed already, findings are undecided, or it has neither findings nor impression
 */
export async function signReport(
  { db, jobs, models, now }: SignDeps,
  principal: Principal,
  { id, meaning, seenSections }: Signature,
): Promise<Report> {
  return db.transaction().execute(async (tx) => {
    const row = await getReport(tx, id);
    const sections = parseColumn<ReportSections>(row.sections);
    const findings = await listFindings(tx, row.study_instance_uid);
    const problem = problemOf(row, sections, findings.filter(({ status }) => status === 'proposed').length);
    if (problem) throw new AppError('wrong-state', problem);
    if (seenSections && !isSameText(seenSections, sections)) throw new AppError('wrong-state', 'The report was changed since you read it');

    const at = now();
    const signed_at = at.toISOString();
    const content = signedContent({
      ...reportOf(row),
      sections,
      disclaimer: DISCLAIMER,
      findings,
      signed_by: principal.full_name,
      signed_at,
      signature_meaning: meaning,
    });
    const change = {
      status: 'final' as const,
      signed_content: content,
      content_sha256: sha256Hex(content),
      signed_by: principal.full_name,
      signed_at,
      signature_meaning: meaning,
      pdf_status: 'rendering' as const,
      updated_at: signed_at,
    };
    await updateReport(tx, id, change);
    tellAudit(tx, { details: { content_sha256: change.content_sha256, version: row.version } });
    if (row.amends) await updateReport(tx, row.amends, { status: 'amended' });
    await followSignedReport(tx, { report: row, sections, findings, models, signed_by: principal.full_name, at });
    await jobs.enqueue(tx, 'render-report', { report_id: id }, { key: id, priority: PDF_PRIORITY });
    await appendEvent(tx, { type: 'report_signed', study_instance_uid: row.study_instance_uid, at: signed_at, ids: { report_id: id } });
    return reportOf({ ...row, ...change });
  });
}

function isSameText(a: ReportSections, b: ReportSections): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function problemOf(row: ReportRow, sections: ReportSections, undecided: number): string | undefined {
  if (row.status !== 'draft') return 'The report is signed already';
  if (undecided > 0) return `${undecided} findings are not decided yet`;
  const empty = (['findings', 'impression'] as const).find((name) => sections[name].trim() === '');
  return empty && `The section ${empty} is empty`;
}

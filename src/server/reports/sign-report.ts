import { DISCLAIMER } from '../../contract/disclaimer.ts';
import type { CheckIssue } from '../../contract/report-checks.ts';
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
import { issuesOf } from './check-stored-report.ts';
import { getReport, reportOf, updateReport } from './repository.ts';

/** What is signed, with which meaning, the text that the signer has read, and the rules whose warnings the signer has seen. */
export type Signature = {
  id: string;
  meaning: string;
  seenSections?: ReportSections | undefined;
  acknowledged?: readonly string[] | undefined;
};
export type SignDeps = { db: Db; jobs: TenantJobs; models: readonly EvaluatingModel[]; now: () => Date };

/** A signed report without its paper is what a person waits for. */
const PDF_PRIORITY = 20;

/**
 * Signs a report: freezes its canonical JSON with name, time and meaning, keeps the hash, and queues the PDF. The version that it amends
 * becomes `amended`; its recommendations are tracked, and what contradicts the models becomes a work item. The caller has confirmed the
 * signer's password.
 *
 * @throws {AppError} `report-not-found`, `wrong-state` if it is signed already, a check blocks it, or a warning is not acknowledged
 */
export async function signReport(
  { db, jobs, models, now }: SignDeps,
  principal: Principal,
  { id, meaning, seenSections, acknowledged = [] }: Signature,
): Promise<Report> {
  return db.transaction().execute(async (tx) => {
    const row = await getReport(tx, id);
    const sections = parseColumn<ReportSections>(row.sections);
    if (row.status !== 'draft') throw new AppError('wrong-state', 'The report is signed already');
    const findings = await listFindings(tx, row.study_instance_uid);
    const issues = await issuesOf(tx, reportOf(row), findings);
    requireSound(issues, acknowledged);
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
      acknowledged: JSON.stringify(rulesOf(issues)),
      pdf_status: 'rendering' as const,
      updated_at: signed_at,
    };
    await updateReport(tx, id, change);
    tellAudit(tx, { details: { content_sha256: change.content_sha256, version: row.version, ...warningsOf(issues) } });
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

/** @throws {AppError} `wrong-state` that names the rules, never the words */
function requireSound(issues: readonly CheckIssue[], acknowledged: readonly string[]): void {
  const blocking = rulesOf(issues.filter(({ severity }) => severity === 'blocking'));
  if (blocking.length > 0) throw new AppError('wrong-state', `The checks keep it from being signed: ${blocking.join(', ')}`);
  const unseen = rulesOf(issues).filter((rule) => !acknowledged.includes(rule));
  if (unseen.length > 0) throw new AppError('wrong-state', `Warnings have to be acknowledged first: ${unseen.join(', ')}`);
}

function rulesOf(issues: readonly CheckIssue[]): string[] {
  return [...new Set(issues.map(({ rule }) => rule))];
}

/** For the audit trail: what was signed in spite of which warnings. */
function warningsOf(issues: readonly CheckIssue[]): { acknowledged?: string } {
  return issues.length === 0 ? {} : { acknowledged: rulesOf(issues).join(' ') };
}

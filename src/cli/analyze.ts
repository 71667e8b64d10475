import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import type { Analysis } from '../contract/analysis.ts';
import { DISCLAIMER } from '../contract/disclaimer.ts';
import type { Finding } from '../contract/findings.ts';
import { CHECK_RULES } from '../contract/report-checks.ts';
import { LOCALES, type Locale, type Report } from '../contract/reports.ts';
import type { StoredItem } from '../contract/studies.ts';
import { describeAnalysis, describeFinding } from '../reporting/wording.ts';
import { analyzeStudy } from '../server/analysis/analyze-study.ts';
import { listAnalyses } from '../server/analysis/queries.ts';
import { readConfig } from '../server/config.ts';
import { listFindings } from '../server/findings/queries.ts';
import { reviewFinding } from '../server/findings/review-finding.ts';
import type { Principal } from '../server/platform/auth.ts';
import { DEFAULT_TENANT } from '../server/platform/scope.ts';
import { draftReport } from '../server/reports/draft-report.ts';
import { renderPaper } from '../server/reports/render-report.ts';
import { signReport } from '../server/reports/sign-report.ts';
import { importFiles } from './import.ts';
import { listFiles } from './list-files.ts';
import { openTenant, type TenantDeps } from './open-tenant.ts';
import { openProgress } from './progress.ts';
import { UsageError } from './usage-error.ts';

const SIGNED_BY_COMMAND = 'Signed on the command line under the name given there';

type Review = 'all' | 'none' | 'ask';
type Options = { paths: string[]; report: string | undefined; json: boolean; locale: Locale; accept: Review; signAs: string | undefined };
export type AnalyzedStudy = {
  study_instance_uid: string;
  analyses: Analysis[];
  findings: Finding[];
  report: Report | null;
  pdf: string | null;
};

/**
 * `isocenter analyze`: stores into a temporary folder, analyzes, reviews, drafts and writes the report, all in this process. The report
 * is a marked draft unless `--sign-as` gives a name.
 */
export async function analyzeCommand(args: string[]): Promise<void> {
  const options = readOptions(args);
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-analyze-'));
  try {
    // A folder of its own: the default tenant is the only one there.
    const deps = await openTenant(DEFAULT_TENANT, readConfig({ ...process.env, DATABASE_URL: '', ISOCENTER_DATA_DIR: folder }));
    try {
      await analyzeFiles(deps, options);
    } finally {
      await deps.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function analyzeFiles(deps: TenantDeps, options: Options): Promise<void> {
  const items = await importFiles(deps, await listFiles(options.paths), openProgress());
  const studies: AnalyzedStudy[] = [];
  for (const uid of new Set(items.flatMap(({ study_instance_uid }) => study_instance_uid ?? []))) {
    studies.push(await analyzeOne(deps, uid, { ...options, report: reportPath(options.report, studies.length) }));
  }
  const refused = items.filter(({ status }) => status === 'refused');
  if (options.json) process.stdout.write(`${JSON.stringify({ disclaimer: DISCLAIMER, studies, refused }, null, 2)}\n`);
  else print(studies, refused, options.locale);
  if (studies.length === 0) process.exitCode = 1;
}

async function analyzeOne(deps: TenantDeps, studyInstanceUid: string, options: Options): Promise<AnalyzedStudy> {
  const progress = openProgress();
  await analyzeStudy(deps, studyInstanceUid, { onProgress: (done, total, model) => progress.show(done, total, model) });
  progress.end();
  const paper = options.report === undefined ? undefined : await makeReport(deps, studyInstanceUid, { ...options, report: options.report });
  const analyses = (await listAnalyses(deps.db, studyInstanceUid)).filter(({ status }) => status !== 'cancelled');
  return {
    study_instance_uid: studyInstanceUid,
    analyses,
    findings: await listFindings(deps.db, studyInstanceUid),
    report: paper ?? null,
    pdf: options.report ?? null,
  };
}

async function makeReport(deps: TenantDeps, studyInstanceUid: string, options: Options & { report: string }): Promise<Report> {
  const name = options.signAs ?? 'command line, not reviewed by a reader';
  const principal: Principal = {
    kind: 'cli',
    tenant_id: deps.tenant_id,
    id: 'cli',
    user_id: 'cli',
    username: 'cli',
    full_name: name,
    role: 'radiologist',
  };
  for (const finding of await listFindings(deps.db, studyInstanceUid)) {
    const accepted = options.accept === 'ask' ? await ask(describeFinding(finding, 'en').finding) : options.accept === 'all';
    const decision = accepted
      ? { decision: 'accept' as const }
      : { decision: 'reject' as const, reason: 'Not accepted on the command line' };
    await reviewFinding(deps, principal, finding.id, decision);
  }
  const draft = await draftReport(deps, studyInstanceUid, { locale: options.locale });
  const report =
    options.signAs === undefined
      ? draft
      : await signReport(deps, principal, { id: draft.id, meaning: SIGNED_BY_COMMAND, acknowledged: CHECK_RULES });
  await writeFile(options.report, await renderPaper(deps, draft.id));
  return report;
}

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question}\n  accept? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

function print(studies: AnalyzedStudy[], refused: StoredItem[], locale: Locale): void {
  const lines = studies.flatMap(({ study_instance_uid, analyses, findings, pdf, report }) => [
    `Study ${study_instance_uid}`,
    ...analyses.map((analysis) => `  ${analysis.model_id} ${analysis.model_version}: ${describeAnalysis(analysis, locale)}`),
    ...findings.map((finding) => `  - [${finding.status}] ${describeFinding(finding, locale).finding}`),
    ...(pdf ? [`  ${report?.status === 'final' ? 'Signed report' : 'Draft, not signed'}: ${pdf}`] : []),
  ]);
  lines.push(...refused.map(({ file, reason }) => `Refused ${file}: ${reason}`), DISCLAIMER);
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** `out.pdf` for the first study, `out-2.pdf` for the second. */
function reportPath(path: string | undefined, index: number): string | undefined {
  return path === undefined || index === 0 ? path : path.replace(/(\.pdf)?$/i, `-${index + 1}.pdf`);
}

function readOptions(args: string[]): Options {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      report: { type: 'string' },
      json: { type: 'boolean', default: false },
      locale: { type: 'string', default: 'en' },
      accept: { type: 'string', default: 'all' },
      'sign-as': { type: 'string' },
    },
  });
  if (positionals.length === 0) throw new UsageError('analyze needs at least one file or folder');
  const { accept } = values;
  const locale = LOCALES.find((known) => known === values.locale);
  if (!locale) throw new UsageError(`--locale is one of ${LOCALES.join(', ')}`);
  if (accept !== 'all' && accept !== 'none' && accept !== 'ask') throw new UsageError('--accept is all, none or ask');
  if (accept === 'ask' && !process.stdin.isTTY) throw new UsageError('--accept ask needs a terminal');
  const signAs = values['sign-as']?.trim();
  if (signAs === '') throw new UsageError('--sign-as needs a name');
  if (signAs !== undefined && values.report === undefined) throw new UsageError('--sign-as goes with --report');
  return { paths: positionals, report: values.report, json: values.json, locale, accept, signAs };
}

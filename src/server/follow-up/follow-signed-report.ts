import type { Finding } from '../../contract/findings.ts';
import type { Locale, ReportSections } from '../../contract/reports.ts';
import { listAnalyses } from '../analysis/queries.ts';
import type { Tx } from '../platform/ports.ts';
import { type EvaluatingModel, openDiscordances } from './discordances.ts';
import { trackFollowUps } from './track-follow-ups.ts';

export type JustSigned = {
  report: { id: string; study_instance_uid: string; locale: Locale };
  sections: ReportSections;
  findings: readonly Finding[];
  models: readonly EvaluatingModel[];
  signed_by: string;
  at: Date;
};

/** What a signature sets off, in its transaction: recommendations are tracked, and contradictions to the models become work items. */
export async function followSignedReport(tx: Tx, { report, ...signed }: JustSigned): Promise<void> {
  const { id: report_id, study_instance_uid, locale } = report;
  const analyses = await listAnalyses(tx, study_instance_uid);
  await trackFollowUps(tx, { ...signed, report_id, study_instance_uid, locale });
  await openDiscordances(tx, { ...signed, report_id, study_instance_uid, locale, analyses });
}

import type { AgentReports } from '../../contract/agents.ts';
import type { DiagnosisResults } from '../../contract/diagnosis-results.ts';
import type { Finding } from '../../contract/findings.ts';
import { hasEnded } from '../agents/agent-graph.ts';
import { ageAt } from '../analysis/plan.ts';
import { listFindings } from '../findings/queries.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { assembleResults } from './assemble-results.ts';
import { type AgentRow, type DiagnosisRow, type ImageRow, listAgentRows, listImages, missingOf } from './queries.ts';
import { findBirthDate, listFindingRuns, listSignatures } from './result-queries.ts';

/** The results as they are now: what people decide on findings since is in them. */
export async function readResults(db: Db | Tx, row: DiagnosisRow): Promise<DiagnosisResults> {
  const [agents, images] = [await listAgentRows(db, [row.id]), await listImages(db, [row.id])];
  const reports = reportsOf(agents);
  const studies = [...new Set(images.map(({ study_instance_uid }) => study_instance_uid))];
  const findings = await findingsOf(db, { studies, images, analyses: reports.monai?.runs.map(({ analysis_id }) => analysis_id) ?? [] });
  const runs = await listFindingRuns(db, [...new Set(findings.flatMap(({ analysis_id }) => analysis_id ?? []))]);
  const day = row.created_at.slice(0, 10).replaceAll('-', '');
  return assembleResults({
    diagnosis_id: row.id,
    isOver: row.status === 'completed',
    ai_config: parseColumn(row.ai_config),
    vital_signs: parseColumn(row.vital_signs),
    ageYears: ageAt(await findBirthDate(db, row.patient_key), day).ageYears,
    findings,
    runs,
    reports,
    missing: missingOf(agents.filter(({ status }) => hasEnded(status))),
    signatures: await listSignatures(db, studies),
    studies,
  });
}

/** What the agents have said so far. */
export function reportsOf(agents: readonly AgentRow[]): Partial<AgentReports> {
  const said = agents.filter(({ status, report }) => status === 'complete' && report !== null);
  return Object.fromEntries(said.map(({ agent, report }) => [agent, parseColumn(report ?? 'null')])) as Partial<AgentReports>;
}

type Part = { studies: readonly string[]; images: readonly ImageRow[]; analyses: readonly string[] };

/** What the imaging agent's runs found, and what people found in the same images. */
async function findingsOf(db: Db | Tx, { studies, images, analyses }: Part): Promise<Finding[]> {
  const whole = new Set(
    images.filter(({ sop_instance_uid }) => sop_instance_uid === '').map(({ study_instance_uid }) => study_instance_uid),
  );
  const single = new Set(images.map(({ sop_instance_uid }) => sop_instance_uid));
  const found: Finding[] = [];
  for (const study of studies) {
    for (const finding of await listFindings(db, study)) {
      const isOfModel = finding.analysis_id !== null && analyses.includes(finding.analysis_id);
      const isOfPerson = finding.source === 'person' && (whole.has(study) || single.has(finding.sop_instance_uid ?? ''));
      if (isOfModel || isOfPerson) found.push(finding);
    }
  }
  return found;
}

import type { AgentReports, Occlusion } from '../../contract/agents.ts';
import type { AiConfig, VitalSigns } from '../../contract/diagnosis.ts';
import type {
  DiagnosisCandidate,
  DiagnosisRecommendation,
  DiagnosisResults,
  ResultFinding,
  ResultSource,
} from '../../contract/diagnosis-results.ts';
import { DISCLAIMER } from '../../contract/disclaimer.ts';
import type { Finding } from '../../contract/findings.ts';
import { ruleSource, SEVERITIES, severityOf, severityReasons } from './severity-rules.ts';

/** The run of a model that a finding comes from. */
export type FindingRun = { id: string; model_id: string; model_version: string; has_heatmap: boolean };

export type ResultParts = {
  diagnosis_id: string;
  /** Whether all agents have ended. */
  isOver: boolean;
  ai_config: AiConfig;
  vital_signs: VitalSigns;
  ageYears: number | undefined;
  /** Of the diagnosis' images, as people have decided on them by now. */
  findings: readonly Finding[];
  runs: readonly FindingRun[];
  reports: Readonly<Partial<AgentReports>>;
  missing: DiagnosisResults['missing'];
  signatures: DiagnosisResults['signed_by'];
  /** Studies that a report can be signed for. */
  studies: readonly string[];
};

/** What a person has confirmed stands above what was only proposed. */
const DECISION_RANK = { accepted: 2, edited: 2, proposed: 1 } as const;

/**
 * The results of a diagnosis, by these rules (docs/diagnosis.md). Pure.
 *
 * 1. What a person rejected is not in the results. What is below the confidence threshold is counted and not shown, unless a person has
 *    confirmed it; a finding without a probability (a rule made it, or a person) has nothing to compare and is shown.
 * 2. Findings of one code make one candidate; its confidence is the highest of theirs. Confirmed candidates stand before proposed ones,
 *    then the more confident; the first is the primary diagnosis.
 * 3. The severity is the highest of the rules that fire (`severity-rules.ts`).
 * 4. Recommendations are the measures of the rules on drugs, what people have to decide, and what could not be evaluated.
 * 5. Nothing is signed before the report of every study is.
 */
export function assembleResults(parts: ResultParts): DiagnosisResults {
  const kept = parts.findings.filter(({ status }) => status !== 'rejected');
  const shown = kept.filter((finding) => isShown(finding, parts.ai_config));
  const findings = shown.map((finding) => findingOf(finding, parts));
  const [primary = null, ...secondary] = candidatesOf(findings);
  const reasons = severityReasons({ ...parts, signs: parts.vital_signs, findings, drugs: parts.reports.drug_checker });
  return {
    diagnosis_id: parts.diagnosis_id,
    status: statusOf(parts),
    primary_diagnosis: primary,
    secondary_diagnoses: secondary,
    confidence: primary?.confidence ?? null,
    severity: severityOf(reasons),
    severity_reasons: reasons,
    findings,
    below_threshold: kept.length - shown.length,
    recommendations: recommendationsOf(parts, findings),
    missing: parts.missing,
    statement: primary ? null : statementOf(parts, kept.length),
    signed_by: parts.signatures,
    disclaimer: DISCLAIMER,
  };
}

function isShown({ confidence, status }: Finding, { confidence_threshold }: AiConfig): boolean {
  return status !== 'proposed' || confidence === null || confidence >= confidence_threshold;
}

function findingOf(finding: Finding, { runs, reports, ai_config }: ResultParts): ResultFinding {
  const run = runs.find(({ id }) => id === finding.analysis_id);
  const mode = ai_config.explainability_mode;
  const occlusion: Occlusion | undefined = reports.monai?.occlusions.find(({ analysis_id }) => analysis_id === run?.id);
  return {
    finding_id: finding.id,
    study_instance_uid: finding.study_instance_uid,
    sop_instance_uid: finding.sop_instance_uid,
    code: finding.code,
    title: finding.title,
    confidence: finding.confidence,
    decision: finding.status === 'rejected' ? 'proposed' : finding.status,
    text: finding.text,
    source: sourceOf(finding, run),
    // A measure is a part of the finding; what only explains it is shown where it was asked for.
    evidence: { ...finding.evidence, ...(finding.threshold === null ? {} : { threshold: finding.threshold }) },
    box: mode === 'none' ? null : finding.box,
    heatmap: mode !== 'none' && run?.has_heatmap ? `/api/v1/analysis/${run.id}/heatmap` : null,
    occlusion: mode === 'detailed' ? (occlusion ?? null) : null,
  };
}

function sourceOf(finding: Finding, run: FindingRun | undefined): ResultSource {
  if (finding.source === 'person') return ruleSource('found-by-a-person');
  const model = run ? { model_id: run.model_id, model_version: run.model_version } : {};
  return ruleSource(finding.confidence === null ? 'rule-of-the-model' : 'probability-above-the-threshold-of-the-model', {
    agent: 'monai',
    ...model,
  });
}

function candidatesOf(findings: readonly ResultFinding[]): DiagnosisCandidate[] {
  const groups = [...Map.groupBy(findings, groupOf).values()];
  return groups.flatMap((group) => candidateOf(group) ?? []).sort(byStrength);
}

/** What people found is told apart by its title: they give it no code. */
function groupOf({ code, title }: ResultFinding): string {
  return code === 'person' ? `person ${title}` : code;
}

function candidateOf(group: readonly ResultFinding[]): DiagnosisCandidate | undefined {
  const [first] = group.toSorted((a, b) => rankOf(b) - rankOf(a) || (b.confidence ?? -1) - (a.confidence ?? -1));
  if (!first) return undefined;
  const known = group.flatMap(({ confidence }) => confidence ?? []);
  return {
    code: first.code,
    title: first.title,
    confidence: known.length > 0 ? Math.max(...known) : null,
    decision: first.decision,
    finding_ids: [first, ...group.filter((finding) => finding !== first)].map(({ finding_id }) => finding_id),
    source: { ...first.source, rule: 'highest-confidence-of-the-code' },
  };
}

function rankOf({ decision }: Pick<DiagnosisCandidate, 'decision'>): number {
  return DECISION_RANK[decision];
}

function byStrength(a: DiagnosisCandidate, b: DiagnosisCandidate): number {
  return rankOf(b) - rankOf(a) || (b.confidence ?? -1) - (a.confidence ?? -1) || (a.code < b.code ? -1 : 1);
}

function statusOf({ isOver, missing, signatures, studies }: ResultParts): DiagnosisResults['status'] {
  if (!isOver) return 'none';
  const signed = new Set(signatures.map(({ study_instance_uid }) => study_instance_uid));
  if (studies.length > 0 && studies.every((study) => signed.has(study))) return 'signed';
  return missing.length > 0 ? 'partial' : 'preliminary';
}

function statementOf({ isOver, reports, missing }: ResultParts, found: number): string {
  if (!isOver) return 'The agents are not done.';
  if (found > 0) return 'Everything that was found lies below the confidence threshold.';
  const imaging = missing.find(({ agent }) => agent === 'monai');
  if (imaging) return `The images were not evaluated: ${imaging.reason}. This is no all-clear.`;
  const models = [...new Set((reports.monai?.runs ?? []).filter(({ status }) => status === 'succeeded').map(({ model_id }) => model_id))];
  return `Nothing was found by ${models.join(', ')}. What these models are not made for was not looked at.`;
}

function recommendationsOf(parts: ResultParts, findings: readonly ResultFinding[]): DiagnosisRecommendation[] {
  const alerts = (parts.reports.drug_checker?.result.alerts ?? []).filter(({ severity }) => severity !== 'minor');
  const ofDrugs = alerts.map(
    (alert): DiagnosisRecommendation => ({
      text: `${alert.drugs.join(' + ')}: ${alert.management}`,
      urgency: alert.severity === 'contraindicated' ? 'high' : alert.severity === 'major' ? 'moderate' : 'low',
      source: ruleSource(alert.rule_id, { agent: 'drug_checker', citation: alert.citation }),
      evidence: { drugs: alert.drugs, depends_on: alert.depends_on, severity: alert.severity },
    }),
  );
  const open = findings.filter(({ decision }) => decision === 'proposed');
  const toDecide: DiagnosisRecommendation[] =
    open.length === 0
      ? []
      : [
          {
            text: `A reader has to decide on ${open.length} proposed finding${open.length === 1 ? '' : 's'}.`,
            urgency: 'moderate',
            source: ruleSource('nothing-is-final-before-a-person-decides'),
            evidence: { finding_ids: open.map(({ finding_id }) => finding_id) },
          },
        ];
  const notEvaluated = parts.isOver ? parts.missing : [];
  const gaps = notEvaluated.map(
    ({ agent, reason }): DiagnosisRecommendation => ({
      text: `Not evaluated by the agent ${agent}: ${reason}.`,
      urgency: 'low',
      source: ruleSource('missing-is-told', { agent }),
      evidence: {},
    }),
  );
  return [...ofDrugs, ...toDecide, ...gaps].sort((a, b) => SEVERITIES.indexOf(b.urgency) - SEVERITIES.indexOf(a.urgency));
}

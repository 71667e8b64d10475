import type { AgentsReports } from '../../contract/agents.ts';
import type { Diagnosis } from '../../contract/diagnosis.ts';
import type { DiagnosisCandidate, DiagnosisResults } from '../../contract/diagnosis-results.ts';
import type { ReportSections } from '../../contract/reports.ts';

const SIGNS: Readonly<Record<string, string>> = {
  heart_rate: 'heart rate',
  respiratory_rate: 'respiratory rate',
  systolic_pressure: 'systolic pressure',
  diastolic_pressure: 'diastolic pressure',
  temperature: 'temperature',
  oxygen_saturation: 'oxygen saturation',
  weight: 'weight',
  height: 'height',
};

/** A diagnosis as the sections of a report. Pure. */
export function wordsOf(diagnosis: Diagnosis, results: DiagnosisResults, reports: AgentsReports): ReportSections {
  return {
    clinical_information: clinical(diagnosis),
    technique: techniqueOf(diagnosis, reports),
    comparison: historyOf(reports),
    findings: findingsOf(results),
    impression: impressionOf(results),
    recommendation: results.recommendations.map(({ text, source }) => `${text} (${source.rule}${cited(source.citation)})`).join('\n'),
  };
}

function clinical({ patient_data: { symptoms, vital_signs }, priority }: Diagnosis): string {
  const { consciousness, ...measured } = vital_signs;
  const signs = Object.entries(measured).map(([name, sign]) => `${SIGNS[name] ?? name} ${sign.value} ${sign.unit}`);
  return [
    `Priority: ${priority}.`,
    symptoms.length > 0 ? `Symptoms: ${symptoms.join('; ')}.` : 'No symptoms are stated.',
    signs.length > 0 ? `Vital signs: ${signs.join(', ')}.` : '',
    consciousness ? `Consciousness: ${consciousness}.` : '',
  ]
    .filter(Boolean)
    .join('\n');
}

function techniqueOf({ ai_config }: Diagnosis, { monai }: AgentsReports): string {
  const models = [...new Set((monai.report?.runs ?? []).map(({ model_id, model_version }) => `${model_id} ${model_version}`))];
  const ran = models.length > 0 ? `Models: ${models.join(', ')}.` : 'No model ran.';
  return `${ran} Depth: ${ai_config.analysis_depth}. Shown from a confidence of ${ai_config.confidence_threshold}.`;
}

function historyOf({ history }: AgentsReports): string {
  const report = history.report;
  if (!report) return 'The record was not evaluated.';
  const list = (title: string, facts: readonly { text: string }[]): string =>
    facts.length > 0 ? `${title}: ${facts.map(({ text }) => text).join('; ')}.` : `${title}: none in the record.`;
  return [
    list('Conditions', report.conditions),
    list('Medications', report.medications),
    list('Allergies', report.allergies),
    `Other studies: ${report.priors.length}.`,
  ].join('\n');
}

function findingsOf({ findings, below_threshold, statement }: DiagnosisResults): string {
  const lines = findings.map(
    ({ title, text, confidence, decision, source }) =>
      `${text ?? title}${percent(confidence)} (${decision}; ${source.model_id ?? 'a person'})`,
  );
  const hidden = below_threshold > 0 ? [`${below_threshold} below the confidence threshold.`] : [];
  return [...(lines.length > 0 ? lines : [statement ?? 'None.']), ...hidden].join('\n');
}

function impressionOf({ primary_diagnosis, secondary_diagnoses, severity, severity_reasons, statement }: DiagnosisResults): string {
  const candidate = ({ title, confidence, decision }: DiagnosisCandidate): string => `${title}${percent(confidence)}, ${decision}`;
  return [
    primary_diagnosis ? `Primary: ${candidate(primary_diagnosis)}.` : (statement ?? ''),
    ...secondary_diagnoses.map((other) => `Also: ${candidate(other)}.`),
    severity ? `Severity: ${severity}. ${severity_reasons.map(({ text }) => text).join('; ')}.` : '',
  ]
    .filter(Boolean)
    .join('\n');
}

function percent(confidence: number | null): string {
  return confidence === null ? '' : `, probability ${confidence.toFixed(2)}`;
}

function cited(citation: string | null): string {
  return citation === null ? '' : `; ${citation}`;
}

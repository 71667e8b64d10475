import { ClinicalInputError } from '../../clinical/scores/inputs.ts';
import { findScore } from '../../clinical/scores/registry.ts';
import type { DrugCheckReport } from '../../contract/agents.ts';
import type { ScoreInputValue, ScoreResult } from '../../contract/clinical.ts';
import type { VitalSigns } from '../../contract/diagnosis.ts';
import type { ResultFinding, ResultSource, Severity, SeverityReason } from '../../contract/diagnosis-results.ts';
import { vitalValue } from './vital-signs.ts';

export const SEVERITIES: readonly Severity[] = ['low', 'moderate', 'high', 'critical'];

/** From which diameter on a solid nodule is followed up more closely: Fleischner Society 2017. */
const NODULE_MM = 8;
const FLEISCHNER = 'MacMahon H, et al. Guidelines for management of incidental pulmonary nodules. Radiology 2017;284:228-243';
/** Below it children get oxygen (World Health Organization); the same limit is taken for adults here. */
const HYPOXEMIA_PERCENT = 90;
const WHO_OXYGEN = 'World Health Organization. Oxygen therapy for children: a manual for health workers. Geneva 2016';
const CURB_SEVERITY: Readonly<Record<string, Severity>> = { low: 'low', intermediate: 'moderate', high: 'high' };

type Given = {
  ageYears: number | undefined;
  signs: VitalSigns;
  findings: readonly ResultFinding[];
  drugs: DrugCheckReport | undefined;
};

/** Every rule that makes the case severe, with what it rests on. What is not known makes no rule fire, and no all-clear. Pure. */
export function severityReasons(given: Given): SeverityReason[] {
  return [...ofVitalSigns(given), ...ofPneumonia(given), ...ofNodules(given), ...ofDrugs(given)];
}

/** The highest of the reasons; null if there is none. */
export function severityOf(reasons: readonly SeverityReason[]): Severity | null {
  return SEVERITIES.findLast((severity) => reasons.some((reason) => reason.severity === severity)) ?? null;
}

export function ruleSource(rule: string, more: Partial<ResultSource> = {}): ResultSource {
  return { agent: null, model_id: null, model_version: null, rule, citation: null, ...more };
}

function ofVitalSigns({ ageYears, signs }: Given): SeverityReason[] {
  const reasons: SeverityReason[] = [];
  const saturation = vitalValue(signs, 'oxygen_saturation');
  if (saturation !== undefined && saturation < HYPOXEMIA_PERCENT)
    reasons.push({
      severity: 'high',
      text: 'Oxygen saturation below 90 %',
      source: ruleSource('hypoxemia', { citation: WHO_OXYGEN }),
      evidence: { oxygen_saturation_percent: saturation },
    });
  if (signs.consciousness === 'unresponsive')
    reasons.push({
      severity: 'critical',
      text: 'Unresponsive',
      source: ruleSource('unresponsive'),
      evidence: { consciousness: 'unresponsive' },
    });
  // The score is for adults.
  if (ageYears === undefined || ageYears < 18) return reasons;
  const score = compute('qsofa', { ...breathing(signs), ...confusion(signs, 'altered_mentation') });
  if (score?.band?.id === 'positive') reasons.push(scored(score, 'high'));
  return reasons;
}

function ofPneumonia({ ageYears, signs, findings }: Given): SeverityReason[] {
  if (ageYears === undefined || !findings.some(({ code }) => code === 'pneumonia')) return [];
  const diastolic = vitalValue(signs, 'diastolic_pressure');
  const score = compute('curb-65', {
    age: ageYears,
    ...breathing(signs),
    ...confusion(signs, 'confusion'),
    ...(diastolic === undefined ? {} : { diastolic_pressure: diastolic }),
  });
  const severity = score?.band && CURB_SEVERITY[score.band.id];
  return score && severity ? [scored(score, severity)] : [];
}

function ofNodules({ findings }: Given): SeverityReason[] {
  const nodules = findings.filter(({ code }) => code === 'lung-nodule');
  const largest = Math.max(...nodules.map(({ evidence }) => Number(evidence['diameter_mm'] ?? 0)));
  if (nodules.length === 0 || !Number.isFinite(largest)) return [];
  const isLarge = largest >= NODULE_MM;
  return [
    {
      severity: isLarge ? 'moderate' : 'low',
      text: `Largest nodule candidate ${isLarge ? 'at or above' : 'below'} ${NODULE_MM} mm`,
      source: ruleSource('nodule-size', { agent: 'monai', citation: FLEISCHNER }),
      evidence: { diameter_mm: largest, finding_ids: nodules.map(({ finding_id }) => finding_id) },
    },
  ];
}

function ofDrugs({ drugs }: Given): SeverityReason[] {
  return (drugs?.result.alerts ?? [])
    .filter(({ severity }) => severity === 'contraindicated' || severity === 'major')
    .map((alert) => ({
      severity: alert.severity === 'contraindicated' ? ('high' as const) : ('moderate' as const),
      text: alert.effect,
      source: ruleSource(alert.rule_id, { agent: 'drug_checker', citation: alert.citation }),
      evidence: { drugs: alert.drugs, depends_on: alert.depends_on },
    }));
}

function scored(score: ScoreResult, severity: Severity): SeverityReason {
  return {
    severity,
    text: `${score.title}: ${score.band?.title ?? ''}`,
    source: ruleSource(score.score, { citation: score.citation.text }),
    evidence: { value: score.value, range: score.range, inputs_used: score.inputs_used, missing: score.missing },
  };
}

type ScoreInputs = Record<string, ScoreInputValue>;

function breathing(signs: VitalSigns): ScoreInputs {
  const [rate, systolic] = [vitalValue(signs, 'respiratory_rate'), vitalValue(signs, 'systolic_pressure')];
  return { ...(rate === undefined ? {} : { respiratory_rate: rate }), ...(systolic === undefined ? {} : { systolic_pressure: systolic }) };
}

function confusion({ consciousness }: VitalSigns, name: string): ScoreInputs {
  return consciousness === undefined ? {} : { [name]: consciousness !== 'alert' };
}

/** Undefined where an input lies beyond what the score takes. */
function compute(id: string, inputs: ScoreInputs): ScoreResult | undefined {
  try {
    return findScore(id)?.compute(inputs);
  } catch (error) {
    if (error instanceof ClinicalInputError) return undefined;
    throw error;
  }
}

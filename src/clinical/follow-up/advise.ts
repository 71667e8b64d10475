import type { Recommendation, ScoreResult } from '../../contract/clinical.ts';
import type { FollowUpAdvice } from '../../contract/follow-up.ts';
import type { GivenInputs } from '../scores/inputs.ts';
import { findScore } from '../scores/registry.ts';
import { dueOf } from './due.ts';
import { type MeasuredFinding, type Nodule, readNodules } from './read-nodules.ts';

/** What the record shows of the patient that decides between recommendations, each with what it rests on; what it does not show is not known. */
export type RiskFacts = {
  age: number | undefined;
  high_risk?: string;
  known_cancer?: string;
  immunosuppression?: string;
};
type Examined = { findings: readonly MeasuredFinding[]; facts: RiskFacts; studyDate: string | null; modalities: readonly string[] };

/** Larger is a mass, which the guideline is not about. */
const MAX_NODULE_MM = 30;

/**
 * What guidelines ask for after the accepted findings: incidental lung nodules on CT by Fleischner 2017. Where the guideline does not apply
 * (age, known cancer, immunosuppression) there is no advice. What is not known leaves several options. Pure.
 */
export function adviseFollowUps({ findings, facts: known, studyDate, modalities }: Examined): FollowUpAdvice[] {
  const facts = withFindings(known, findings);
  // The guideline is about nodules that CT shows.
  const nodules = modalities.includes('CT') ? readNodules(findings).filter(isNodule) : [];
  const worst = worstOf(nodules, facts);
  if (!worst) return [];
  const { nodule, results } = worst;
  const [first] = results;
  const options = uniqueById(results.flatMap(({ recommendations }) => recommendations));
  if (!first || results.some(({ not_applicable }) => not_applicable !== null) || options.length === 0) return [];
  const missing = [...results.flatMap((result) => result.missing), ...(nodule.kind === 'subsolid' || !nodule.kind ? ['kind'] : [])];
  const advice = {
    rule: first.score,
    version: first.version,
    title: first.title,
    citation: first.citation,
    finding_ids: nodules.map(({ finding_id }) => finding_id),
    subject: { code: 'lung-nodule', count: nodules.length, kind: nodule.kind ?? null, diameter_mm: meanOf(nodule) ?? null },
    options,
    missing: [...new Set(missing)],
    assumed: facts.high_risk === undefined ? [] : [{ name: 'high_risk', because: facts.high_risk }],
  };
  return [{ ...advice, due: studyDate === null ? null : dueOf(options, studyDate) }];
}

/** Emphysema that the reader accepted is a risk that the guideline names. */
function withFindings(facts: RiskFacts, findings: readonly MeasuredFinding[]): RiskFacts {
  const emphysema = findings.find(({ code, status }) => code === 'emphysema' && (status === 'accepted' || status === 'edited'));
  return facts.high_risk === undefined && emphysema ? { ...facts, high_risk: emphysema.title } : facts;
}

type Classified = { nodule: Nodule; results: ScoreResult[] };

/** "The most suspicious nodule guides": the one whose first act is due soonest, of equals the larger one. */
function worstOf(nodules: readonly Nodule[], facts: RiskFacts): Classified | undefined {
  const classified = nodules.map((nodule) => ({ nodule, results: classify(nodule, nodules.length > 1, facts) }));
  const [first] = classified.toSorted(
    (a, b) => urgencyOf(a.results) - urgencyOf(b.results) || (meanOf(b.nodule) ?? 0) - (meanOf(a.nodule) ?? 0),
  );
  return first;
}

/** A subsolid nodule is part-solid or pure ground-glass: both are asked. */
function classify(nodule: Nodule, multiple: boolean, facts: RiskFacts): ScoreResult[] {
  const fleischner = findScore('fleischner-2017');
  if (!fleischner) return [];
  const kinds = nodule.kind === 'subsolid' ? ['part-solid', 'ground-glass'] : [nodule.kind ?? null];
  return kinds.map((kind) => fleischner.compute(inputsOf({ ...nodule, multiple, kind }, facts)));
}

function inputsOf(
  { kind, multiple, long, short, mean }: Omit<Nodule, 'kind'> & { multiple: boolean; kind: string | null },
  facts: RiskFacts,
): GivenInputs {
  return {
    kind,
    multiple,
    ...(mean === undefined ? {} : { mean_diameter: mean }),
    ...(long === undefined ? {} : { long_axis: long, short_axis: short ?? null }),
    age: facts.age === undefined || facts.age > 120 ? null : Math.floor(facts.age),
    high_risk: facts.high_risk === undefined ? null : true,
    known_cancer: facts.known_cancer === undefined ? null : true,
    immunosuppression: facts.immunosuppression === undefined ? null : true,
  };
}

function urgencyOf(results: readonly ScoreResult[]): number {
  const months = results.flatMap(({ recommendations }) =>
    recommendations.flatMap(({ steps }) => steps.slice(0, 1).map(({ interval_months }) => interval_months?.min ?? 0)),
  );
  return Math.min(Number.POSITIVE_INFINITY, ...months);
}

function meanOf({ long, short, mean }: Nodule): number | undefined {
  return mean ?? (long === undefined || short === undefined ? long : (long + short) / 2);
}

function isNodule(nodule: Nodule): boolean {
  const lengths = [nodule.long, nodule.short, nodule.mean].filter((length) => length !== undefined);
  return lengths.every((length) => length >= 0.1 && length <= MAX_NODULE_MM);
}

function uniqueById(options: readonly Recommendation[]): Recommendation[] {
  return [...new Map(options.map((option) => [option.id, option])).values()];
}

import type { Citation, Recommendation, ScoreBand, ScoreDescription, ScoreResult, ScoreSummary } from '../../contract/clinical.ts';
import { type Derived, type Explored, explore, exploreSum, type Facts, type Scope, type Term } from './explore.ts';
import { describeInput, type GivenInputs, type Input, type Inputs, type KnownFacts, readInputs } from './inputs.ts';

/** What one completion of the inputs comes to. */
export type Outcome = { value?: number | null; band?: string; recommendation?: Recommendation };

type Described = {
  /** Part of the URL: lower case, digits, `-` and `.`. */
  id: string;
  /** Edition of the source. */
  version: string;
  title: string;
  /** For whom the score was made. */
  population: string;
  citation: Citation;
  references?: readonly Citation[];
  limits?: readonly string[];
  /** UCUM unit of the value; null where there is no number. */
  unit: string | null;
  inputs: Inputs;
  derived?: Readonly<Record<string, Derived>>;
  bands?: readonly ScoreBand[];
  /** Why the score must not be used, from what is known; undefined if nothing speaks against it. */
  excludes?: (known: KnownFacts) => string | undefined;
  /** What the reader has to know about this very result. */
  notes?: (known: KnownFacts, outcomes: readonly Outcome[]) => string[];
};

export type ScoreDefinition = Described & {
  /** @throws {ClinicalInputError} for an input that is unknown, of the wrong kind or unit, or not plausible */
  compute: (given: GivenInputs) => ScoreResult;
};

/** A score that is a sum of parts. Its range is exact. */
export function additiveScore(definition: Described & { terms: readonly Term[]; bandOf?: (total: number) => string }): ScoreDefinition {
  const { terms, bandOf, ...described } = definition;
  return withCompute(described, (scope, known) => {
    const { outcomes, ...rest } = exploreSum(scope, known, terms);
    return { ...rest, outcomes: outcomes.map((value) => ({ value, ...(bandOf ? { band: bandOf(value) } : {}) })) };
  });
}

/** A score that is a formula. A missing number leaves it open; a missing flag or choice makes a range. */
export function formulaScore(definition: Described & { formula: (facts: Facts) => Outcome }): ScoreDefinition {
  const { formula, ...described } = definition;
  return withCompute(described, (scope, known) => explore(scope, known, formula));
}

/** A classification: the set of classes and recommendations that the missing inputs leave possible. */
export function tableScore(definition: Described & { decide: (facts: Facts) => Outcome }): ScoreDefinition {
  const { decide, ...described } = definition;
  return withCompute(described, (scope, known) => explore(scope, known, decide));
}

/** Adds `points` if the flag is set. */
export function points(flag: string, value: number): Term {
  return (facts) => (facts.flag(flag) ? value : 0);
}

/** The id of the last step that `value` reaches; the steps rise, and the first holds whatever is below. */
export function ladder(...steps: readonly (readonly [from: number, id: string])[]): (value: number) => string {
  return (value) => steps.findLast(([from], index) => index === 0 || value >= from)?.[1] ?? '';
}

/** Halves go up, also where binary makes them a little less: 0.413 * 100 / 0.4 is 103.25 and becomes 103.3. */
export function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(Number((value * scale).toPrecision(12))) / scale;
}

export function summarizeScore({ id, version, title, population, citation }: ScoreDefinition): ScoreSummary {
  return { id, version, title, population, citation };
}

export function describeScore(score: ScoreDefinition): ScoreDescription {
  return {
    ...summarizeScore(score),
    references: [...(score.references ?? [])],
    limits: [...(score.limits ?? [])],
    unit: score.unit,
    inputs: Object.entries(score.inputs).map(([name, input]) => describeInput(name, input)),
    bands: [...(score.bands ?? [])],
  };
}

function withCompute(described: Described, run: (scope: Scope, known: KnownFacts) => Explored<Outcome>): ScoreDefinition {
  return {
    ...described,
    compute: (given) => {
      const known = readInputs(described.inputs, given);
      // Also finds contradictions between inputs, whatever the rule would ask for.
      for (const derive of Object.values(described.derived ?? {})) derive(known);
      const excluded = described.excludes?.(known);
      if (excluded !== undefined) return resultOf(described, known, { outcomes: [], missing: [], open: false }, excluded);
      return resultOf(described, known, run(described, known), null);
    },
  };
}

function resultOf(score: Described, known: KnownFacts, explored: Explored<Outcome>, excluded: string | null): ScoreResult {
  const outcomes = explored.open ? [] : explored.outcomes;
  const values = outcomes.flatMap(({ value }) => (value === undefined || value === null ? [] : [value]));
  const range = values.length > 0 ? { min: Math.min(...values), max: Math.max(...values) } : null;
  const isOne = range !== null && range.min === range.max && values.length === outcomes.length;
  const bands = (score.bands ?? []).filter(({ id }) => explored.open || outcomes.some(({ band }) => band === id));
  const recommendations = uniqueById(outcomes.flatMap(({ recommendation }) => recommendation ?? []));
  return {
    score: score.id,
    version: score.version,
    title: score.title,
    citation: score.citation,
    value: isOne ? range.min : null,
    range: isOne ? null : range,
    unit: score.unit,
    band: only(bands, !explored.open && outcomes.every(({ band }) => band !== undefined)),
    bands,
    recommendation: only(
      recommendations,
      outcomes.every(({ recommendation }) => recommendation !== undefined),
    ),
    recommendations,
    inputs_used: [...known].map(([name, value]) => ({ name, value, unit: unitOf(score.inputs[name]) })),
    missing: [...new Set(explored.missing)],
    not_applicable: excluded,
    notes: excluded === null ? (score.notes?.(known, outcomes) ?? []) : [],
  };
}

function only<T>(items: readonly T[], complete: boolean): T | null {
  return items.length === 1 && complete ? (items[0] ?? null) : null;
}

function unitOf(input: Input | undefined): string | null {
  return input && 'unit' in input ? input.unit : null;
}

function uniqueById(items: readonly Recommendation[]): Recommendation[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}

/** Reasons that every score for adults shares. */
export function adultsOnly(known: KnownFacts): string | undefined {
  const age = known.get('age');
  return typeof age === 'number' && age < 18 ? 'The score is for adults (18 years and older)' : undefined;
}

/** The first reason of several. */
export function anyExclusion(...rules: readonly ((known: KnownFacts) => string | undefined)[]): (known: KnownFacts) => string | undefined {
  return (known) => {
    for (const rule of rules) {
      const reason = rule(known);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };
}

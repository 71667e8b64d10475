import type { DrugSafetyAlert } from '../../contract/drug-safety.ts';
import { alertOf } from './alert.ts';
import type { Case, Checked, Taken } from './case.ts';
import { isTarget, type Knowledge, type Sourced, targetsOfDrug } from './compile.ts';
import type { Drug, InteractionRule } from './knowledge.ts';

/** Rules of the list of interactions that always deserve an interruption (Phansalkar 2012); the low-priority list does not touch them. */
const HIGH_PRIORITY = /^onc-high-/;
/** Routes by which hardly anything reaches the blood. */
const LOCAL_ROUTES: ReadonlySet<string> = new Set(['topical', 'ophthalmic', 'nasal', 'vaginal', 'rectal', 'inhaled']);
const SEVERITY = { contraindicated: 3, major: 2, moderate: 1, minor: 0 };

/** Pairs, effects that add up over several drugs, and the same ingredient or class twice. */
export function checkInteractions(one: Case): Checked {
  const systemic = one.taken.filter(({ line }) => !LOCAL_ROUTES.has(line.route ?? ''));
  const drugs = distinct(systemic);
  const pairs = drugs.flatMap((a, index) => drugs.slice(index + 1).flatMap((b) => strongest(pairAlerts(one, a, b))));
  return { alerts: [...pairs, ...additiveAlerts(one, drugs), ...duplicateAlerts(one)], not_checked: [] };
}

function pairAlerts({ knowledge, facts }: Case, a: Drug, b: Drug): DrugSafetyAlert[] {
  if (a.parts.includes(b.id) || b.parts.includes(a.id)) return [];
  const rules = [...rulesFor(knowledge, a, b), ...rulesFor(knowledge, b, a)];
  const isLow = knowledge.lowPriority.some(
    (low) => (isTarget(a, low.a) && isTarget(b, low.b)) || (isTarget(a, low.b) && isTarget(b, low.a)),
  );
  return rules.flatMap((rule) => {
    const alert = alertOf(rule, 'interaction', [a.inn, b.inn], facts);
    if (!alert) return [];
    return isLow && !HIGH_PRIORITY.test(rule.id) ? [{ ...alert, display: 'passive' as const }] : [alert];
  });
}

function rulesFor(knowledge: Knowledge, a: Drug, b: Drug): Sourced<InteractionRule>[] {
  return targetsOfDrug(a).flatMap((target) => (knowledge.interactions.get(target) ?? []).filter((rule) => isTarget(b, rule.b)));
}

/** One pair may be met by a rule of its own and by rules of its classes: the most severe speaks, of equals the one on these two drugs. */
function strongest(alerts: readonly DrugSafetyAlert[]): DrugSafetyAlert[] {
  const [first] = alerts.toSorted(
    (a, b) => Number(a.depends_on.length > 0) - Number(b.depends_on.length > 0) || SEVERITY[b.severity] - SEVERITY[a.severity],
  );
  return first ? [first] : [];
}

function additiveAlerts({ knowledge, facts }: Case, drugs: readonly Drug[]): DrugSafetyAlert[] {
  return knowledge.additive.flatMap((rule) => {
    const members = drugs.filter((drug) => drug.parts.length === 0 && drug.classes.includes(rule.class));
    if (members.length < rule.minCount) return [];
    return (
      alertOf(
        rule,
        'additive',
        members.map(({ inn }) => inn),
        facts,
      ) ?? []
    );
  });
}

function duplicateAlerts({ taken, knowledge }: Case): DrugSafetyAlert[] {
  const lines = Map.groupBy(
    taken.filter(({ drug }) => drug.parts.length === 0),
    ({ drug }) => drug.id,
  );
  return [...lines.values()].flatMap((entries) => {
    const [first] = entries;
    const texts = new Set(entries.map(({ line }) => line));
    if (!first || texts.size < 2) return [];
    return [duplicateOf(first, knowledge)];
  });
}

function duplicateOf({ drug }: Taken, knowledge: Knowledge): DrugSafetyAlert {
  return {
    rule_id: `duplicate-${drug.id}`,
    kind: 'duplicate',
    drugs: [drug.inn],
    severity: 'moderate',
    display: 'passive',
    effect: 'The same ingredient is listed more than once.',
    mechanism: null,
    management: 'Check whether the entries are one prescription written twice or a double dose.',
    evidence: 'list',
    citation: 'The medication list itself',
    depends_on: [],
    source: knowledge.sources[0]?.source ?? '',
  };
}

function distinct(taken: readonly Taken[]): Drug[] {
  return [...new Map(taken.map(({ drug }) => [drug.id, drug])).values()];
}

import type { KnowledgeTables, Target } from './knowledge.ts';

type Ruled = { id: string; severity: string };
/** What an import does to what is there. */
export type MergeReport = {
  drugs: { added: number; replaced: string[] };
  rules: { added: number; replaced: string[] };
  /** Rules on a pair on which another source has one as well: the more severe speaks. */
  duplicates: { rule_id: string; of: string; stands: string }[];
  /** Rules that name a drug or class which no source has: kept, reported, never asked. */
  unmapped: { rule_id: string; names: string }[];
};

const SEVERITY = ['minor', 'moderate', 'major', 'contraindicated'];

/** Compares a source with those that stand below it. Pure. */
export function reportMerge(below: readonly KnowledgeTables[], source: KnowledgeTables): MergeReport {
  const drugs = new Set(below.flatMap((tables) => tables.drugs.map(({ id }) => id)));
  const rules = new Set(below.flatMap((tables) => rulesOf(tables).map(({ id }) => id)));
  const pairs = new Map(below.flatMap((tables) => tables.interactions.map((rule) => [pairOf(rule), rule] as const)));
  return {
    drugs: split(source.drugs, drugs),
    rules: split(rulesOf(source), rules),
    duplicates: source.interactions.flatMap((rule) => {
      const other = pairs.get(pairOf(rule));
      if (!other || other.id === rule.id) return [];
      return [{ rule_id: rule.id, of: other.id, stands: rankOf(rule) > rankOf(other) ? rule.id : other.id }];
    }),
    unmapped: unmappedOf(below, source),
  };
}

/** The source without the rules that name what nobody has. */
export function withoutUnmapped(below: readonly KnowledgeTables[], source: KnowledgeTables): KnowledgeTables {
  const unmapped = new Set(unmappedOf(below, source).map(({ rule_id }) => rule_id));
  const isMapped = ({ id }: { id: string }): boolean => !unmapped.has(id);
  return {
    ...source,
    members: source.members.filter(({ class: id, drug }) => !unmapped.has(`${id}/${drug}`)),
    interactions: source.interactions.filter(isMapped),
    additive: source.additive.filter(isMapped),
    conditions: source.conditions.filter(isMapped),
    doses: source.doses.filter(isMapped),
    allergies: source.allergies.filter(isMapped),
    contrast: source.contrast.filter(isMapped),
    lowPriority: source.lowPriority.filter(isMapped),
  };
}

/** Every rule of a source, whatever it is about. */
export function rulesOf(tables: KnowledgeTables): Ruled[] {
  const { interactions, additive, conditions, doses, allergies, contrast } = tables;
  return [...interactions, ...additive, ...conditions, ...doses, ...allergies, ...contrast];
}

function unmappedOf(below: readonly KnowledgeTables[], source: KnowledgeTables): MergeReport['unmapped'] {
  const all = [...below, source];
  const drugs = all.flatMap((tables) => tables.drugs);
  const known = {
    drug: new Set(drugs.map(({ id }) => id)),
    class: new Set(all.flatMap((tables) => tables.classes.map(({ id }) => id))),
    rxcui: new Set(drugs.flatMap(({ rxcui }) => rxcui ?? [])),
  };
  const isKnown = ({ type, code }: Target): boolean =>
    type === 'atc' ? drugs.some(({ atc }) => atc.some((one) => one.startsWith(code))) : known[type].has(code);
  const unknown = (rule_id: string, targets: readonly (Target | null)[]): MergeReport['unmapped'] => {
    const names = targets.filter((target) => target !== null && !isKnown(target)).map((target) => `${target?.type}:${target?.code}`);
    return names.length === 0 ? [] : [{ rule_id, names: names.join(', ') }];
  };
  return [
    ...source.members.flatMap(({ class: id, drug }) => unknown(`${id}/${drug}`, [{ type: 'drug', code: drug }])),
    ...source.interactions.flatMap((rule) => unknown(rule.id, [rule.a, rule.b])),
    ...source.additive.flatMap((rule) => unknown(rule.id, [{ type: 'class', code: rule.class }])),
    ...source.conditions.flatMap((rule) => unknown(rule.id, [rule.target])),
    ...source.doses.flatMap((rule) => unknown(rule.id, [{ type: 'drug', code: rule.drug }])),
    ...source.allergies.flatMap((rule) => unknown(rule.id, [...rule.allergen, ...rule.alertsFor])),
    ...source.contrast.flatMap((rule) => unknown(rule.id, [rule.target, rule.agent])),
    ...source.lowPriority.flatMap((rule) => unknown(rule.id, [rule.a, rule.b])),
  ];
}

function split(items: readonly { id: string }[], known: ReadonlySet<string>): { added: number; replaced: string[] } {
  const replaced = items.filter(({ id }) => known.has(id)).map(({ id }) => id);
  return { added: items.length - replaced.length, replaced };
}

/** The same whichever side is named first. */
function pairOf({ a, b }: { a: Target; b: Target }): string {
  return [a, b]
    .map(({ type, code }) => `${type}:${code}`)
    .sort()
    .join(' ');
}

function rankOf({ severity }: Ruled): number {
  return SEVERITY.indexOf(severity);
}

import type {
  AdditiveRule,
  AllergyRule,
  ConditionRule,
  ContrastRule,
  DoseRule,
  Drug,
  InteractionRule,
  KnowledgeTables,
  LowPriority,
  RuleOverride,
  Target,
} from './knowledge.ts';
import { KnowledgeError } from './read-tables.ts';
import type { SwitchedOff } from './switched-off.ts';

/** `override`: what the hospital decided, where it did. */
export type Sourced<R> = R & { source: string; override?: RuleOverride };
/** The tables of all sources, indexed for checks. */
export type Knowledge = {
  sources: readonly { source: string; version: string; valid_from: string }[];
  /** Sources that are not in use, and why. */
  off: readonly SwitchedOff[];
  drugs: ReadonlyMap<string, Drug>;
  /** Folded name -> drug id. */
  names: ReadonlyMap<string, string>;
  codes: ReadonlyMap<string, string>;
  classNames: ReadonlyMap<string, string>;
  /** Rules by every target that a drug answers to, as `class:x`. */
  interactions: ReadonlyMap<string, readonly Sourced<InteractionRule>[]>;
  lowPriority: readonly LowPriority[];
  additive: readonly Sourced<AdditiveRule>[];
  conditions: readonly Sourced<ConditionRule>[];
  doses: ReadonlyMap<string, readonly Sourced<DoseRule>[]>;
  allergies: readonly Sourced<AllergyRule>[];
  contrast: readonly Sourced<ContrastRule>[];
  /** Longest name in words, which bounds the search in free text. */
  longestName: number;
};

/**
 * Joins sources; a later one stands above an earlier one where both have a rule of the same id, and what the hospital decided above all. Of
 * different rules on one pair the most severe speaks when it is checked.
 *
 * @throws {KnowledgeError} for a name that stands for two drugs, and for a rule that names an unknown drug or class
 */
export function compileKnowledge(sources: readonly KnowledgeTables[], overrides: readonly RuleOverride[] = []): Knowledge {
  const drugs = drugsOf(sources);
  const decided = new Map(overrides.map((one) => [one.rule_id, one]));
  const classNames = new Map(sources.flatMap((source) => source.classes.map(({ id, name }) => [id, name] as const)));
  requireParts(drugs, classNames);
  const check = (rule: { id: string }, target: Target | null): void => {
    if (target?.type === 'drug' && !drugs.has(target.code))
      throw new KnowledgeError(`Rule ${rule.id} names the unknown drug ${target.code}`);
    if (target?.type === 'class' && !classNames.has(target.code))
      throw new KnowledgeError(`Rule ${rule.id} names the unknown class ${target.code}`);
  };
  const join = <R extends { id: string }>(
    pick: (tables: KnowledgeTables) => readonly R[],
    targets: (rule: R) => readonly (Target | null)[],
  ) => {
    const byId = new Map<string, Sourced<R>>();
    for (const tables of sources)
      for (const rule of pick(tables)) byId.set(rule.id, decide({ ...rule, source: tables.source }, decided.get(rule.id)));
    for (const rule of byId.values()) for (const target of targets(rule)) check(rule, target);
    return [...byId.values()];
  };
  const names = namesOf([...drugs.values()]);
  return {
    off: [],
    sources: sources.map(({ source, version, validFrom }) => ({ source, version, valid_from: validFrom })),
    drugs,
    names,
    codes: codesOf(drugs.values()),
    classNames,
    interactions: bySide(
      join(
        (tables) => tables.interactions,
        ({ a, b }) => [a, b],
      ),
    ),
    lowPriority: join(
      (tables) => tables.lowPriority,
      ({ a, b }) => [a, b],
    ),
    additive: join(
      (tables) => tables.additive,
      (rule) => [{ type: 'class', code: rule.class }],
    ),
    conditions: join(
      (tables) => tables.conditions,
      ({ target }) => [target],
    ),
    doses: Map.groupBy(
      join(
        (tables) => tables.doses,
        (rule) => [{ type: 'drug', code: rule.drug }],
      ),
      ({ drug }) => drug,
    ),
    allergies: join(
      (tables) => tables.allergies,
      (rule) => [...rule.allergen, ...rule.alertsFor],
    ),
    contrast: join(
      (tables) => tables.contrast,
      ({ target, agent }) => [target, agent],
    ),
    longestName: Math.max(1, ...[...names.keys()].map((name) => name.split(' ').length)),
  };
}

function requireParts(drugs: ReadonlyMap<string, Drug>, classNames: ReadonlyMap<string, string>): void {
  for (const drug of drugs.values()) {
    for (const id of drug.classes) if (!classNames.has(id)) throw new KnowledgeError(`Drug ${drug.id} is in the unknown class ${id}`);
    for (const id of drug.parts) if (!drugs.has(id)) throw new KnowledgeError(`Drug ${drug.id} contains the unknown drug ${id}`);
  }
}

/** With what other sources add to them. No source takes a class or a name away, and with it rules of another. */
function drugsOf(sources: readonly KnowledgeTables[]): Map<string, Drug> {
  const drugs = new Map<string, Drug>();
  for (const drug of sources.flatMap((source) => source.drugs)) drugs.set(drug.id, added(drugs.get(drug.id), drug));
  for (const { class: id, drug } of sources.flatMap(({ members }) => members)) {
    const member = drugs.get(drug);
    if (!member) throw new KnowledgeError(`Class ${id} contains the unknown drug ${drug}`);
    if (!member.classes.includes(id)) drugs.set(drug, { ...member, classes: [...member.classes, id] });
  }
  return drugs;
}

function added(known: Drug | undefined, drug: Drug): Drug {
  if (!known) return drug;
  const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])];
  return {
    id: drug.id,
    inn: known.inn,
    names: union(known.names, [drug.inn, ...drug.names]),
    rxcui: drug.rxcui ?? known.rxcui,
    atc: union(known.atc, drug.atc),
    classes: union(known.classes, drug.classes),
    parts: union(known.parts, drug.parts),
  };
}

function decide<R extends { id: string }>(rule: R & { source: string }, override: RuleOverride | undefined): Sourced<R> {
  if (!override) return rule;
  const { severity, display } = override;
  return { ...rule, ...(severity === null ? {} : { severity }), ...(display === null ? {} : { display }), override };
}

/** Lower case, no marks, one space between words, no punctuation but what is part of a name. */
export function foldName(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Every target that a drug answers to. */
export function targetsOfDrug(drug: Drug): string[] {
  const atc = drug.atc.flatMap((code) =>
    [1, 3, 4, 5, 7].filter((length) => length <= code.length).map((length) => `atc:${code.slice(0, length)}`),
  );
  const rxcui = drug.rxcui === null ? [] : [`rxcui:${drug.rxcui}`];
  return [`drug:${drug.id}`, ...drug.classes.map((id) => `class:${id}`), ...atc, ...rxcui];
}

export function isTarget(drug: Drug, target: Target): boolean {
  if (target.type === 'drug') return drug.id === target.code;
  if (target.type === 'rxcui') return drug.rxcui === target.code;
  return target.type === 'class' ? drug.classes.includes(target.code) : drug.atc.some((code) => code.startsWith(target.code));
}

function namesOf(drugs: readonly Drug[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const drug of drugs) {
    for (const name of [drug.inn, ...drug.names]) {
      const folded = foldName(name);
      const other = names.get(folded);
      if (other !== undefined && other !== drug.id) throw new KnowledgeError(`The name '${name}' stands for ${other} and for ${drug.id}`);
      names.set(folded, drug.id);
    }
  }
  const taken = new Set(names.keys());
  for (const drug of drugs) {
    // A form that two drugs would share, or that is a name already, stands for neither.
    for (const form of formsOf(foldName(drug.inn))) {
      if (taken.has(form)) continue;
      if (names.has(form) && names.get(form) !== drug.id) names.delete(form);
      else names.set(form, drug.id);
    }
  }
  return names;
}

/** The endings that German, French and Spanish give to an international name of one word: omeprazol, furosemida, simvastatine, ibuprofeno. */
function formsOf(inn: string): string[] {
  if (!/^[a-z]{7,}$/.test(inn)) return [];
  return inn.endsWith('e') ? [inn.slice(0, -1), `${inn.slice(0, -1)}a`] : [`${inn}a`, `${inn}e`, `${inn}o`];
}

function codesOf(drugs: Iterable<Drug>): Map<string, string> {
  const codes = new Map<string, string>();
  for (const drug of drugs) {
    codes.set(`local:${drug.id}`, drug.id);
    if (drug.rxcui) codes.set(`rxnorm:${drug.rxcui}`, drug.id);
    for (const atc of drug.atc) codes.set(`atc:${atc}`, drug.id);
  }
  return codes;
}

function bySide(rules: readonly Sourced<InteractionRule>[]): Map<string, Sourced<InteractionRule>[]> {
  const index = new Map<string, Sourced<InteractionRule>[]>();
  for (const rule of rules) {
    const key = `${rule.a.type}:${rule.a.code}`;
    const list = index.get(key);
    if (list) list.push(rule);
    else index.set(key, [rule]);
  }
  return index;
}

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
  Target,
} from './knowledge.ts';
import { KnowledgeError } from './read-tables.ts';

export type Sourced<R> = R & { source: string };
/** The tables of all sources, indexed for checks. */
export type Knowledge = {
  sources: readonly { source: string; version: string; valid_from: string }[];
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
 * Joins sources; a later one stands above an earlier one where both have a rule of the same id.
 *
 * @throws {KnowledgeError} for a name that stands for two drugs, and for a rule that names an unknown drug or class
 */
export function compileKnowledge(sources: readonly KnowledgeTables[]): Knowledge {
  const drugs = new Map(sources.flatMap((source) => source.drugs.map((drug) => [drug.id, drug] as const)));
  const classNames = new Map(sources.flatMap((source) => source.classes.map(({ id, name }) => [id, name] as const)));
  for (const drug of drugs.values()) {
    for (const id of drug.classes) if (!classNames.has(id)) throw new KnowledgeError(`Drug ${drug.id} is in the unknown class ${id}`);
    for (const id of drug.parts) if (!drugs.has(id)) throw new KnowledgeError(`Drug ${drug.id} contains the unknown drug ${id}`);
  }
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
    for (const tables of sources) for (const rule of pick(tables)) byId.set(rule.id, { ...rule, source: tables.source });
    for (const rule of byId.values()) for (const target of targets(rule)) check(rule, target);
    return [...byId.values()];
  };
  const names = namesOf(drugs.values());
  return {
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
  return [`drug:${drug.id}`, ...drug.classes.map((id) => `class:${id}`), ...atc];
}

export function isTarget(drug: Drug, target: Target): boolean {
  if (target.type === 'drug') return drug.id === target.code;
  return target.type === 'class' ? drug.classes.includes(target.code) : drug.atc.some((code) => code.startsWith(target.code));
}

function namesOf(drugs: Iterable<Drug>): Map<string, string> {
  const names = new Map<string, string>();
  for (const drug of drugs) {
    for (const name of [drug.inn, ...drug.names]) {
      const folded = foldName(name);
      const other = names.get(folded);
      if (other !== undefined && other !== drug.id) throw new KnowledgeError(`The name '${name}' stands for ${other} and for ${drug.id}`);
      names.set(folded, drug.id);
    }
  }
  return names;
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

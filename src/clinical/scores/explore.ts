import type { Fact } from '../../contract/clinical.ts';
import { ClinicalInputError, type Input, type Inputs, type KnownFacts, possibleValues } from './inputs.ts';

/** How a rule asks for what it needs. Asking for something that is not known makes the rule run once for each value it could have. */
export type Facts = {
  number(name: string): number;
  flag(name: string): boolean;
  choice(name: string): string;
};

/**
 * A fact that follows from several inputs, such as a mean diameter from two axes: its value where that is decided, else every value
 * it could still have and the inputs that would decide it. Undefined values: a continuum.
 */
export type Derived = (known: KnownFacts) => { value: Fact } | { values: readonly Fact[] | undefined; missing: readonly string[] };
export type Scope = { inputs: Inputs; derived?: Readonly<Record<string, Derived>> };

export type Alternative = { name: string; input: Input; other: string; convert: (value: number) => number };

export type Explored<T> = {
  outcomes: T[];
  /** Inputs that some path through the rule asked for and that are not known. */
  missing: string[];
  /** Some missing input has a continuum of values: `outcomes` does not hold all. */
  open: boolean;
};

/** Part of a sum: what it adds depends on inputs that no other part reads, so that the possible totals are exact. */
export type Term = (facts: Facts) => number;

/** Every total that the terms can come to, without going through all combinations of their inputs. */
export function exploreSum(scope: Scope, known: KnownFacts, terms: readonly Term[]): Explored<number> {
  const parts = terms.map((term) => explore(scope, known, term));
  return {
    // Sums of halves and whole numbers are exact, so equal totals are identical.
    outcomes: parts.reduce<number[]>((sums, { outcomes }) => [...new Set(sums.flatMap((sum) => outcomes.map((part) => sum + part)))], [0]),
    missing: parts.flatMap(({ missing }) => missing),
    open: parts.some(({ open }) => open),
  };
}

/** A sum as a fact of its own, for rules that only see the total. */
export function sumOf(inputs: Inputs, terms: readonly Term[]): Derived {
  return (known) => {
    const { outcomes, missing } = exploreSum({ inputs }, known, terms);
    const [total] = outcomes;
    return missing.length === 0 && total !== undefined ? { value: total } : { values: outcomes, missing };
  };
}

/** Lets a rule run on behind a missing continuum, only to find what else it would ask for; its outcome is not one. */
const ANY_NUMBER: readonly Fact[] = [1];

/**
 * Runs `rule` for every completion of `known` that it can tell apart. It only branches on what the rule asks for, so inputs that
 * cannot matter any more are neither missing nor multiplied out.
 */
export function explore<T>(scope: Scope, known: KnownFacts, rule: (facts: Facts) => T): Explored<T> {
  const missing = new Set<string>();
  const outcomes: T[] = [];
  let open = false;

  const visit = (assumed: KnownFacts): void => {
    try {
      outcomes.push(rule(factsOf(scope, known, assumed)));
    } catch (unknown) {
      if (!(unknown instanceof UnknownFact)) throw unknown;
      for (const name of unknown.missing) missing.add(name);
      if (!unknown.values) open = true;
      for (const value of unknown.values ?? ANY_NUMBER) visit(new Map([...assumed, [unknown.fact, value]]));
    }
  };
  visit(new Map());
  return { outcomes, missing: [...missing], open };
}

/** Thrown by `Facts` and caught by `explore` alone. Not an Error: thousands are thrown, and each stack trace would cost more than the rule. */
class UnknownFact {
  readonly fact: string;
  readonly values: readonly Fact[] | undefined;
  readonly missing: readonly string[];

  constructor(fact: string, values: readonly Fact[] | undefined, missing: readonly string[]) {
    this.fact = fact;
    this.values = values;
    this.missing = missing;
  }
}

/** An input that may also be given as another one, such as a rate in place of an interval. @throws {ClinicalInputError} on both */
export function eitherOf({ name, input, other, convert }: Alternative): Derived {
  return (known) => {
    const value = known.get(name);
    const instead = known.get(other);
    if (value !== undefined && instead !== undefined)
      throw new ClinicalInputError(other, `is another way to give ${name}: give one of them`);
    if (value !== undefined) return { value };
    if (typeof instead === 'number') return { value: convert(instead) };
    return { values: possibleValues(input), missing: [name] };
  };
}

function factsOf(scope: Scope, known: KnownFacts, assumed: KnownFacts): Facts {
  const get = (name: string): Fact => assumed.get(name) ?? findFact(scope, known, name);
  return {
    number: (name) => checked(name, get(name), 'number'),
    flag: (name) => checked(name, get(name), 'boolean'),
    choice: (name) => checked(name, get(name), 'string'),
  };
}

function findFact({ inputs, derived = {} }: Scope, known: KnownFacts, name: string): Fact {
  const derive = derived[name];
  if (derive) {
    const result = derive(known);
    if ('value' in result) return result.value;
    throw new UnknownFact(name, result.values, result.missing);
  }
  const input = inputs[name];
  if (!input) throw new Error(`The score asks for ${name}, which it does not declare`);
  const value = known.get(name);
  if (value !== undefined) return value;
  throw new UnknownFact(name, possibleValues(input), [name]);
}

type Kinds = { number: number; boolean: boolean; string: string };

function checked<K extends keyof Kinds>(name: string, value: Fact, kind: K): Kinds[K] {
  if (typeof value !== kind) throw new Error(`The score reads ${name} as a ${kind}, which it is not`);
  // The check above is what the type says, which the compiler cannot follow through the mapped type.
  return value as Kinds[K];
}

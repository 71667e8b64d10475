import type { Fact, NumberRange, ScoreBand, ScoreInputDescription, ScoreInputValue } from '../../contract/clinical.ts';
import { convertUnit, type Quantity, unitsOf } from '../units.ts';

/** An input that cannot be used: unknown, of the wrong kind, in an unknown unit or not plausible. Holds no value, only its name. */
export class ClinicalInputError extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.name = 'ClinicalInputError';
    this.field = field;
  }
}

type Named = { title: string; required: boolean };
export type NumberInput = Named & {
  kind: 'number' | 'integer';
  /** UCUM; null for a bare count or ratio. */
  unit: string | null;
  quantity?: Quantity;
  /** What is plausible; all else is refused. */
  range: NumberRange;
  /**
   * Values that stand for every value the input could have. Given only where the score sees nothing but these steps; without them
   * a missing value leaves the score open.
   */
  samples?: readonly number[];
};
export type FlagInput = Named & { kind: 'boolean' };
export type ChoiceInput = Named & { kind: 'choice'; choices: readonly ScoreBand[] };
export type Input = NumberInput | FlagInput | ChoiceInput;
export type Inputs = Readonly<Record<string, Input>>;
export type KnownFacts = ReadonlyMap<string, Fact>;
export type GivenInputs = Readonly<Record<string, ScoreInputValue>>;

type NumberOptions = { range: [min: number, max: number]; unit?: string; quantity?: Quantity; required?: boolean };
type StepOptions = NumberOptions & {
  /** Values at which the score may change. */
  cuts: readonly number[];
  /** Smallest value for which the score is meant, where it is above the smallest plausible one. */
  from?: number;
};

/** A measured number that enters a formula as it is. */
export function numberInput(title: string, { range: [min, max], unit, quantity, required = true }: NumberOptions): NumberInput {
  return { kind: 'number', title, unit: unit ?? null, range: { min, max }, required, ...(quantity ? { quantity } : {}) };
}

/** A measured number of which the score only sees between which cuts it lies, and whether it meets one exactly. */
export function steppedInput(title: string, { cuts, from, ...options }: StepOptions): NumberInput {
  const input = numberInput(title, options);
  const edges = [from ?? input.range.min, ...cuts, input.range.max];
  const between = edges.slice(1).map((edge, index) => (edge + (edges[index] ?? edge)) / 2);
  return { ...input, samples: [...new Set([...edges, ...between])].sort((a, b) => a - b) };
}

/** As `steppedInput`, for whole numbers such as an age in completed years. */
export function countInput(title: string, { cuts, from, ...options }: StepOptions): NumberInput {
  const input = numberInput(title, options);
  const low = from ?? input.range.min;
  const samples = [low, ...cuts.flatMap((cut) => [cut - 1, cut, cut + 1]), input.range.max];
  const possible = samples.filter((sample) => sample >= low && sample <= input.range.max);
  return { ...input, kind: 'integer', samples: [...new Set(possible)].sort((a, b) => a - b) };
}

/** Age in completed years; `cuts` are the ages at which the score changes, `from` the youngest that it is meant for. */
export function ageInput({ cuts = [], from = 0 }: { cuts?: readonly number[]; from?: number } = {}): NumberInput {
  return countInput('Age in completed years', { range: [0, 120], unit: 'a', quantity: 'age', cuts, from });
}

export function flagInput(title: string, { required = true }: { required?: boolean } = {}): FlagInput {
  return { kind: 'boolean', title, required };
}

/** @param choices id -> title, or a list where the ids look like numbers, whose order an object would not keep */
export function choiceInput(
  title: string,
  choices: Readonly<Record<string, string>> | readonly ScoreBand[],
  { required = true }: { required?: boolean } = {},
): ChoiceInput {
  const list = Array.isArray(choices) ? choices : Object.entries(choices).map(([id, text]) => ({ id, title: text }));
  return { kind: 'choice', title, required, choices: list };
}

export const sexInput: ChoiceInput = choiceInput('Sex, as the source of the score uses it', { female: 'Female', male: 'Male' });

/** Every value that a missing input could have, as far as the score can tell them apart; undefined if that is a continuum. */
export function possibleValues(input: Input): readonly Fact[] | undefined {
  if (input.kind === 'boolean') return [false, true];
  if (input.kind === 'choice') return input.choices.map(({ id }) => id);
  return input.samples;
}

/**
 * Checks and converts what was given. Null and absent both mean: not known.
 *
 * @returns values in the units of the definition
 * @throws {ClinicalInputError} names the input; never its value
 */
export function readInputs(inputs: Inputs, given: GivenInputs): Map<string, Fact> {
  const known = new Map<string, Fact>();
  for (const [name, value] of Object.entries(given)) {
    const input = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (!input) throw new ClinicalInputError(name, 'is not an input of this score');
    if (value !== null && value !== undefined) known.set(name, readValue(name, input, value));
  }
  return known;
}

export function describeInput(name: string, input: Input): ScoreInputDescription {
  const isNumber = input.kind === 'number' || input.kind === 'integer';
  return {
    name,
    title: input.title,
    kind: input.kind,
    unit: isNumber ? input.unit : null,
    accepted_units: isNumber ? unitsAccepted(input) : [],
    range: isNumber ? input.range : null,
    choices: input.kind === 'choice' ? [...input.choices] : null,
    required: input.required,
  };
}

function readValue(name: string, input: Input, value: NonNullable<ScoreInputValue>): Fact {
  if (input.kind === 'boolean') {
    if (typeof value !== 'boolean') throw new ClinicalInputError(name, 'must be true or false');
    return value;
  }
  if (input.kind === 'choice') {
    if (!input.choices.some(({ id }) => id === value))
      throw new ClinicalInputError(name, `must be one of ${input.choices.map(({ id }) => id).join(', ')}`);
    return String(value);
  }
  return readNumber(name, input, value);
}

function readNumber(name: string, input: NumberInput, value: NonNullable<ScoreInputValue>): number {
  const number = inOwnUnit(name, input, value);
  if (!Number.isFinite(number)) throw new ClinicalInputError(name, 'must be a number');
  if (input.kind === 'integer' && !Number.isInteger(number)) throw new ClinicalInputError(name, 'must be a whole number');
  const { min, max } = input.range;
  if (number < min || number > max) {
    throw new ClinicalInputError(name, `is not plausible: expected ${min} to ${max}${input.unit === null ? '' : ` ${input.unit}`}`);
  }
  return number;
}

function inOwnUnit(name: string, input: NumberInput, value: NonNullable<ScoreInputValue>): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'object') throw new ClinicalInputError(name, 'must be a number, or a value with its unit');
  const to = input.unit ?? '1';
  const converted = input.quantity ? convertUnit(input.quantity, value.value, { from: value.unit, to }) : undefined;
  if (converted !== undefined) return converted;
  if (value.unit === to) return value.value;
  throw new ClinicalInputError(name, `must be in ${unitsAccepted(input).join(', ')}`);
}

function unitsAccepted(input: NumberInput): string[] {
  if (input.quantity) return unitsOf(input.quantity);
  return [input.unit ?? '1'];
}

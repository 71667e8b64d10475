import type { Fact } from '../../contract/clinical.ts';
import type { Derived } from './explore.ts';
import { ClinicalInputError, type Inputs, type KnownFacts, numberInput } from './inputs.ts';

/** Smallest plausible axis. */
const MIN_MM = 0.1;

type DiameterNames = { long: string; short: string; mean: string };
type DiameterOptions = {
  names: DiameterNames;
  /** Rounds as the source of the score says. */
  round: (meanMm: number) => number;
  /** Rounded means at which the classification may change. */
  cuts: readonly number[];
  /** Largest plausible diameter, mm. */
  maxMm: number;
};

/** Three ways to say how large something is: two axes, or their mean. All in mm. */
export function diameterInputs({ long, short, mean }: DiameterNames, subject: string, maxMm: number): Inputs {
  const range: [number, number] = [MIN_MM, maxMm];
  const axis = (title: string, required: boolean) => numberInput(title, { range, unit: 'mm', quantity: 'length', required });
  return {
    [long]: axis(`Long axis of ${subject}`, true),
    [short]: axis(`Short axis of ${subject}, perpendicular to the long one`, true),
    [mean]: axis(`Mean diameter of ${subject}, in place of the axes`, false),
  };
}

/**
 * The rounded mean diameter. With one axis only, the mean lies between half of the long axis and all of it, or at the short axis
 * or above: the fact then has every class of size that this leaves possible.
 *
 * @throws {ClinicalInputError} if the axes contradict each other or the mean is given as well
 */
export function meanDiameter(options: DiameterOptions): Derived {
  const { names, round, maxMm } = options;
  return (known) => {
    const { long, short, mean } = lengthsOf(known, names);
    if (mean !== undefined && (long !== undefined || short !== undefined))
      throw new ClinicalInputError(names.mean, `is another way to give ${names.long} and ${names.short}`);
    if (mean !== undefined) return { value: round(mean) };
    if (long !== undefined && short !== undefined) {
      if (short > long) throw new ClinicalInputError(names.short, `is longer than ${names.long}`);
      return { value: round((long + short) / 2) };
    }
    if (long !== undefined) return { values: samplesWithin(options, round((long + MIN_MM) / 2), round(long)), missing: [names.short] };
    if (short !== undefined) return { values: samplesWithin(options, round(short), round((short + maxMm) / 2)), missing: [names.long] };
    return { values: samplesWithin(options, round(MIN_MM), maxMm), missing: [names.long, names.short] };
  };
}

function lengthsOf(known: KnownFacts, names: DiameterNames): Record<keyof DiameterNames, number | undefined> {
  return { long: lengthOf(known, names.long), short: lengthOf(known, names.short), mean: lengthOf(known, names.mean) };
}

function lengthOf(known: KnownFacts, name: string): number | undefined {
  const value: Fact | undefined = known.get(name);
  return typeof value === 'number' ? value : undefined;
}

/** The ends, the cuts between them, and one value between each two. */
function samplesWithin({ cuts }: DiameterOptions, min: number, max: number): number[] {
  const edges = [min, ...cuts.filter((cut) => cut > min && cut < max), max];
  const between = edges.slice(1).map((edge, index) => (edge + (edges[index] ?? edge)) / 2);
  return [...new Set([...edges, ...between])];
}

/** A number with what a criterion says of it: `least <= x <= most`, without the ends where they are not included. */
export type Bounds = { least: number | null; most: number | null; openLeast: boolean; openMost: boolean; unit: string };

const NUMBER = '(\\d{1,3}(?:,\\d{3})+|\\d+(?:\\.\\d+)?)';
const LEAST = '(?:>=|≥|=>|at least|minimum(?: of)?|no less than|not less than|greater than or equal to|more than or equal to|from)';
const MOST = '(?:<=|≤|=<|at most|maximum(?: of)?|no more than|not more than|up to|less than or equal to|lower than or equal to)';
const ABOVE = '(?:>|greater than|more than|above|over|older than|higher than|exceeding)';
const BELOW = '(?:<|less than|below|under|younger than|lower than|fewer than)';
const UNIT = '\\s*([^\\s;,()]*(?:\\s?10\\S+)?)';

const BETWEEN = new RegExp(`${NUMBER}\\s*(?:years?(?: old| of age)?)?\\s*(?:to|and|-|–|through)\\s*${NUMBER}${UNIT}`, 'i');
const ONE_SIDED: readonly [RegExp, (value: number) => Omit<Bounds, 'unit'>][] = [
  [new RegExp(`${LEAST}\\s*${NUMBER}${UNIT}`, 'i'), (least) => ({ least, most: null, openLeast: false, openMost: false })],
  [new RegExp(`${MOST}\\s*${NUMBER}${UNIT}`, 'i'), (most) => ({ least: null, most, openLeast: false, openMost: false })],
  [new RegExp(`${ABOVE}\\s*${NUMBER}${UNIT}`, 'i'), (least) => ({ least, most: null, openLeast: true, openMost: false })],
  [new RegExp(`${BELOW}\\s*${NUMBER}${UNIT}`, 'i'), (most) => ({ least: null, most, openLeast: false, openMost: true })],
];

/**
 * The bounds that a text gives a number: `18 to 75`, `≥ 60 mL/min`, `less than 9 g/dL`, `≥ 18 and < 70`; undefined where there are none or
 * where they are not numbers alone (`2.5 x ULN`).
 */
export function readBounds(text: string): Bounds | undefined {
  if (/\buln\b|upper limit|lower limit|\blln\b|times the/i.test(text)) return undefined;
  const found = ONE_SIDED.flatMap(([pattern, boundsOf]) => {
    const [, number, unit = ''] = pattern.exec(text) ?? [];
    return number === undefined ? [] : [{ ...boundsOf(numberOf(number)), unit }];
  });
  const [first, second] = found;
  if (first && second && found.length === 2 && (first.least === null) !== (second.least === null)) {
    const [low, high] = first.least === null ? [second, first] : [first, second];
    return { least: low.least, openLeast: low.openLeast, most: high.most, openMost: high.openMost, unit: high.unit };
  }
  if (found.length > 1) return undefined;
  if (first) return first;
  const [, least, most, unit = ''] = BETWEEN.exec(text) ?? [];
  if (least === undefined || most === undefined) return undefined;
  return { least: numberOf(least), most: numberOf(most), openLeast: false, openMost: false, unit };
}

/** Whether a number is within the bounds. */
export function isWithin(value: number, { least, most, openLeast, openMost }: Bounds): boolean {
  if (least !== null && (openLeast ? value <= least : value < least)) return false;
  return most === null || (openMost ? value < most : value <= most);
}

function numberOf(text: string): number {
  return Number(text.replaceAll(',', ''));
}

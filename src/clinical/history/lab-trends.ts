import type { HistoryPattern } from '../../contract/history.ts';
import type { LabPoint, LabSeries } from './lab-series.ts';
import { yearsBetween } from './moment.ts';

/** With fewer, no order of values is unlikely enough to be told. */
const MIN_POINTS = 5;
const MAX_P = 0.05;
/** What lies further back is no present trend. */
const WINDOW_YEARS = 5;
/** Above this the exact distribution and the normal one agree to three digits. */
const EXACT_POINTS = 20;
/** Of a growing child these only tell that it grows. */
const OF_GROWTH: ReadonlySet<string> = new Set(['height', 'weight', 'body-mass-index']);
const ADULT_YEARS = 20;

const MANN_KENDALL =
  'Mann HB. Nonparametric tests against trend. Econometrica 1945;13:245-259 (doi 10.2307/1907187); slope: Sen PK. J Am Stat Assoc 1968;63:1379-1389.';

/**
 * Series that rise or fall more steadily than chance explains: the Mann-Kendall test, two-sided at 5 %, over the last five years, for at least
 * five values; the slope is the median of all pairs (Theil-Sen). Says nothing of whether the change matters.
 */
export function findTrends(series: readonly LabSeries[], { now, ageYears }: { now: Date; ageYears: number | undefined }): HistoryPattern[] {
  return series.flatMap((one) => {
    if (OF_GROWTH.has(one.test) && (ageYears === undefined || ageYears < ADULT_YEARS)) return [];
    const present = { from: now.getTime(), to: now.getTime() };
    const points = one.points.filter(({ moment }) => yearsBetween(moment, present) <= WINDOW_YEARS);
    const trend = points.length < MIN_POINTS ? undefined : mannKendall(points.map(({ value }) => value));
    if (!trend || trend.p >= MAX_P) return [];
    return [trendPattern(one, points, trend.s > 0)];
  });
}

/**
 * Kendall's S of values in order of time, and its two-sided probability without a trend: exact without ties up to 20 values, else by the normal
 * distribution with the variance corrected for ties.
 */
export function mannKendall(values: readonly number[]): { s: number; p: number } {
  let s = 0;
  for (const [index, value] of values.entries()) {
    for (const later of values.slice(index + 1)) s += Math.sign(later - value);
  }
  const ties = [...Map.groupBy(values, (value) => value).values()].map(({ length }) => length);
  const n = values.length;
  if (n <= EXACT_POINTS && ties.every((count) => count === 1)) return { s, p: exactP(n, s) };
  const weight = (count: number): number => count * (count - 1) * (2 * count + 5);
  const variance = (weight(n) - ties.reduce((sum, count) => sum + weight(count), 0)) / 18;
  if (variance === 0) return { s, p: 1 };
  const z = Math.max(0, Math.abs(s) - 1) / Math.sqrt(variance);
  return { s, p: 2 * upperTail(z) };
}

/** Median of the slopes of all pairs of different times, per year. */
export function slopePerYear(points: readonly LabPoint[]): number | undefined {
  const slopes = points.flatMap((a, index) =>
    points.slice(index + 1).flatMap((b) => {
      const years = yearsBetween(a.moment, b.moment);
      return years > 0 ? [(b.value - a.value) / years] : [];
    }),
  );
  return medianOf(slopes);
}

function trendPattern({ test, title, unit }: LabSeries, points: readonly LabPoint[], isRising: boolean): HistoryPattern {
  const [first, last] = [points[0], points.at(-1)];
  const slope = slopePerYear(points);
  const printed = unit === '1' ? '' : ` ${unit}`;
  return {
    kind: 'trend',
    rule: 'trend-mann-kendall',
    title: `${title} ${isRising ? 'rising' : 'falling'}: ${first?.value ?? ''} to ${last?.value ?? ''}${printed}`,
    explanation: `${points.length} values of the last ${WINDOW_YEARS} years ${isRising ? 'rise' : 'fall'} more steadily than chance explains${
      slope === undefined ? '' : `; median slope ${Number(slope.toPrecision(3))}${printed} a year`
    }.`,
    citation: MANN_KENDALL,
    series: { test, unit, points: points.map(({ at, value, from }) => ({ at, value, from })) },
    from: points.flatMap(({ from }) => from),
  };
}

/** Permutations of n by their number of inversions; S is the number of pairs less twice the inversions. */
function exactP(n: number, s: number): number {
  let counts = [1];
  for (let size = 2; size <= n; size += 1) {
    const next = new Array<number>(counts.length + size - 1).fill(0);
    for (const [inversions, count] of counts.entries()) {
      for (let add = 0; add < size; add += 1) next[inversions + add] = (next[inversions + add] ?? 0) + count;
    }
    counts = next;
  }
  const pairs = (n * (n - 1)) / 2;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const extreme = counts.reduce((sum, count, inversions) => (Math.abs(pairs - 2 * inversions) >= Math.abs(s) ? sum + count : sum), 0);
  return extreme / total;
}

/** Upper tail of the normal distribution: Abramowitz and Stegun 26.2.17, error below 7.5e-8. */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

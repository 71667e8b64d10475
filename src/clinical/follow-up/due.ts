import type { Recommendation } from '../../contract/clinical.ts';

/**
 * The days between which the first act of a recommendation is due, months after the examination. Of several options from the earliest to the
 * latest first act; null if none of them has one with a time.
 *
 * @param examined calendar day of the examination, `YYYYMMDD` or `YYYY-MM-DD`
 */
export function dueOf(options: readonly Recommendation[], examined: string): { from: string; to: string } | null {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(examined);
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const firsts = options.flatMap(({ steps }) => steps.slice(0, 1));
  const intervals = firsts.flatMap((step) => step.interval_months ?? (step.urgency === 'prompt' ? { min: 0, max: 1 } : []));
  if (intervals.length === 0) return null;
  const from = Math.min(...intervals.map(({ min }) => min));
  const to = Math.max(...intervals.map(({ max }) => max));
  return { from: addMonths([year, month, day], from), to: addMonths([year, month, day], to) };
}

/** The same day of a later month, or its last day where it is shorter. */
function addMonths([year, month, day]: readonly [number, number, number], months: number): string {
  const index = year * 12 + month - 1 + months;
  const [toYear, toMonth] = [Math.floor(index / 12), index % 12];
  const last = new Date(Date.UTC(toYear, toMonth + 1, 0)).getUTCDate();
  return new Date(Date.UTC(toYear, toMonth, Math.min(day, last))).toISOString().slice(0, 10);
}

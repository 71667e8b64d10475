import type { TimelineEvent } from '../../contract/history.ts';

/** A span of time on the picture, in milliseconds since 1970. */
export type Span = { from: number; to: number };
/** An event that stands in time; `until` where it lasts. */
export type Placed = { event: TimelineEvent; from: number; until: number | null };
/** What is drawn in one place: one event, or several that lie too close to be told apart. `x` and `width` in pixels. */
export type Mark = { x: number; width: number; placed: readonly Placed[] };

export const DAY_MS = 86_400_000;
const YEAR_MS = 365.25 * DAY_MS;
/** The least that can be looked at: closer, dates are no more exact than the picture. */
const SHORTEST_MS = 14 * DAY_MS;
const STEPS: readonly { ms: number; unit: 'day' | 'month' | 'year'; count: number }[] = [
  { ms: DAY_MS, unit: 'day', count: 1 },
  { ms: 7 * DAY_MS, unit: 'day', count: 7 },
  { ms: YEAR_MS / 12, unit: 'month', count: 1 },
  { ms: YEAR_MS / 4, unit: 'month', count: 3 },
  { ms: YEAR_MS, unit: 'year', count: 1 },
  { ms: 5 * YEAR_MS, unit: 'year', count: 5 },
  { ms: 10 * YEAR_MS, unit: 'year', count: 10 },
  { ms: 50 * YEAR_MS, unit: 'year', count: 50 },
];

/** The instant of a date as exact as it is (`2019`, `2019-05`, `2019-05-04`, an instant): its beginning; undefined for none. */
export function instantOf(text: string | null): number | undefined {
  const parsed = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** The events that have a date; what lasts until it is known to have ended. */
export function placeEvents(events: readonly TimelineEvent[]): Placed[] {
  return events.flatMap((event) => {
    const from = instantOf(event.at);
    if (from === undefined) return [];
    const until = instantOf(event.until);
    return [{ event, from, until: until !== undefined && until > from ? until : null }];
  });
}

/** From the first to the last of them, with a little room at both sides. */
export function wholeSpan(placed: readonly Placed[], now: number): Span {
  const from = Math.min(now - YEAR_MS, ...placed.map((one) => one.from));
  const to = Math.max(now, ...placed.map((one) => one.until ?? one.from));
  const room = 0.02 * (to - from);
  return { from: from - room, to: to + room };
}

/** The span made shorter (`factor` below 1) or longer around a moment, within `whole`. */
export function zoom(span: Span, { factor, around, whole }: { factor: number; around: number; whole: Span }): Span {
  const length = Math.min(whole.to - whole.from, Math.max(SHORTEST_MS, factor * (span.to - span.from)));
  const share = (around - span.from) / (span.to - span.from);
  return within({ from: around - share * length, to: around + (1 - share) * length }, whole);
}

/** The span moved by a share of its length, within `whole`. */
export function pan(span: Span, share: number, whole: Span): Span {
  const by = share * (span.to - span.from);
  return within({ from: span.from + by, to: span.to + by }, whole);
}

/**
 * What is drawn of one lane, from left to right.
 *
 * @param width of the picture in pixels
 * @param gap marks that lie closer than this many pixels become one
 */
export function layOut(placed: readonly Placed[], span: Span, { width, gap }: { width: number; gap: number }): Mark[] {
  const scale = width / (span.to - span.from);
  const seen = placed.filter(({ from, until }) => (until ?? from) >= span.from && from <= span.to).toSorted((a, b) => a.from - b.from);
  const marks: { x: number; end: number; placed: Placed[] }[] = [];
  for (const one of seen) {
    const x = Math.max(0, (one.from - span.from) * scale);
    const end = Math.min(width, ((one.until ?? one.from) - span.from) * scale);
    const last = marks.at(-1);
    // What lasts is drawn by itself; moments that touch are drawn as one.
    if (last && one.until === null && last.placed.every(({ until }) => until === null) && x - last.end < gap) {
      last.placed.push(one);
      last.end = x;
    } else marks.push({ x, end, placed: [one] });
  }
  return marks.map(({ x, end, placed: members }) => ({ x, width: Math.max(0, end - x), placed: members }));
}

/** Lines of the calendar with at least `leastPx` between them, each with the instant that it stands at. */
export function ticks(span: Span, width: number, leastPx: number): { at: number; unit: 'day' | 'month' | 'year' }[] {
  const leastMs = (leastPx / width) * (span.to - span.from);
  const step = STEPS.find(({ ms }) => ms >= leastMs) ?? STEPS.at(-1);
  if (!step) return [];
  const found: { at: number; unit: 'day' | 'month' | 'year' }[] = [];
  for (let at = firstOf(span.from, step); at <= span.to; at = nextOf(at, step)) if (at >= span.from) found.push({ at, unit: step.unit });
  return found;
}

function firstOf(from: number, { unit, count }: (typeof STEPS)[number]): number {
  const date = new Date(from);
  if (unit === 'day') return Math.floor(from / (count * DAY_MS)) * count * DAY_MS;
  if (unit === 'year') return Date.UTC(Math.floor(date.getUTCFullYear() / count) * count, 0, 1);
  return Date.UTC(date.getUTCFullYear(), Math.floor(date.getUTCMonth() / count) * count, 1);
}

function nextOf(at: number, { unit, count }: (typeof STEPS)[number]): number {
  const date = new Date(at);
  if (unit === 'day') return at + count * DAY_MS;
  if (unit === 'year') return Date.UTC(date.getUTCFullYear() + count, 0, 1);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, 1);
}

function within({ from, to }: Span, whole: Span): Span {
  const length = Math.min(to - from, whole.to - whole.from);
  const start = Math.min(Math.max(from, whole.from), whole.to - length);
  return { from: start, to: start + length };
}

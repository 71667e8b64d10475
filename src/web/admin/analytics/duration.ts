import { decimal } from '../../format.ts';

const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;

/** Seconds in the largest unit that fits, by its international sign: `42 min`, `3.5 h`, `2.1 d`; a dash for nothing. */
export function durationText(seconds: number | null): string {
  if (seconds === null) return '\u2013';
  if (seconds < MINUTE_S) return `${decimal(seconds, 0)}\u00a0s`;
  if (seconds < HOUR_S) return `${decimal(seconds / MINUTE_S, 0)}\u00a0min`;
  if (seconds < 2 * DAY_S) return `${decimal(seconds / HOUR_S, 1)}\u00a0h`;
  return `${decimal(seconds / DAY_S, 1)}\u00a0d`;
}

/** Pauses between tries, in milliseconds. */
export type Backoff = { firstMs: number; mostMs: number };

/**
 * How long to wait before try number `attempt` (from 0): twice as long each time, up to a limit, of which the half is random, so that
 * clients that a restart has thrown out do not all come back in one moment.
 *
 * @param random at least 0 and below 1
 */
export function pauseMs(attempt: number, { firstMs, mostMs }: Backoff, random: number): number {
  const full = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 30));
  return Math.round(full / 2 + (full / 2) * random);
}

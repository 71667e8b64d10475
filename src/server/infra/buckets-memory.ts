import type { BucketSize, Taken, TokenBuckets } from '../platform/ports.ts';

/** Buckets kept at most: a flood of invented names must not grow memory. */
const MAX_BUCKETS = 100_000;

/**
 * Token buckets in this process. Each is one number, the instant at which it will be full (the "theoretical arrival time" of the generic
 * cell rate algorithm, ITU-T I.371 annex A); what is full need not be kept.
 */
export function openMemoryBuckets(now: () => Date): TokenBuckets {
  const fullAt = new Map<string, number>();
  return {
    take: async (name, size, tokens = 1) => {
      const at = now().getTime();
      const { taken, next } = takeTokens(fullAt.get(name), { ...size, at, tokens });
      // Set anew, so that the map stays in order of last use.
      fullAt.delete(name);
      fullAt.set(name, next);
      if (fullAt.size > MAX_BUCKETS) forget(fullAt, at);
      return taken;
    },
    close: async () => fullAt.clear(),
  };
}

/**
 * What taking tokens from a bucket does to it.
 *
 * @param fullAt when it will be full, in milliseconds since 1970; undefined for one that is full
 * @param asked `at` is now
 */
export function takeTokens(
  fullAt: number | undefined,
  { quantity, windowMs, at, tokens }: BucketSize & { at: number; tokens: number },
): { taken: Taken; next: number } {
  const perToken = windowMs / quantity;
  const before = Math.max(fullAt ?? at, at);
  const after = before + tokens * perToken;
  const retryInMs = Math.max(0, after - windowMs - at);
  const next = retryInMs > 0 ? before : after;
  // A hair is added, because a number of parts may add up to a hair less than the whole.
  const remaining = Math.max(0, Math.floor((windowMs - (next - at)) / perToken + 1e-6));
  return { taken: { allowed: retryInMs === 0, remaining, fullInMs: next - at, retryInMs }, next };
}

/** Drops what is full, and if that is not enough, what was used longest ago. */
function forget(fullAt: Map<string, number>, at: number): void {
  for (const [name, instant] of fullAt) if (instant <= at) fullAt.delete(name);
  for (const name of fullAt.keys()) {
    if (fullAt.size <= MAX_BUCKETS * 0.9) return;
    fullAt.delete(name);
  }
}

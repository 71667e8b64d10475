/** Upper limits of the buckets, in seconds: about the limits of N-01, N-07 and N-12. */
export const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10] as const;

/** Answers of one route with one status. `buckets` holds how many took at most as long as the limit of the same place. */
export type RouteTimes = { method: string; route: string; status: number; count: number; sumS: number; buckets: number[] };
export type RequestTimes = {
  note(answer: { method: string; route: string; status: number; durationMs: number }): void;
  list(): RouteTimes[];
  /** Milliseconds since the call before; null if nothing was answered. */
  takeAverageMs(): number | null;
  /** The same, without beginning anew. */
  averageMs(): number | null;
};

/** How long requests took, since the start of the process. */
export function openRequestTimes(): RequestTimes {
  const routes = new Map<string, RouteTimes>();
  let recent = { count: 0, sumMs: 0 };
  return {
    note: ({ method, route, status, durationMs }) => {
      const key = `${method} ${route} ${status}`;
      const times = routes.get(key) ?? { method, route, status, count: 0, sumS: 0, buckets: BUCKETS_S.map(() => 0) };
      routes.set(key, times);
      times.count += 1;
      times.sumS += durationMs / 1_000;
      for (const [index, limit] of BUCKETS_S.entries())
        if (durationMs <= limit * 1_000) times.buckets[index] = (times.buckets[index] ?? 0) + 1;
      recent = { count: recent.count + 1, sumMs: recent.sumMs + durationMs };
    },
    list: () => [...routes.values()],
    averageMs: () => (recent.count === 0 ? null : recent.sumMs / recent.count),
    takeAverageMs: () => {
      const { count, sumMs } = recent;
      recent = { count: 0, sumMs: 0 };
      return count === 0 ? null : sumMs / count;
    },
  };
}

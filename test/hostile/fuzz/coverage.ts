import { Session } from 'node:inspector/promises';

/** What V8 has seen run of our code since it was asked last. */
export type Coverage = {
  /** Whether code ran that had not run before in this process. */
  hasGrown(): Promise<boolean>;
  /** Blocks of code that have run so far. */
  blocks(): number;
  stop(): Promise<void>;
};

/** Block coverage by the inspector of this process, of the files whose address has one of the `parts`. */
export async function openCoverage(parts: readonly string[]): Promise<Coverage> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  // With counts, each look tells what ran since the one before.
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const seen = new Set<string>();
  return {
    hasGrown: async () => {
      const { result } = await session.post('Profiler.takePreciseCoverage');
      const before = seen.size;
      for (const { url, functions } of result) {
        if (!parts.some((part) => url.includes(part))) continue;
        for (const { ranges } of functions) {
          for (const { startOffset, endOffset, count } of ranges) if (count > 0) seen.add(`${url} ${startOffset} ${endOffset}`);
        }
      }
      return seen.size > before;
    },
    blocks: () => seen.size,
    stop: async () => {
      await session.post('Profiler.stopPreciseCoverage');
      session.disconnect();
    },
  };
}

import type { KnowledgeTables } from './knowledge.ts';

/** The last run of the canary pairs over a source. */
export type CanaryRun = { source: string; version: string; passed: boolean; failures: readonly string[] };
export type SwitchedOff = { source: string; version: string; reason: string };

/**
 * Why a source must not be used now; undefined if it may: its time has not begun or is over, or it failed the canary pairs in the version that is
 * in use.
 *
 * @param runs of all sources; one that was never run may be used
 */
export function reasonOff(
  { source, version, validFrom, validUntil }: Pick<KnowledgeTables, 'source' | 'version' | 'validFrom' | 'validUntil'>,
  runs: readonly CanaryRun[],
  now: Date,
): string | undefined {
  const today = now.toISOString().slice(0, 10);
  if (validFrom > today) return `Valid from ${validFrom} on only`;
  if (validUntil !== null && validUntil < today) return `Expired on ${validUntil}`;
  const run = runs.find((one) => one.source === source && one.version === version);
  if (run && !run.passed) return `Failed ${run.failures.length} of its canary checks: ${run.failures.slice(0, 3).join('; ')}`;
  return undefined;
}

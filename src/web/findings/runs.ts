import type { Analysis } from '../../contract/analysis.ts';

/** Of runs listed newest first, the newest of each model on each input. */
export function currentRuns(runs: readonly Analysis[]): Analysis[] {
  const seen = new Set<string>();
  return runs.filter((run) => {
    const key = [run.model_id, run.series_instance_uid, run.sop_instance_uid].join(' ');
    return !seen.has(key) && seen.add(key);
  });
}

/** Runs that came to no result, those with the same model, state and reason together. */
export function groupWithoutResult(runs: readonly Analysis[]): { run: Analysis; count: number }[] {
  const groups = new Map<string, { run: Analysis; count: number }>();
  for (const run of runs) {
    if (run.status === 'succeeded') continue;
    const key = [run.model_id, run.status, run.reason].join('\n');
    groups.set(key, { run, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return [...groups.values()];
}

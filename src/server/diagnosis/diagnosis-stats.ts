import { DIAGNOSIS_STATUSES, PRIORITIES } from '../../contract/diagnosis.ts';
import type { getDiagnosisStats } from '../../contract/diagnosis-work.ts';
import type { Output } from '../../contract/endpoint.ts';
import type { Db } from '../platform/ports.ts';
import { countDiagnoses, countPartial, listDurations } from './stats-queries.ts';

/** Diagnoses that the times are taken from. */
const TIMED = 1_000;

/** Counts and times of a tenant's diagnoses (E-28). */
export async function readStats(db: Db): Promise<Output<typeof getDiagnosisStats>> {
  const [counts, partial, durations] = await Promise.all([countDiagnoses(db), countPartial(db), listDurations(db, TIMED)]);
  const sum = (rows: typeof counts): number => rows.reduce((total, { count }) => total + count, 0);
  const sorted = durations.toSorted((a, b) => a - b);
  const mean = durations.reduce((total, value) => total + value, 0) / durations.length;
  return {
    total: sum(counts),
    by_status: countsOf(DIAGNOSIS_STATUSES, (status) => sum(counts.filter((row) => row.status === status))),
    by_priority: countsOf(PRIORITIES, (priority) => sum(counts.filter((row) => row.priority === priority))),
    partial,
    mean_processing_time: durations.length > 0 ? mean : null,
    median_processing_time: sorted[Math.floor((sorted.length - 1) / 2)] ?? null,
  };
}

function countsOf(names: readonly string[], count: (name: string) => number): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, count(name)]));
}

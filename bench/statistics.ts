export function median(values: number[]): number {
  return percentile(values, 0.5);
}

/** The value that `share` of all values lie below. NaN of nothing. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** What a run came to. `skipped` maps a reason to how many tests it kept from running. */
export type Tally = { passed: number; failed: number; failures: string[]; skipped: Map<string, number> };

export function newTally(): Tally {
  return { passed: 0, failed: 0, failures: [], skipped: new Map() };
}

/**
 * Why a test was skipped, in words for the last lines: from the note given to `context.skip(note)`, or from "(needs X)" in the names of
 * the test and its `describe` blocks, where the innermost counts.
 */
export function skipReason(fullName: string, note?: string): string {
  if (note) return note;
  const needs = [...fullName.matchAll(/\(needs ([^()]+)\)/g)].at(-1)?.[1]?.replace(/^['"]|['"]$/g, '');
  if (!needs) return `no reason given: ${fullName}`;
  return `${needs} not ${needs.includes('/') ? 'present' : 'installed'}`;
}

/** Failures, then what was skipped and why (the most frequent first), then the counts alone on the last line. */
export function closingLines({ passed, failed, failures, skipped }: Tally): string[] {
  const reasons = [...skipped].sort(([, a], [, b]) => b - a);
  const total = reasons.reduce((sum, [, count]) => sum + count, 0);
  return [
    ...(failures.length > 0 ? ['', 'Failed:', ...failures.map((name) => `  ${name}`)] : []),
    '',
    ...reasons.map(([reason, count]) => `skipped: ${reason} (${count} ${count === 1 ? 'test' : 'tests'})`),
    `${passed} passed, ${failed} failed, ${total} skipped`,
  ];
}

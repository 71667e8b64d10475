/**
 * One measured figure. `note` says how it was measured, `target` what it is held against: `>= 0.85`, `< 10`. The target holds for the
 * `ratio` where there is one (the row's value over its peer's, or the peer's over it: above 1 is better than the peer), else for `value`.
 */
export type BenchRow = {
  name: string;
  value: number;
  unit: string;
  target?: string;
  /** What the same run gave for the comparison, in the same unit. */
  peer?: { name: string; value: number };
  ratio?: number;
  note?: string;
};

/** Whether the figure reaches its target; null without one. @throws {Error} for a target that is not a comparison with a number */
export function isMet({ target, ratio, value }: BenchRow): boolean | null {
  if (target === undefined) return null;
  const [, operator, limit] = /^(<=|>=|<|>) ([\d.]+)$/.exec(target) ?? [];
  const figure = ratio ?? value;
  if (operator === '<=') return figure <= Number(limit);
  if (operator === '>=') return figure >= Number(limit);
  if (operator === '<') return figure < Number(limit);
  if (operator === '>') return figure > Number(limit);
  throw new Error(`Not a target: ${target}`);
}

/** Shorter words are too like each other to guess. */
const MIN_LETTERS = 6;
const LETTERS_FOR_TWO = 9;

/**
 * The one drug whose name is a slip of the pen away: one letter dropped, added, changed or swapped, two from nine letters on, the first
 * letter right. Undefined if there is none or if two drugs are equally near, as between look-alike names.
 */
export function closestName(names: ReadonlyMap<string, string>, word: string): string | undefined {
  if (word.length < MIN_LETTERS || /\d/.test(word)) return undefined;
  const limit = word.length >= LETTERS_FOR_TWO ? 2 : 1;
  let best = limit + 1;
  const nearest = new Set<string>();
  for (const [name, drug] of names) {
    if (name[0] !== word[0] || Math.abs(name.length - word.length) > limit) continue;
    const distance = editDistance(name, word, Math.min(best, limit));
    if (distance > limit || distance > best) continue;
    if (distance < best) nearest.clear();
    best = distance;
    nearest.add(drug);
  }
  const [only] = nearest;
  return nearest.size === 1 ? only : undefined;
}

/** Optimal string alignment distance (Damerau 1964); anything above `limit` may come back as `limit + 1`. */
function editDistance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    let lowest = i;
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      current.push(cost);
      lowest = Math.min(lowest, cost);
    }
    if (lowest > limit) return limit + 1;
    [before, previous] = [previous, current];
  }
  return previous[b.length] ?? limit + 1;
}

/** As in the paper: how little the first ranks stand out. */
const K = 60;

/** What one way of searching found, the best first. */
export type RankedList<T> = { items: readonly T[]; weight: number };

/**
 * One order out of several: each item gets `weight / (60 + rank)` from each list that holds it. Only ranks count, so that lists whose scores
 * cannot be compared (words, synonyms, vectors) can be fused. Items that are equal stay in the order of the lists.
 *
 * Cormack, Clarke, Buettcher. Reciprocal rank fusion outperforms Condorcet and individual rank learning methods. SIGIR 2009:758,
 * doi 10.1145/1571941.1572114; the weights are ours.
 */
export function fuseRanks<T>(lists: readonly RankedList<T>[]): T[] {
  const scores = new Map<T, number>();
  for (const { items, weight } of lists)
    for (const [index, item] of items.entries()) scores.set(item, (scores.get(item) ?? 0) + weight / (K + index + 1));
  return [...scores].sort(([, a], [, b]) => b - a).map(([item]) => item);
}

/** A run of text that both versions have, or only one of them. */
export type Word = { kind: 'same' | 'added' | 'removed'; text: string };

/** More cells than this are not compared word by word: what differs then counts as replaced. */
const MOST_CELLS = 4_000_000;

/**
 * What changed from one text to another, by words, spaces and signs (the longest common subsequence of Hunt and Szymanski's problem, by
 * dynamic programming). The runs of `same` and `removed` make up the first text, those of `same` and `added` the second.
 */
export function compareWords(before: string, after: string): Word[] {
  const [a, b] = [partsOf(before), partsOf(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const middle = compareParts(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const same = (parts: readonly string[]): Word[] => parts.map((text) => ({ kind: 'same', text }));
  return joined([...same(a.slice(0, start)), ...middle, ...same(a.slice(a.length - end))]);
}

function partsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{M}'’-]+|\s+|[^\p{L}\p{N}\p{M}\s]/gu) ?? [];
}

function compareParts(a: readonly string[], b: readonly string[]): Word[] {
  const removed = a.map((text): Word => ({ kind: 'removed', text }));
  const added = b.map((text): Word => ({ kind: 'added', text }));
  if (a.length === 0 || b.length === 0 || a.length * b.length > MOST_CELLS) return [...removed, ...added];
  const lengths = commonLengths(a, b);
  const columns = b.length + 1;
  const words: Word[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const [left = '', right = ''] = [a[i], b[j]];
    if (left === right) {
      words.push({ kind: 'same', text: left });
      i += 1;
      j += 1;
    } else if ((lengths[(i + 1) * columns + j] ?? 0) >= (lengths[i * columns + j + 1] ?? 0)) {
      words.push({ kind: 'removed', text: left });
      i += 1;
    } else {
      words.push({ kind: 'added', text: right });
      j += 1;
    }
  }
  return [...words, ...removed.slice(i), ...added.slice(j)];
}

/** Of the rests of both from each place on, [a.length + 1, b.length + 1]. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint16Array {
  const columns = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * columns);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * columns + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * columns + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * columns + j] ?? 0, lengths[i * columns + j + 1] ?? 0);
  return lengths;
}

/** Neighbors of a kind are one run. */
function joined(words: readonly Word[]): Word[] {
  const runs: Word[] = [];
  for (const { kind, text } of words) {
    const last = runs.at(-1);
    if (last?.kind === kind) last.text += text;
    else runs.push({ kind, text });
  }
  return runs;
}

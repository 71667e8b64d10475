import { attributeRows } from '../dictionary-data.ts';
import { foldText } from './normalize-text.ts';
import { safeWordRows } from './safe-words-data.ts';

/** Technique in short: vertebrae and weightings, reconstruction kernels, diffusion values, dimensions, multiples of a field. */
const technique =
  /^(?:[clst]\d{1,2}|t[12]w?i?|[bdhituq][rvfl]?\d{2}[a-z]{0,2}|b[1-9]\d{1,3}|[1-4]d|[1-9]t|\d{1,4}(?:\.\d+)?(?:mm|cm|um|ms|s|sec|min|kv|kvp|ma|mas|mgy|ml|cc|mg|hz|khz|mhz|t|deg|pct|hu|px))$/;

/** Words of attribute names that are shorter say too little to be sure of. */
const SHORTEST_KEYWORD_PART = 4;

let words: Set<string> | undefined;

/** Whether every word of a text may stay in any description: vocabulary of radiology, names of DICOM's attributes, technique in short. */
export function isSafeWord(text: string, more: ReadonlySet<string> = new Set()): boolean {
  words ??= openWords();
  const known = words;
  const parts = foldText(text)
    .split(/[^\p{L}\p{N}.]+/u)
    .map((part) => part.replace(/^\.+|\.+$/g, ''))
    .filter((part) => part !== '');
  return parts.length > 0 && parts.every((part) => known.has(part) || more.has(part) || technique.test(part));
}

function openWords(): Set<string> {
  const opened = new Set(safeWordRows.trim().split(/\s+/));
  for (const row of attributeRows.trim().split('\n')) {
    const keyword = row.slice(row.lastIndexOf(' ') + 1);
    for (const part of keyword.split(/(?=[A-Z])/)) if (part.length >= SHORTEST_KEYWORD_PART) opened.add(part.toLowerCase());
  }
  return opened;
}

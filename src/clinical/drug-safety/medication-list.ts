import type { Knowledge } from './compile.ts';
import { parseMedication } from './parse-medication.ts';

/** Numbers, letters and bullets before the entries of a list. */
const BULLET = /^\s*(?:\d{1,2}[.)]\s+|[-*•·–]\s*)/u;
/** Headings that stand in lists and name no drug. */
const HEADING = /^(?:current |home |regular )?(?:medications?|meds|medikation|médicaments|medicación)\s*:?$/iu;
const MAX_LINES = 200;

/** The lines of a list without bullets, headings and empty ones. */
export function linesOf(list: string): string[] {
  return list
    .split(/\r?\n|;/)
    .map((line) => line.replace(BULLET, '').trim())
    .filter((line) => line !== '' && !HEADING.test(line))
    .slice(0, MAX_LINES);
}

/**
 * One line, or several where it names several medications one after the other: a comma, plus sign or slash divides only where a drug stands on
 * both sides, so that the strengths of a combination and a second dose of the same drug stay together.
 */
export function splitMedications(knowledge: Knowledge, text: string): string[] {
  const parts: string[] = [];
  for (const piece of text.split(/(?<=[,;\n])/u)) {
    const last = parts.at(-1);
    const startsNew = last !== undefined && namesDrug(knowledge, last) && namesDrug(knowledge, piece);
    if (last === undefined || startsNew) parts.push(piece);
    else parts[parts.length - 1] = last + piece;
  }
  return parts.map((part) => part.replace(/[,;\s]+$/u, '').trim()).filter(Boolean);
}

/** Without guesses: a misspelled word is not enough to divide a line. */
function namesDrug(knowledge: Knowledge, text: string): boolean {
  const { drugs, corrected } = parseMedication(knowledge, text);
  return drugs.length > 0 && !corrected;
}

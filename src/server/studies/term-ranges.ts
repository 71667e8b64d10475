import type { Condition, NameCondition } from './match-condition.ts';
import { cutTerm, termForm } from './search-terms.ts';

/** Terms from `from` on that are before `before`. */
export type TermRange = { from: string; before: string };

/** Sorts after all text that goes on in any other way. */
const LAST_CHARACTER = '\u{10FFFF}';

/**
 * Where the terms of everything that meets a condition lie; undefined if they can lie anywhere. More than meets it lies there, too.
 *
 * @param byPart whether each place within a text is the beginning of a term, or only its first
 */
export function termRanges(condition: Condition, byPart: boolean): TermRange[] | undefined {
  switch (condition.kind) {
    case 'equal':
      return condition.values.map((value) => startingWith(termForm(value)));
    case 'wildcard':
      return all(condition.patterns.map((pattern) => ofPattern(pattern, byPart, termForm)));
    case 'name':
      return ofName(condition, byPart);
    case 'range':
      return [{ from: condition.from, before: condition.before ?? LAST_CHARACTER }];
    case 'any':
      return all(condition.of.map((one) => termRanges(one, byPart)));
    case 'number':
    case 'empty':
      return undefined;
  }
}

/** Terms that begin with a text. */
export function startingWith(form: string): TermRange {
  const cut = cutTerm(form);
  return { from: cut, before: cut + LAST_CHARACTER };
}

function all(ranges: (TermRange[] | undefined)[]): TermRange[] | undefined {
  return ranges.includes(undefined) ? undefined : ranges.flatMap((some) => some ?? []);
}

function ofName({ anyGroup, groups, words }: NameCondition, byPart: boolean): TermRange[] | undefined {
  // A name that is of the pattern holds each of the words, too.
  if (words) return byPart ? [startingWith(longest(words))] : undefined;
  const patterns = anyGroup === undefined ? groups.flatMap((group) => group ?? []) : [anyGroup];
  if (!byPart && patterns.length > 1) return undefined;
  const parts = patterns.flatMap((pattern) => ofPattern(pattern, byPart, nameForm) ?? []);
  return parts.length === 0 ? undefined : [parts.reduce((best, next) => (next.from.length > best.from.length ? next : best))];
}

function ofPattern(pattern: string, byPart: boolean, form: (text: string) => string): TermRange[] | undefined {
  const literals = pattern.split(/[*?]+/).map(form);
  const literal = byPart ? longest(literals) : (literals[0] ?? '');
  return literal === '' ? undefined : [startingWith(literal)];
}

/** Names stand in terms with single spaces between their components. */
function nameForm(text: string): string {
  return text.replaceAll('^', ' ').replaceAll(/\s+/g, ' ').trim();
}

function longest(texts: readonly string[]): string {
  return texts.reduce((best, next) => (next.length > best.length ? next : best), '');
}

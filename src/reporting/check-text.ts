import type { Locale, ReportSections, SectionName } from '../contract/reports.ts';
import { type CheckLexicon, checkLexiconOf } from './check-lexicon.ts';

/** A part of a section, in UTF-16 code units. */
export type Place = { section: SectionName; start: number; end: number };
export type Side = 'right' | 'left';

/** Patterns of one language, on text that `foldInPlace` gave. */
export type CheckPatterns = {
  sides: Record<Side | 'bilateral', RegExp>;
  organs: { M: RegExp; F: RegExp };
  compared: RegExp;
  /** A measuring word and the numbers after it; the group `unit` is what follows them. */
  measured: RegExp;
  /** A unit; the group `before` is what stands before it in its clause. */
  unit: RegExp;
};

const NUMBER = '\\d+(?:[.,]\\d+)?';
const BEGIN = '(?<![\\p{L}\\p{N}])';
const END = '(?![\\p{L}\\p{N}])';
const LENGTH_UNITS = ['mm', 'cm', 'mm²', 'mm³', 'cm²', 'cm³', 'ml', 'hu', 'he', 'uh'];
/** What may stand directly after a number that needs no unit of length. */
const OTHER_UNITS = ['m', 'l', 'g', 'kg', 'mg', 'ml', 'cc', 'ms', '%', '°', 'cm/s', 'm/s', 'mmhg', 'grad', 'ui', 'ng', 'µm', 'um'];

/**
 * Lower case without diacritics, each UTF-16 code unit in its place, so that what is found has its place in the text. Arabic letters
 * that are written in several ways are one of them.
 */
export function foldInPlace(text: string): string {
  return Array.from({ length: text.length }, (_, index) => foldUnit(text[index] ?? '')).join('');
}

function foldUnit(unit: string): string {
  if (unit === 'ة') return 'ه';
  if (unit === '’' || unit === '‘') return "'";
  const base = unit.normalize('NFD')[0] ?? unit;
  const lower = base.toLowerCase();
  return lower.length === 1 ? lower : unit;
}

/** The sentences of a text with their places. A full stop ends one only before a space, so that `1.5 cm` stays whole. */
export function sentencesWithPlace(section: SectionName, text: string): (Place & { text: string })[] {
  const found: (Place & { text: string })[] = [];
  for (const match of text.matchAll(/(?:[^\n;؛.!?؟]|[.!?؟](?!\s|$))+[.!?؟]?/gu)) {
    const trimmed = match[0].trim();
    if (trimmed === '') continue;
    const start = match.index + match[0].indexOf(trimmed);
    found.push({ section, start, end: start + trimmed.length, text: trimmed });
  }
  return found;
}

/** The words of one sentence of a language that tell a side; both for what is said of both. */
export function sidesIn(sentence: string, locale: Locale): Set<Side> {
  const folded = foldInPlace(sentence);
  const { sides } = patternsOf(locale);
  const found = new Set<Side>();
  if (folded.search(sides.bilateral) >= 0) return new Set(['right', 'left']);
  if (folded.search(sides.right) >= 0) found.add('right');
  if (folded.search(sides.left) >= 0) found.add('left');
  return found;
}

/** Every match of a pattern in some sections, with its place. */
export function matchesIn(
  sections: ReportSections,
  names: readonly SectionName[],
  pattern: RegExp,
): (Place & { match: RegExpExecArray })[] {
  return names.flatMap((section) =>
    [...foldInPlace(sections[section]).matchAll(pattern)].map((match) => ({
      section,
      start: match.index,
      end: match.index + match[0].length,
      match,
    })),
  );
}

const compiled = new Map<Locale, CheckPatterns>();

export function patternsOf(locale: Locale): CheckPatterns {
  const known = compiled.get(locale);
  if (known) return known;
  const made = compile(checkLexiconOf(locale));
  compiled.set(locale, made);
  return made;
}

function compile(lexicon: CheckLexicon): CheckPatterns {
  const units = unitPattern([...LENGTH_UNITS, ...lexicon.units]);
  const any = unitPattern([...LENGTH_UNITS, ...OTHER_UNITS, ...lexicon.units]);
  const amount = `${NUMBER}(?:\\s*(?:[x×*]|-|–)\\s*${NUMBER})*`;
  return {
    sides: { right: anyOf(lexicon.right), left: anyOf(lexicon.left), bilateral: anyOf(lexicon.bilateral) },
    organs: { M: anyOf(lexicon.organs.M), F: anyOf(lexicon.organs.F) },
    compared: anyOf(lexicon.compared),
    measured: new RegExp(
      `${BEGIN}(?:${alternatives(lexicon.measured)})${END}[\\s:=\\u2066-\\u2069]*${amount}(?![\\d.,]*\\d)(?<unit>[\\s\\u00a0\\u2066-\\u2069]*(?:${any}|[x×]))?`,
      'gu',
    ),
    unit: new RegExp(`(?<before>[^\\n;.!?؟]{0,12}?)${BEGIN}(?:${units})${END}`, 'gu'),
  };
}

/** Whether a number, or a word after which none is needed, stands before a unit. */
export function hasValueBefore(before: string, locale: Locale): boolean {
  const plain = before.replaceAll(/[\u2066-\u2069\u00a0\s]+/g, ' ').trimEnd();
  if (/[\d/(]$/.test(plain)) return true;
  const word = /[\p{L}]+$/u.exec(plain)?.[0];
  return word !== undefined && checkLexiconOf(locale).unitAfter.includes(word);
}

function unitPattern(units: readonly string[]): string {
  return units.toSorted((a, b) => b.length - a.length).join('|');
}

function anyOf(phrases: readonly string[]): RegExp {
  return new RegExp(`${BEGIN}(?:${alternatives(phrases)})${END}`, 'gu');
}

function alternatives(phrases: readonly string[]): string {
  return phrases.toSorted((a, b) => b.length - a.length).join('|');
}

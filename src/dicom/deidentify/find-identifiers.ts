import type { Identifiers } from './identifiers.ts';
import { datesInText, foldText, squeezeText } from './normalize-text.ts';
import { isSafeWord } from './safe-words.ts';

/**
 * `text`: written by people or filled in from other systems. `code`: a defined term or a code, where a name that is also a word of
 * radiology ("HAND") is taken for the word.
 */
export type TextKind = 'text' | 'code';

/** From this length on, part of a name counts inside of a longer word, too. */
const INSIDE_WORDS_LENGTH = 5;
/** Squeezed IDs shorter than this turn up by chance where words and numbers are written together. */
const SQUEEZED_LENGTH = 6;

const eMail = /[\p{L}\d._%+-]+@[\p{L}\d-]+\.[\p{L}\d.-]+/u;
const phone = /(?<![\d.])(?:\+?\(?\d{1,4}\)?[ \-/.()]{1,2}){2,}\d{2,}(?![\d.])|\+\d{8,}/;
const title = /(?:^|[^\p{L}])(?:dr|prof|mr|mrs|ms|miss|herr|frau|sr|sra|mme|pr|drs|md)\.?\s+\p{L}{2,}/iu;
const longNumber = /\d{7,}/;
const uid = /(?<![\d.])[0-2](?:\.\d+){4,}(?![\d.])/;

/** Whether the text says any of the identifiers. */
export function saysIdentifier(text: string, identifiers: Identifiers, kind: TextKind): boolean {
  if (text === '') return false;
  for (const one of identifiers.uids) if (text.includes(one)) return true;
  const folded = foldText(text);
  return saysWord(folded, identifiers.words, kind) || saysPhrase(folded, identifiers.phrases) || saysNumber(folded, identifiers);
}

/**
 * Whether the text looks as if it said who someone is, although the object names nobody of that kind elsewhere: an e-mail address, a
 * phone or other long number, a form of address and a word after it, a UID that is not the standard's own, or a date.
 */
export function looksIdentifying(text: string, { datesStay }: { datesStay: boolean }): boolean {
  const found = uid.exec(text)?.[0];
  if (found !== undefined && !found.startsWith('1.2.840.10008.')) return true;
  let rest = foldText(found === undefined ? text : text.replaceAll(found, ' '));
  const dates = datesInText(rest);
  if (dates.length > 0 && !datesStay) return true;
  for (const { start, end } of dates) rest = rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end);
  return eMail.test(rest) || phone.test(rest) || title.test(rest) || longNumber.test(rest);
}

/** Whether a number (IS, DS, binary) is a patient's or other ID: a series may be numbered by it. Short numbers are so by chance. */
export function isNumberedId(value: unknown, { phrases, numbers }: Identifiers): boolean {
  if (typeof value !== 'number' && typeof value !== 'bigint') return false;
  const text = String(value);
  return text.length >= SQUEEZED_LENGTH && (phrases.has(text) || numbers.has(text));
}

function saysWord(folded: string, words: ReadonlySet<string>, kind: TextKind): boolean {
  if (words.size === 0) return false;
  const runs = folded.split(/[^\p{L}\p{N}]+/u).filter((run) => run !== '');
  const tokens = new Set([...runs, ...runs.flatMap((run) => run.split(/\p{N}+/u)).filter((run) => run !== '')]);
  for (const token of tokens) {
    const isWord = isSafeWord(token);
    if (words.has(token) && !(kind === 'code' && isWord)) return true;
    if (isWord || token.length < INSIDE_WORDS_LENGTH) {
      // Ideographs stand without spaces between words.
      if (!/[^\p{sc=Latin}\p{N}]/u.test(token)) continue;
    }
    for (const word of words) {
      const counts = word.length >= INSIDE_WORDS_LENGTH || /\p{sc=Han}|\p{sc=Hangul}|\p{sc=Hiragana}|\p{sc=Katakana}/u.test(word);
      if (counts && token.includes(word)) return true;
    }
  }
  return false;
}

function saysPhrase(folded: string, phrases: ReadonlySet<string>): boolean {
  if (phrases.size === 0) return false;
  const squeezed = squeezeText(folded);
  for (const phrase of phrases) {
    if (includesWhole(folded, phrase)) return true;
    const short = squeezeText(phrase);
    if (short.length >= SQUEEZED_LENGTH && squeezed.includes(short)) return true;
  }
  return false;
}

function saysNumber(folded: string, { numbers, days }: Identifiers): boolean {
  if (numbers.size > 0) {
    const digits = folded.replace(/\D/g, '');
    for (const number of numbers) if (digits.includes(number)) return true;
  }
  return days.size > 0 && datesInText(folded).some((date) => date.days.some((day) => days.has(day)));
}

/** Whether `part` stands in `text` and no letter or digit follows or goes before. */
function includesWhole(text: string, part: string): boolean {
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    const [before, after] = [text[at - 1] ?? ' ', text[at + part.length] ?? ' '];
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return true;
  }
  return false;
}

import { searchForm } from './patient-name.ts';

/** Longer words are cut off: what is looked for is cut as well. */
const MAX_TERM = 64;
/** Scripts that are written without spaces between the parts of a name. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/**
 * Letters that are written one for the other. Latin: what decomposition does not divide. Arabic: the forms of alef, yeh and kaf, teh marbuta
 * written as heh, and the stroke that only lengthens a word.
 */
const SAME_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ٱ: 'ا',
  ى: 'ي',
  ی: 'ي',
  ئ: 'ي',
  ؤ: 'و',
  ة: 'ه',
  ک: 'ك',
  ـ: '',
  '\u200c': '',
  '\u200d': '',
  '\u200e': '',
  '\u200f': '',
};
const TO_FOLD = new RegExp(`[${Object.keys(SAME_LETTERS).join('')}]`, 'gu');
/** Stands between words, and within what may be written in one. */
const SEPARATORS = /[\s\p{P}\p{S}]+/u;

/** The words of a text as patients are found by them: small letters without marks, one letter for those that are written alike. */
export function wordsOf(text: string): string[] {
  const folded = searchForm(text).replaceAll(TO_FOLD, (letter) => SAME_LETTERS[letter] ?? letter);
  return folded
    .split(SEPARATORS)
    .filter(Boolean)
    .map((word) => [...word].slice(0, MAX_TERM).join(''));
}

/**
 * Every word by which a patient is found.
 *
 * @param name as stored, `alphabetic=ideographic=phonetic`
 * @param numbers medical record numbers, of other records that were merged into this one too
 */
export function termsOfPatient(name: string, numbers: readonly string[]): string[] {
  const groups = name.split('=').map((group) => wordsOf(group));
  const joined = groups.filter((words) => words.length > 1 && UNSPACED.test(words.join(''))).map((words) => words.join(''));
  return [...new Set([...groups.flat(), ...joined, ...numbers.flatMap(numberTerms)])];
}

/** A number as it is written, in its parts, and without what separates them: `MRN-00123` is also found by `00123` and `mrn00123`. */
function numberTerms(number: string): string[] {
  const words = wordsOf(number);
  return words.length > 1 ? [...words, [...words.join('')].slice(0, MAX_TERM).join('')] : words;
}

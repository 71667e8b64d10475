import { GUESSABLE_WORDS, KEYBOARD_WALKS } from './guessable-words-data.ts';

/** Guesses, as a power of two, that a password must at least take. Twelve random digits without a sequence just pass; a word with a year does not. */
const LEAST_BITS = 36;
/** Only so much is looked at: what is longer than this and still weak repeats itself within it. */
const MAX_LOOKED_AT = 64;
const SHORTEST_WALK = 3;
/** What a guesser tries for a character that nothing explains: digits, letters, anything else. */
const BITS = { digit: 3.32, letter: 4.7, space: 1.5, punctuation: 2.5, other: 5.5 };
const WALK_BITS = 6;
const YEAR_BITS = 6;
const DATE_BITS = 15;
/** Of a word that belongs to the person or the place. */
const OWN_WORD_BITS = 2;
const REPEAT_BITS = 1.5;
const LEET_BITS = 1.5;
/** In shorter words any digits would be letters. */
const SHORTEST_LEET_WORD = 4;
const CAPITAL_BITS = 1;

/** Letters that a sign often stands for. */
const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'il',
  '2': 'z',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'g',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'il',
  '+': 't',
  '(': 'c',
};
/** What the digits are with Shift, on the commonest keyboards. */
const SHIFTED: Readonly<Record<string, string>> = {
  '!': '1',
  '@': '2',
  '"': '2',
  '#': '3',
  '§': '3',
  $: '4',
  '%': '5',
  '^': '6',
  '&': '7',
  '*': '8',
  '(': '9',
  ')': '0',
  '=': '0',
};

/**
 * Whether a password is one of those that guessers try first: made of common words (also with signs for letters), names of months and
 * seasons with years, walks over the keyboard, sequences, repetitions, and words that belong to the person or the place.
 *
 * It is a generator read backwards, and no list of leaked passwords: it finds the cheapest way in which the patterns make the password
 * and compares its cost with a limit. @param own names that a guesser would try: user name, full name, hospital
 */
export function isGuessable(password: string, own: readonly string[] = []): boolean {
  return guessBits(password, own) < LEAST_BITS;
}

/** About how many guesses the password takes, as a power of two, for one who knows the patterns. */
export function guessBits(password: string, own: readonly string[] = []): number {
  const text = [...password.normalize('NFKC')].slice(0, MAX_LOOKED_AT);
  const lower = text.map((character) => character.toLowerCase());
  const words = [...wordsOf(own).map((word) => ({ word, bits: OWN_WORD_BITS })), ...COMMON];
  const cheapest = [0, ...lower.map(() => Number.POSITIVE_INFINITY)];
  const offer = (end: number, bits: number): void => {
    if (bits < (cheapest[end] ?? 0)) cheapest[end] = bits;
  };
  for (let start = 0; start < lower.length; start += 1) {
    const before = cheapest[start] ?? 0;
    offer(start + 1, before + characterBits(lower[start] ?? ''));
    for (const { word, bits } of words) {
      const leet = matchesWord(lower, start, word);
      if (leet !== undefined) offer(start + word.length, before + bits + leet);
    }
    for (const length of walksFrom(lower, start)) offer(start + length, before + WALK_BITS + Math.log2(length));
    for (const { length, bits } of numbersFrom(lower, start)) offer(start + length, before + bits);
    for (const length of repeatsFrom(lower, start)) offer(start + length, before + REPEAT_BITS);
  }
  return (cheapest[lower.length] ?? 0) + capitalBits(text);
}

const COMMON = GUESSABLE_WORDS.map((word, rank) => ({ word, bits: Math.max(3, Math.log2(rank + 2) + 1) })).filter(
  ({ word }) => word.length > 1,
);

/** The words in names; what stands together as well. */
function wordsOf(own: readonly string[]): string[] {
  const parts = own.flatMap((name) => {
    const lower = name.normalize('NFKC').toLowerCase();
    return [lower.replaceAll(/[^\p{L}\p{N}]/gu, ''), ...lower.split(/[^\p{L}\p{N}]+/u)];
  });
  return [...new Set(parts)].filter((part) => part.length >= 3);
}

function characterBits(character: string): number {
  if (/\d/.test(character)) return BITS.digit;
  if (/[a-z]/.test(character)) return BITS.letter;
  if (character === ' ') return BITS.space;
  return /[!.,?_*#@+-]/.test(character) ? BITS.punctuation : BITS.other;
}

/** Bits for signs that stand for letters; undefined if the word is not there. */
function matchesWord(text: readonly string[], start: number, word: string): number | undefined {
  if (start + word.length > text.length) return undefined;
  let leet = 0;
  for (let index = 0; index < word.length; index += 1) {
    const [given = '', wanted = ''] = [text[start + index], word[index]];
    if (given === wanted) continue;
    if (word.length < SHORTEST_LEET_WORD || !LEET[given]?.includes(wanted)) return undefined;
    leet = LEET_BITS;
  }
  return leet;
}

const WALKS = KEYBOARD_WALKS.flatMap((walk) => [walk, [...walk].reverse().join('')]);

/** Lengths of the walks that begin here. */
function walksFrom(text: readonly string[], start: number): number[] {
  const lengths: number[] = [];
  const rest = text.slice(start).map((character) => SHIFTED[character] ?? character);
  let seen = '';
  for (const character of rest) {
    seen += character;
    if (seen.length < SHORTEST_WALK) continue;
    if (!WALKS.some((walk) => walk.includes(seen))) break;
    lengths.push(seen.length);
  }
  return lengths;
}

const DAY = '(?:0[1-9]|[12]\\d|3[01])';
const MONTH = '(?:0[1-9]|1[0-2])';
const YEAR = '(?:19\\d\\d|20[0-4]\\d)';
const DATE = new RegExp(`^(?:${DAY}[./-]?${MONTH}[./-]?${YEAR}|${MONTH}[./-]?${DAY}[./-]?${YEAR}|${YEAR}[./-]?${MONTH}[./-]?${DAY})`);

function numbersFrom(text: readonly string[], start: number): { length: number; bits: number }[] {
  const rest = text.slice(start, start + 10).join('');
  const found: { length: number; bits: number }[] = [];
  if (/^(?:19\d\d|20[0-4]\d)/.test(rest)) found.push({ length: 4, bits: YEAR_BITS });
  const date = DATE.exec(rest);
  if (date) found.push({ length: date[0].length, bits: DATE_BITS });
  return found;
}

/** Lengths of what stands right before and again here. */
function repeatsFrom(text: readonly string[], start: number): number[] {
  const lengths: number[] = [];
  for (let length = 1; length <= start && start + length <= text.length; length += 1) {
    const same = text.slice(start, start + length).every((character, index) => character === text[start - length + index]);
    if (same) lengths.push(length);
  }
  return lengths;
}

/** Nothing for none, little for the first or all, some for those in the middle. */
function capitalBits(text: readonly string[]): number {
  const capitals = text.filter((character) => character !== character.toLowerCase()).length;
  const letters = text.filter((character) => character.toLowerCase() !== character.toUpperCase()).length;
  if (capitals === 0) return 0;
  if (capitals === letters) return CAPITAL_BITS;
  return Math.min(capitals, 4) * CAPITAL_BITS;
}

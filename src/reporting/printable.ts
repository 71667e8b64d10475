import type { Coverage } from './font-coverage.ts';

/** One line of a section as it is set: a paragraph, or an item with its number or dash in front; `gap`: after an empty line. */
export type Block = { kind: 'paragraph' | 'item'; marker: string; text: string; direction: 'ltr' | 'rtl'; gap: boolean };

/** Marks that have no glyph and need none: joiners, direction marks, isolates. */
const INVISIBLE = /^[\u200b-\u200f\u2060\u2066-\u2069]$/;
/** Embeddings and overrides: they can make a line read other than it is stored ("Trojan source"); isolates do their honest work. */
const OVERRIDES = /[\u202a-\u202e]/g;
/** Variation selectors, soft hyphen, byte order mark: without meaning on paper. */
const DROPPED = /\p{Variation_Selector}|\u00ad|\ufeff/gu;

/** Longer runs without a space would leave the page; a break is allowed inside of them. A UID and a SHA-256 stay whole. */
const LONGEST_RUN = 64;

/**
 * The text as it can be printed: what no font can show becomes its Unicode number, `[U+5C71]`, so that nothing vanishes and nothing
 * fails; direction overrides are removed; isolates are closed within their line; endless runs may break.
 */
export function printable(text: string, covers: Coverage, longestRun: number = LONGEST_RUN): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/\r\n?|[\u0085\u2028\u2029\v\f]/g, '\n')
    .replaceAll('\t', ' ')
    .replaceAll(OVERRIDES, '')
    .replaceAll(DROPPED, '')
    .split('\n')
    .map((line) => breakable(closeIsolates(numbered(line, covers)), longestRun))
    .join('\n');
}

/** The same on one line, at most `length` characters, with an ellipsis where it was cut: for running headers and names. */
export function printableLine(text: string, length: number, covers: Coverage, longestRun: number = LONGEST_RUN): string {
  const characters = Array.from(text.replaceAll(/\s+/g, ' ').trim());
  const line = characters.length <= length ? characters.join('') : `${characters.slice(0, length - 1).join('')}…`;
  return printable(line, covers, longestRun);
}

/** Beyond so many lines a section is no prose but a paste: its lines are set many to a block, which costs a hundredth. */
const LINES_SET_ONE_BY_ONE = 500;
const LINES_TO_A_BLOCK = 40;

/** Sections as blocks: `1. …` and `- …` lines become items. Each line reads in the direction of its first strong character. */
export function blocksOf(text: string, base: Block['direction'], covers: Coverage): Block[] {
  const lines = printable(text, covers)
    .split('\n')
    .map((line) => line.trim());
  if (lines.length > LINES_SET_ONE_BY_ONE) return pastedBlocks(lines, base);
  return lines.flatMap((line, index) => (line === '' ? [] : [blockOf(line, index > 0 && lines[index - 1] === '', base)]));
}

function blockOf(line: string, gap: boolean, base: Block['direction']): Block {
  const item = /^(\d{1,3}[.)]|[-•])\s+(\S.*)$/u.exec(line);
  const [, marker = '', rest = line] = item ?? [];
  return {
    kind: item ? 'item' : 'paragraph',
    marker: marker === '-' ? '•' : marker,
    text: rest,
    direction: directionOf(rest, base),
    gap,
  };
}

function pastedBlocks(lines: readonly string[], base: Block['direction']): Block[] {
  const filled = lines.filter((line) => line !== '');
  return Array.from({ length: Math.ceil(filled.length / LINES_TO_A_BLOCK) }, (_, index) => {
    const text = filled.slice(index * LINES_TO_A_BLOCK, (index + 1) * LINES_TO_A_BLOCK).join('\n');
    return { kind: 'paragraph', marker: '', text, direction: directionOf(text, base), gap: false };
  });
}

/** Direction of the first strong character that is not inside an isolate (UAX #9, rules P2 and P3). */
export function directionOf(text: string, base: Block['direction']): Block['direction'] {
  let depth = 0;
  for (const character of text) {
    if (/[\u2066-\u2068]/.test(character)) depth++;
    else if (character === '\u2069') depth = Math.max(0, depth - 1);
    else if (depth > 0) continue;
    else if (/[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\u200f]/u.test(character)) {
      if (/[\p{L}\u200f]/u.test(character)) return 'rtl';
    } else if (/[\p{L}\u200e]/u.test(character)) return 'ltr';
  }
  return base;
}

function numbered(line: string, covers: Coverage): string {
  return Array.from(line, (character) => {
    const codePoint = character.codePointAt(0) ?? 0xfffd;
    if (INVISIBLE.test(character)) return character;
    // C0 and C1 controls and private use may have a glyph in a font, but none that means anything.
    if (covers(codePoint) && !/[\p{Cc}\p{Co}\p{Cn}]/u.test(character)) return character;
    return `[U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}]`;
  }).join('');
}

function closeIsolates(line: string): string {
  let open = 0;
  let result = '';
  for (const character of line) {
    if (character === '\u2069' && open === 0) continue;
    if (character === '\u2069') open--;
    if (/[\u2066-\u2068]/.test(character)) open++;
    result += character;
  }
  return result + '\u2069'.repeat(open);
}

function breakable(line: string, longestRun: number): string {
  return line.replaceAll(/\S+/gu, (run) => {
    const characters = Array.from(run);
    if (characters.length <= longestRun) return run;
    return characters.map((character, index) => (index > 0 && index % (longestRun / 2) === 0 ? `\u200b${character}` : character)).join('');
  });
}

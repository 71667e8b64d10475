/** A field of a template, in UTF-16 code units; `options` of `[right|left]`. */
export type Placeholder = { start: number; end: number; options: string[] };

const PATTERN = /\[(?!\d+\]|U\+)[^[\]\n]{0,200}\]|_{3,}/gu;

/** What is still to be filled in, in order. */
export function placeholdersOf(text: string): Placeholder[] {
  return [...text.matchAll(PATTERN)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    options: match[0].startsWith('[') && match[0].includes('|') ? match[0].slice(1, -1).split('|') : [],
  }));
}

/** The first that begins at or behind a place. */
export function placeholderFrom(text: string, place: number): Placeholder | undefined {
  return placeholdersOf(text).find(({ start }) => start >= place);
}

/** The one that is selected from its first to its last letter. */
export function placeholderSelected(text: string, { start, end }: { start: number; end: number }): Placeholder | undefined {
  return placeholdersOf(text).find((field) => field.start === start && field.end === end);
}

import type { PdfLine, PdfText } from './pdf-text.ts';
import { type LiteratureEntry, plainDoi } from './record.ts';
import { textKeysOf } from './text-keys.ts';

/** A passage ends with the page from here on, so that its pages say where it stands… */
const PASSAGE_CHARACTERS = 2_000;
/** …and at the latest here. */
const MAX_PASSAGE_CHARACTERS = 6_000;
/** What stands before the first heading and is shorter is a line of the title page. */
const MIN_UNTITLED_CHARACTERS = 40;
/** How much larger than the text of the body the letters of a heading are, at least. */
const HEADING_RATIO = 1.12;
const MAX_HEADING_CHARACTERS = 160;
/** Lines at the edge of a page that may be running heads. */
const EDGE_LINES = 2;
/** From so many pages on, what stands at the edge of more than half of them is a running head. */
const MIN_PAGES_FOR_HEADS = 4;
/** Titles that programs write by themselves. */
const NO_TITLE = /^(microsoft word|untitled|document\d*$|slide \d+)|\.(docx?|pdf|indd|tex|rtf|odt|pptx?|qxd)$/i;
/** Lines of a table of contents. */
const LEADERS = /\.{5,}|(\. ){5,}|\u2026{2,}/;

type Line = PdfLine & { page: number };
type Section = { title: string; lines: Line[] };
type Passage = { title: string; text: string; first_page: number; last_page: number };

/**
 * A guideline as PDF: one record for each passage, with the pages that it stands on. A passage is a section, told by its heading (larger
 * letters than the text, or a bookmark of that name), cut at the ends of pages where it is long. Running heads and tables of contents are
 * left out. The document's title is what its properties say, else its largest line on the first page, else the name of the file.
 *
 * @param name of the file: it tells one text from another
 */
export function readPdfGuideline(name: string, text: PdfText): LiteratureEntry[] {
  const lines = withoutRunningHeads(text.pages).flatMap((page, index) => page.map((line) => ({ ...line, page: index + 1 })));
  const body = bodySizeOf(lines);
  const { stem, keyOf } = textKeysOf('guideline', name);
  const title = titleOf(text, body) || stem;
  const passages = sectionsOf(lines, { body, title: folded(title), bookmarks: new Set(text.outline.map(folded)) }).flatMap(passagesOf);
  if (passages.length === 0) return [{ skipped: 'without text' }];
  const doi = doiOf(text.pages[0] ?? []);
  return passages.map(({ title: section, text: abstract, first_page, last_page }, index) => ({
    record: {
      key: keyOf(index),
      source: 'guideline',
      title: section !== '' && folded(section) !== folded(title) ? `${title}: ${section}` : title,
      abstract,
      first_page,
      last_page,
      authors: [],
      journal: null,
      published_on: null,
      revised_on: null,
      pmid: null,
      pmcid: null,
      doi,
      url: null,
      publication_types: ['Practice Guideline'],
      mesh: [],
      trial_ids: [],
      is_preprint: false,
    },
  }));
}

/** Without page numbers, journals and titles that stand at the edge of most pages. */
function withoutRunningHeads(pages: readonly PdfLine[][]): PdfLine[][] {
  if (pages.length < MIN_PAGES_FOR_HEADS) return pages.map((page) => page.filter(({ text }) => !/^\d{1,4}$/.test(text)));
  const isEdge = (index: number, length: number): boolean => index < EDGE_LINES || index >= length - EDGE_LINES;
  const shapeOf = (line: PdfLine): string => folded(line.text).replaceAll(/\d+/g, '#');
  const counts = new Map<string, number>();
  for (const page of pages)
    for (const shape of new Set(page.filter((_, index) => isEdge(index, page.length)).map(shapeOf)))
      counts.set(shape, (counts.get(shape) ?? 0) + 1);
  return pages.map((page) =>
    page.filter((line, index) => !isEdge(index, page.length) || (counts.get(shapeOf(line)) ?? 0) <= pages.length / 2),
  );
}

/** The size of most of the letters. */
function bodySizeOf(lines: readonly PdfLine[]): number {
  const letters = new Map<number, number>();
  for (const { size, text } of lines) letters.set(size, (letters.get(size) ?? 0) + text.length);
  return [...letters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

function titleOf({ title, pages: [first = []] }: PdfText, body: number): string {
  if (title.length >= 4 && !NO_TITLE.test(title)) return title;
  const largest = Math.max(0, ...first.filter(({ text }) => /\p{L}{3}/u.test(text)).map(({ size }) => size));
  if (largest < body * HEADING_RATIO) return '';
  const from = first.findIndex(({ size }) => size === largest);
  const until = first.findIndex(({ size }, index) => index > from && size !== largest);
  return joined(first.slice(from, until < 0 ? undefined : until)).slice(0, 300);
}

/** What tells a heading; titles are `folded`. */
type Look = { body: number; title: string; bookmarks: ReadonlySet<string> };

function sectionsOf(lines: readonly Line[], look: Look): Section[] {
  const sections: Section[] = [{ title: '', lines: [] }];
  let headingSize = 0;
  for (const line of lines) {
    const last = sections.at(-1);
    if (LEADERS.test(line.text)) {
      // The heading over a table of contents is none of what follows.
      if (last?.lines.length === 0) last.title = '';
      headingSize = 0;
      continue;
    }
    if (!isHeading(line, look)) {
      headingSize = 0;
      last?.lines.push(line);
      continue;
    }
    // The document's title, which every passage has.
    if (folded(line.text).startsWith(look.title)) continue;
    const parent = last && last.lines.length === 0 ? last.title : '';
    // A heading of two lines is one; one of another size below it is its part.
    const separator = headingSize === line.size ? ' ' : ': ';
    if (last && last.lines.length === 0 && parent === '') last.title = line.text;
    else if (last && parent !== '') last.title = `${parent}${separator}${line.text}`.slice(-2 * MAX_HEADING_CHARACTERS);
    else sections.push({ title: line.text, lines: [] });
    headingSize = line.size;
  }
  return sections;
}

function isHeading({ text, size }: Line, { body, bookmarks }: Look): boolean {
  if (text.length > MAX_HEADING_CHARACTERS || !/\p{L}{2}/u.test(text)) return false;
  return size >= body * HEADING_RATIO || bookmarks.has(folded(text));
}

function passagesOf({ title, lines }: Section): Passage[] {
  const passages: Passage[] = [];
  let open: Line[] = [];
  let characters = 0;
  const flush = (): void => {
    const [first, last] = [open[0], open.at(-1)];
    const text = joined(open);
    if (first && last && text.length >= (title === '' ? MIN_UNTITLED_CHARACTERS : 1))
      passages.push({ title, text, first_page: first.page, last_page: last.page });
    open = [];
    characters = 0;
  };
  for (const line of lines) {
    const turns = open.length > 0 && open.at(-1)?.page !== line.page;
    if ((turns && characters >= PASSAGE_CHARACTERS) || characters >= MAX_PASSAGE_CHARACTERS) flush();
    open.push(line);
    characters += line.text.length + 1;
  }
  flush();
  return passages;
}

/** Lines as running text; a word that was parted at the end of a line is one again. */
function joined(lines: readonly PdfLine[]): string {
  return lines
    .map(({ text }) => text)
    .join('\n')
    .replaceAll(/(\p{L})[-\u00ad]\n(\p{Ll})/gu, '$1$2')
    .replaceAll('\n', ' ');
}

/** A document names itself on its first page; where several stand there, nobody knows which is its own. */
function doiOf(lines: readonly PdfLine[]): string | null {
  const named = lines.flatMap(({ text }) => [...text.matchAll(/\b10\.\d{4,9}\/[^\s"<>()]+/g)].map(([doi]) => doi.replace(/[.,;]+$/, '')));
  const [only, ...others] = new Set(named);
  return only !== undefined && others.length === 0 ? plainDoi(only) : null;
}

function folded(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

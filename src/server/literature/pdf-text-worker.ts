import { parentPort, workerData } from 'node:worker_threads';
import { getDocumentProxy } from 'unpdf';

/** What one document is asked for. */
export type PdfTextRequest = { bytes: Uint8Array; maxPages: number; maxCharacters: number };
/** A line as it stands on the page, and the size of its letters in points. */
export type PdfLine = { text: string; size: number };
export type PdfText = {
  /** As the document's properties tell; empty if they do not. */
  title: string;
  /** The bookmarks, in order. */
  outline: string[];
  /** By page, from the top; what is only a picture is not in it. */
  pages: PdfLine[][];
};
export type PdfTextReply = { text: PdfText } | { problem: 'encrypted' | 'damaged' | 'too-many-pages' | 'too-long' };

/** Deeper bookmarks name paragraphs. */
const OUTLINE_DEPTH = 3;
const MAX_OUTLINE = 2_000;

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;
type Item = { str: string; transform: number[]; width: number; hasEOL: boolean };
type Bookmark = { title: string; items: Bookmark[] };

class TooLong extends Error {}

parentPort?.postMessage(await answer(workerData as PdfTextRequest));

async function answer({ bytes, maxPages, maxCharacters }: PdfTextRequest): Promise<PdfTextReply> {
  try {
    // No scripts of the document, no fonts of the machine, nothing written to the console.
    const pdf = await getDocumentProxy(bytes, { verbosity: 0, useSystemFonts: false, disableFontFace: true });
    if (pdf.numPages > maxPages) return { problem: 'too-many-pages' };
    return { text: { title: await titleOf(pdf), outline: await outlineOf(pdf), pages: await pagesOf(pdf, maxCharacters) } };
  } catch (error) {
    if (error instanceof TooLong) return { problem: 'too-long' };
    return { problem: error instanceof Error && error.name === 'PasswordException' ? 'encrypted' : 'damaged' };
  }
}

async function titleOf(pdf: Pdf): Promise<string> {
  const info: { Title?: unknown } = (await pdf.getMetadata()).info;
  return typeof info.Title === 'string' ? info.Title.trim() : '';
}

async function outlineOf(pdf: Pdf): Promise<string[]> {
  const titles: string[] = [];
  const collect = (bookmarks: readonly Bookmark[], depth: number): void => {
    for (const { title, items } of bookmarks) {
      if (titles.length >= MAX_OUTLINE) return;
      titles.push(title);
      if (depth < OUTLINE_DEPTH) collect(items, depth + 1);
    }
  };
  // Null where there is none.
  collect(((await pdf.getOutline()) as Bookmark[] | null) ?? [], 1);
  return titles;
}

async function pagesOf(pdf: Pdf, maxCharacters: number): Promise<PdfLine[][]> {
  const pages: PdfLine[][] = [];
  let characters = 0;
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    const lines = linesOf(items.filter((item): item is typeof item & Item => 'str' in item));
    page.cleanup();
    characters += lines.reduce((sum, { text }) => sum + text.length, 0);
    if (characters > maxCharacters) throw new TooLong();
    pages.push(lines);
  }
  return pages;
}

/** Pieces of text in the order in which the page draws them, put together where they stand on one line beside each other. */
function linesOf(items: readonly Item[]): PdfLine[] {
  const lines: PdfLine[] = [];
  let text = '';
  let size = 0;
  let end: { x: number; y: number } | undefined;
  const flush = (): void => {
    // No text has it, and PostgreSQL does not keep it.
    const line = text.replaceAll('\u0000', ' ').replaceAll(/\s+/g, ' ').trim();
    if (line !== '') lines.push({ text: line, size });
    text = '';
    size = 0;
    end = undefined;
  };
  for (const { str, transform, width, hasEOL } of items) {
    const [a = 0, b = 0, , , x = 0, y = 0] = transform;
    const height = Math.hypot(a, b);
    if (end && (Math.abs(y - end.y) > height / 2 || x - end.x > 3 * height || x < end.x - 2 * height)) flush();
    // A gap without a space of its own is one.
    if (end && x - end.x > height / 5 && !text.endsWith(' ')) text += ' ';
    text += str;
    if (str.trim() !== '') size = Math.max(size, Math.round(height * 2) / 2);
    end = { x: x + width, y };
    if (hasEOL) flush();
  }
  flush();
  return lines;
}

import { Worker } from 'node:worker_threads';
import { AppError } from '../platform/errors.ts';
import type { PdfText, PdfTextReply, PdfTextRequest } from './pdf-text-worker.ts';

export type { PdfLine, PdfText } from './pdf-text-worker.ts';
export type PdfLimits = { maxPages: number; maxCharacters: number; timeoutMs: number };

/** Of a file; guidelines with many pictures have some ten million. */
export const MAX_PDF_BYTES = 67_108_864;
/** A guideline of a thousand pages is read within seconds. */
const LIMITS: PdfLimits = { maxPages: 2_000, maxCharacters: 16_777_216, timeoutMs: 60_000 };
/** Of the thread's heap: what a document would unpack beyond it ends the thread and not the server. */
const MAX_HEAP_MIB = 512;
/** A page with fewer letters, on the average of all pages, is a picture of text. */
const LETTERS_PER_PAGE = 20;

const PROBLEMS = {
  encrypted: 'The PDF is encrypted: save it without a password first',
  damaged: 'The PDF is damaged and cannot be read',
  'too-many-pages': `The PDF has more than ${LIMITS.maxPages} pages`,
  'too-long': 'The text of the PDF is longer than a guideline is',
  'too-slow': 'The PDF takes too long to read: it is damaged, or made to be so',
  scanned: 'The pages of the PDF are pictures without text: run text recognition (OCR) over it first',
} as const;

/**
 * The text of a PDF, line by line. A thread of its own reads it and ends with it, so that a document that loops or grows without end costs
 * its import and nothing else.
 *
 * @param bytes given away: they are moved to the thread
 * @throws {AppError} `invalid-request` for what cannot be read, with what can be done about it
 */
export async function readPdfText(bytes: Uint8Array<ArrayBuffer>, limits: Partial<PdfLimits> = {}): Promise<PdfText> {
  const { maxPages, maxCharacters, timeoutMs } = { ...LIMITS, ...limits };
  const request: PdfTextRequest = { bytes, maxPages, maxCharacters };
  const reply = await ask(request, { transfer: [bytes.buffer], timeoutMs });
  if ('problem' in reply) throw new AppError('invalid-request', PROBLEMS[reply.problem]);
  const { text } = reply;
  const letters = text.pages.flat().reduce((sum, line) => sum + line.text.replaceAll(/[^\p{L}\p{N}]/gu, '').length, 0);
  if (letters < LETTERS_PER_PAGE * text.pages.length) throw new AppError('invalid-request', PROBLEMS.scanned);
  return text;
}

type Reply = PdfTextReply | { problem: 'too-slow' };

async function ask(workerData: PdfTextRequest, { transfer, timeoutMs }: { transfer: ArrayBuffer[]; timeoutMs: number }): Promise<Reply> {
  const worker = new Worker(workerUrl(), {
    workerData,
    transferList: transfer,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
    // What the reader of PDF says about a page is no word of the server.
    stdout: true,
    stderr: true,
  });
  const { promise, resolve } = Promise.withResolvers<Reply>();
  worker.once('message', resolve);
  worker.once('error', () => resolve({ problem: 'damaged' }));
  worker.once('exit', () => resolve({ problem: 'damaged' }));
  const timer = setTimeout(() => resolve({ problem: 'too-slow' }), timeoutMs);
  const reply = await promise;
  clearTimeout(timer);
  await worker.terminate();
  return reply;
}

/** Beside this file, in the form in which this file runs: TypeScript from the source tree, JavaScript from a build. */
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './pdf-text-worker.ts' : './pdf-text-worker.js', import.meta.url);
}

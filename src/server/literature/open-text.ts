import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '../platform/errors.ts';

/** Of a file as it is read, unpacked: the whole PubMed baseline has about 400 GB in files of at most 1 GB. */
const MAX_CHARACTERS = 17_179_869_184;
/** Enough to tell a format by. */
const HEAD_CHARACTERS = 2_048;

/** PDF 32000-1, 7.5.2. */
const PDF_SIGNATURE = '%PDF-';

type OpenText = { head: string; text: AsyncIterable<string> };
/** A file as text, and how it begins; or the bytes of a PDF. */
export type OpenFile = OpenText | { pdf: AsyncIterable<Uint8Array> };

/**
 * Opens a file: a PDF as it is, all else as UTF-8. What is compressed with gzip is unpacked; memory does not grow with it.
 *
 * @throws {AppError} from here or from the iteration: `invalid-request` for damaged compression, `too-large`
 */
export async function openFile(content: AsyncIterable<Uint8Array>): Promise<OpenFile> {
  const bytes = await withHead(readable(await unpacked(content)), PDF_SIGNATURE.length);
  if (Buffer.from(bytes.head).toString('latin1').startsWith(PDF_SIGNATURE)) return { pdf: bytes.all };
  const pieces = decoded(bytes.all);
  const first: string[] = [];
  let length = 0;
  while (length < HEAD_CHARACTERS) {
    const { value, done } = await pieces.next();
    if (done) break;
    first.push(value);
    length += value.length;
  }
  return { head: first.join('').slice(0, HEAD_CHARACTERS), text: chained(first, pieces) };
}

/**
 * As `openFile`, for what can only be text.
 *
 * @throws {AppError} also `invalid-request` for a PDF
 */
export async function openText(content: AsyncIterable<Uint8Array>): Promise<OpenText> {
  const opened = await openFile(content);
  if ('pdf' in opened) throw new AppError('invalid-request', 'This is a PDF');
  return opened;
}

async function* chained(first: readonly string[], rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield* first;
  yield* rest;
}

/** The first bytes, at least as many as are wanted unless the content is shorter, and all of them. */
async function withHead(content: AsyncIterable<Uint8Array>, wanted: number): Promise<{ head: Uint8Array; all: AsyncIterable<Uint8Array> }> {
  const pieces = content[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array();
  while (head.length < wanted) {
    const { value, done } = await pieces.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  const all = async function* (): AsyncGenerator<Uint8Array> {
    yield head;
    for (;;) {
      const { value, done } = await pieces.next();
      if (done) return;
      yield value;
    }
  };
  return { head, all: all() };
}

async function unpacked(content: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const { head, all } = await withHead(content, 2);
  // RFC 1952, 2.3.1
  if (head[0] !== 0x1f || head[1] !== 0x8b) return all;
  const source = Readable.from(all, { objectMode: false });
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  return source.pipe(gunzip);
}

async function* decoded(content: AsyncIterable<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let characters = 0;
  for await (const piece of content) {
    // No text has it, and PostgreSQL does not keep it.
    const text = decoder.decode(piece, { stream: true }).replaceAll('\u0000', ' ');
    characters += text.length;
    if (characters > MAX_CHARACTERS) throw new AppError('too-large', `A file may unpack to ${MAX_CHARACTERS} characters`);
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

/** As they are, with the errors of the compression in words. */
async function* readable(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  try {
    yield* content;
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^Z_/.test(String(error.code)))
      throw new AppError('invalid-request', 'The compressed file is damaged or ends too early', { cause: error });
    throw error;
  }
}

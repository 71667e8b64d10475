import { Readable } from 'node:stream';
import type { StoredItem, UploadResult } from '../../contract/studies.ts';
import { AppError, type ErrorKind } from '../platform/errors.ts';
import { nameForeign, SNIFF_BYTES, sniff } from './sniff.ts';
import { type StoreDeps, type StoreResult, storeInstance } from './store-instance.ts';
import { unpackArchive } from './unpack-archive.ts';
import { type PictureFields, wrapImage } from './wrap-image.ts';

/** Largest picture file that is read into memory to be wrapped. */
const MAX_PICTURE_BYTES = 134_217_728;

export type IngestDeps = StoreDeps & { tempDir: string; maxUploadBytes: number };
export type IncomingFile = { name: string; content: AsyncIterable<Uint8Array>; fields: PictureFields };

/**
 * Takes in one file of whatever kind: DICOM, picture or ZIP archive of them. Never throws for bad content: what became of each object
 * is in the items, a refusal with its reason. The content is always read to its end, so that a refused file does not block a stream.
 */
export async function ingestFile(deps: IngestDeps, file: IncomingFile): Promise<StoredItem[]> {
  const source = file.content[Symbol.asyncIterator]();
  try {
    return await ingestKnown(deps, file, source);
  } catch (error) {
    await exhaust(source);
    return [refusal(file.name, error)];
  }
}

/** Sums up what became of each file. */
export function uploadResult(items: StoredItem[]): UploadResult {
  const count = (status: StoredItem['status']): number => items.filter((item) => item.status === status).length;
  return { stored: count('stored'), already_held: count('already_held'), refused: count('refused'), items };
}

/**
 * Says an upload in which nothing was good as an error that names the files and reasons; anything else passes.
 *
 * @throws {AppError} `nothing-stored`, or the one kind that all refusals share
 */
export function requireSomeStored(result: UploadResult): UploadResult {
  if (result.items.length === 0) throw new AppError('invalid-request', 'The upload holds no file');
  if (result.refused < result.items.length) return result;
  const kinds = new Set(result.items.map((item) => item.error));
  // Every `error` of an item was an error kind, see `refusal`.
  const [kind] = kinds;
  const fields = result.items.map((item) => ({ field: item.file, message: item.reason ?? 'refused' }));
  throw new AppError(kinds.size === 1 && kind !== undefined ? (kind as ErrorKind) : 'nothing-stored', fields[0]?.message ?? 'refused', {
    fields,
  });
}

/** The refusal that an error means for one file; what is not an expected failure passes through. */
function refusal(name: string, error: unknown): StoredItem {
  if (!(error instanceof AppError) || error.kind === 'internal' || error.kind === 'storage-full') throw error;
  return { file: name, status: 'refused', error: error.kind, reason: error.message };
}

async function ingestKnown(deps: IngestDeps, file: IncomingFile, source: AsyncIterator<Uint8Array>): Promise<StoredItem[]> {
  const { head, rest } = await peek(source);
  const kind = sniff(head);
  if (kind === 'zip') return ingestArchive(deps, { ...file, content: rest });
  const foreign = kind === 'unknown' ? nameForeign(head) : undefined;
  if (foreign)
    throw new AppError('unsupported-media-type', `This is ${foreign}: DICOM, PNG, JPEG, TIFF and ZIP archives of them are taken`);
  if (kind === 'dicom' || kind === 'unknown') return [storedItem(file.name, await storeInstance(deps, rest))];
  const wrapped = await wrapImage(await readAll(deps.scan?.(rest) ?? rest, MAX_PICTURE_BYTES), file.fields);
  // What was scanned need not be scanned again in its wrapping.
  return [storedItem(file.name, await storeInstance({ ...deps, scan: undefined }, Readable.from([wrapped])))];
}

function storedItem(file: string, { study_instance_uid, sop_instance_uid, status }: StoreResult): StoredItem {
  return { file, study_instance_uid, sop_instance_uid, status };
}

async function ingestArchive(deps: IngestDeps, archive: IncomingFile): Promise<StoredItem[]> {
  const items: StoredItem[] = [];
  try {
    for await (const { name, content } of unpackArchive(archive.content, { tempDir: deps.tempDir, maxBytes: deps.maxUploadBytes })) {
      items.push(...(await ingestFile(deps, { name: `${archive.name}/${name}`, content: refuseNested(content), fields: archive.fields })));
    }
  } catch (error) {
    items.push(refusal(archive.name, error));
  }
  return items;
}

async function* refuseNested(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const chunk of content) {
    if (first && sniff(chunk) === 'zip') throw new AppError('invalid-archive', 'An archive inside an archive is not opened');
    first = false;
    yield chunk;
  }
}

async function peek(source: AsyncIterator<Uint8Array>): Promise<{ head: Uint8Array; rest: AsyncIterable<Uint8Array> }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (size < SNIFF_BYTES) {
    const next = await source.next();
    if (next.done) break;
    chunks.push(next.value);
    size += next.value.byteLength;
  }
  return { head: Buffer.concat(chunks), rest: continued(chunks, source) };
}

async function* continued(chunks: Uint8Array[], source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
  for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
}

async function readAll(content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new AppError('too-large', `A picture file may have ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function exhaust(source: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    while (!(await source.next()).done);
  } catch {
    // The stream ended badly; there is nothing left to read.
  }
}

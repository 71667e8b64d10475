import { AppError } from '../platform/errors.ts';
import type { BlobStore, StoredBlob } from '../platform/ports.ts';
import type { Part, RootType } from './read-related.ts';

/** Attributes of all objects of a request together, as text. */
const MAX_METADATA_BYTES = 67_108_864;
/** Parts of bulk data in one request: a file each until the objects are put together. */
const MAX_BULK_PARTS = 20_000;

/** Bulk data of a request, kept in the blob store until the objects are put together: it is encrypted there, and memory stays small. */
export type BulkPart = {
  type: string | undefined;
  transferSyntaxUid: string | undefined;
  /** Undefined until it has arrived. */
  blob: StoredBlob | undefined;
};
/** A part that is here whole. */
export type ArrivedBulk = BulkPart & { blob: StoredBlob };
export type StoreParts = {
  /** Documents of the root type, each of one or several objects. */
  documents: string[];
  /** By Content-Location; several parts of one location are its frames, in order. */
  bulk: Map<string, BulkPart[]>;
};

/** Takes the parts of a request in which attributes and bulk data come apart (PS3.18 10.5.1); several of them may be under way at a time. */
export function collectParts(blobs: BlobStore, root: RootType): { parts: StoreParts; take(part: Part): Promise<void> } {
  const parts: StoreParts = { documents: [], bulk: new Map() };
  const readText = openTextReader(root);
  let count = 0;
  const take = async (part: Part): Promise<void> => {
    if (part.location === undefined || part.type === root) {
      parts.documents.push(await readText(part));
      return;
    }
    count += 1;
    if (count > MAX_BULK_PARTS) throw new AppError('too-large', `A request holds at most ${MAX_BULK_PARTS} parts of bulk data`);
    const place = placeOf(part.location);
    const frames = parts.bulk.get(place) ?? [];
    parts.bulk.set(place, frames);
    // Its place among the frames is that in the request, whichever of them is written first.
    const entry: BulkPart = { type: part.type, transferSyntaxUid: part.parameters['transfer-syntax'], blob: undefined };
    frames.push(entry);
    entry.blob = await blobs.put(part.content);
  };
  return { parts, take };
}

function openTextReader(root: RootType): (part: Part) => Promise<string> {
  let size = 0;
  return async ({ type, content }) => {
    if (type !== undefined && type !== root)
      throw new AppError('unsupported-media-type', `Parts without a Content-Location are of type ${root}`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) {
      size += chunk.byteLength;
      if (size > MAX_METADATA_BYTES) throw new AppError('too-large', `The attributes take more than ${MAX_METADATA_BYTES} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  };
}

/** Bulk data at an address as metadata tell it: absolute or not, the same place is meant. */
export function bulkAt({ bulk }: StoreParts, uri: string): ArrivedBulk[] {
  return (bulk.get(placeOf(uri)) ?? []).flatMap(({ blob, ...part }) => (blob ? [{ ...part, blob }] : []));
}

/** Takes the bulk data out of the blob store again, except what was there before or has been handed in by others since. */
export async function forgetParts(blobs: BlobStore, { bulk }: StoreParts): Promise<void> {
  const arrived = [...bulk.values()].flat().flatMap(({ blob }) => blob ?? []);
  // The same content may have come in several parts: the last time counts.
  for (const [key, puts] of Map.groupBy(arrived, (blob) => blob.key)) {
    const unmodifiedSince = new Date(Math.max(...puts.map(({ modifiedAt }) => modifiedAt.getTime())));
    if (puts.some(({ existed }) => !existed)) await blobs.delete(key, { unmodifiedSince });
  }
}

function placeOf(uri: string): string {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  return url && /^https?:$/.test(url.protocol) ? `${url.pathname}${url.search}` : uri;
}

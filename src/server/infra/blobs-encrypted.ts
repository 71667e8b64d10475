import { createCipheriv, createDecipheriv } from 'node:crypto';
import { Readable } from 'node:stream';
import { AppError } from '../platform/errors.ts';
import type { BlobStore, ByteRange, ByteStore, SealedBlobStore, Sealing, StoredBlob } from '../platform/ports.ts';
import { secretKeyOf } from '../platform/secret-key.ts';
import type { TenantKeys } from '../platform/tenant-keys.ts';
import { damaged, plainBlobs } from './blobs-plain.ts';
import {
  CHUNK_BYTES,
  contentSize,
  type FileKey,
  fileKeyOf,
  HEADER_BYTES,
  openChunks,
  openTrailer,
  readSealedHeader,
  SealError,
  sealedRange,
  TRAILER_BYTES,
} from './sealed-stream.ts';

/** Read and opened at once. */
const READ_BYTES = 16 * CHUNK_BYTES;
/** Files whose keys are remembered, so that a range read costs one read of the store. */
const FILES_REMEMBERED = 4_096;
const KEY = /^[0-9a-f]{64}$/;
/** AES key wrap (RFC 3394) with its fixed initial value: deterministic, reversible, and checks what it unwraps. */
const WRAP = 'id-aes256-wrap';
const WRAP_IV = Buffer.alloc(8, 0xa6);
/** 32 bytes wrapped are 40; so 80 hex digits, and what is kept in the clear has 64. */
const SEALED_NAME_LENGTH = 80;

type SealedFile = { name: string; keyId: string; fileKey: FileKey; size: number };
type Store = { bytes: ByteStore; keys: TenantKeys; plain: BlobStore; files: Map<string, SealedFile> };

export type EncryptedBlobsOptions = {
  /** Whether new content is sealed; without it, what is sealed stays readable. */
  sealing?: boolean;
};

/**
 * Blobs that cannot be read without the tenant's keys, and whose names tell nothing about their content. What was put in the clear before
 * stays readable, and so does what was sealed with an earlier key; `reseal` brings both up to date.
 */
export function openEncryptedBlobs(bytes: ByteStore, keys: TenantKeys, { sealing = true }: EncryptedBlobsOptions = {}): SealedBlobStore {
  const store: Store = { bytes, keys, plain: plainBlobs(bytes), files: new Map() };
  return {
    put: (content) => (sealing ? putSealed(store, content) : putPlain(store, content)),
    read: (key) => whereKept(store, key, { sealed: () => readSealed(store, key), plain: () => store.plain.read(key) }),
    readRange: (key, range) =>
      whereKept(store, key, { sealed: () => readSealedRange(store, key, range), plain: () => store.plain.readRange(key, range) }),
    open: (key) => whereKept(store, key, { sealed: () => openSealed(store, key), plain: () => store.plain.open(key) }),
    has: async (key) => (await bytes.find(sealedName(keys, key))) !== undefined || (await store.plain.has(key)),
    delete: async (key, options) => {
      const name = sealedName(keys, key);
      // In this order, so that a reseal that runs meanwhile brings nothing back.
      await bytes.delete(key, options);
      await bytes.delete(name, options);
      store.files.delete(key);
    },
    list: async function* () {
      for await (const { name, modifiedAt } of bytes.list()) {
        const key = keyOf(keys, name);
        if (key !== undefined) yield { key, modifiedAt };
      }
    },
    check: bytes.check,
    reseal: (signal) => reseal(store, sealing, signal),
  };
}

/** The name of the sealed file of some content. @throws {AppError} `not-found` for what is no key */
export function sealedName(keys: TenantKeys, key: string): string {
  if (!KEY.test(key)) throw new AppError('not-found', 'No such blob: not a SHA-256 in lower-case hex digits');
  const cipher = createCipheriv(WRAP, secretKeyOf(keys.nameKey()), WRAP_IV);
  return Buffer.concat([cipher.update(key, 'hex'), cipher.final()]).toString('hex');
}

/** The content digest that a name stands for; undefined for what this tenant has not named. */
function keyOf(keys: TenantKeys, name: string): string | undefined {
  if (name.length !== SEALED_NAME_LENGTH) return name;
  const decipher = createDecipheriv(WRAP, secretKeyOf(keys.nameKey()), WRAP_IV);
  try {
    return Buffer.concat([decipher.update(name, 'hex'), decipher.final()]).toString('hex');
  } catch {
    return undefined;
  }
}

async function putPlain(store: Store, content: AsyncIterable<Uint8Array>): Promise<StoredBlob> {
  const stored = await store.plain.put(content);
  return { ...stored, existed: stored.existed || (await store.bytes.find(sealedName(store.keys, stored.key))) !== undefined };
}

async function putSealed(store: Store, content: AsyncIterable<Uint8Array>): Promise<StoredBlob> {
  const stored = await seal(store, content);
  const kept = stored.existed ? undefined : await store.bytes.find(stored.key);
  return { ...stored, existed: stored.existed || kept?.size === stored.size };
}

async function seal({ bytes, keys }: Store, content: AsyncIterable<Uint8Array>, { replace = false } = {}): Promise<StoredBlob> {
  const stored = await bytes.put(content, {
    sealing: sealingWith(keys),
    nameOf: (key) => sealedName(keys, key),
    replace,
  });
  return { ...stored, size: contentSize(stored.size) ?? 0 };
}

function sealingWith(keys: TenantKeys): Sealing {
  const { id, secret } = keys.current();
  return { keyId: id, dataKey: secretKeyOf(secret), tenantId: keys.tenant_id };
}

/** Reads the sealed file; where there is none, what was put in the clear. */
async function whereKept<T>(store: Store, key: string, read: { sealed(): Promise<T>; plain(): Promise<T> }): Promise<T> {
  const known = store.files.has(key) || (await store.bytes.find(sealedName(store.keys, key))) !== undefined;
  if (!known) return await read.plain();
  try {
    return await read.sealed();
  } catch (error) {
    // Put in the clear again, and the sealed file taken away, since we looked.
    if (isMissing(error)) return await read.plain();
    throw error;
  }
}

async function readSealed(store: Store, key: string): Promise<Uint8Array> {
  const { size } = await asDamage(key, () => inspect(store, key));
  const content = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for await (const piece of contentOf(store, key, size)) {
    content.set(piece, at);
    at += piece.length;
  }
  return content;
}

/** Checks the file before its first byte, and each piece before it is given out. */
async function openSealed(store: Store, key: string): Promise<{ stream: Readable; size: number }> {
  const found = await store.bytes.find(sealedName(store.keys, key));
  if (!found) throw new AppError('not-found', `No blob ${key}`);
  const content = async function* () {
    const { size } = await asDamage(key, () => inspect(store, key));
    yield* contentOf(store, key, size);
  };
  return { stream: Readable.from(content(), { objectMode: false }), size: contentSize(found.size) ?? 0 };
}

async function* contentOf(store: Store, key: string, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < size; start += READ_BYTES) {
    const range = { start, end: Math.min(start + READ_BYTES, size) - 1 };
    const piece = await readSealedRange(store, key, range);
    if (piece.length !== range.end - start + 1) throw damaged(key);
    yield piece;
  }
}

async function readSealedRange(store: Store, key: string, { start, end }: ByteRange): Promise<Uint8Array> {
  if (!(Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end >= start)) {
    throw new AppError('invalid-request', `Not a byte range: ${start}-${end}`);
  }
  const read = (file: SealedFile): Promise<Uint8Array> => readRangeOf(store.bytes, file, { start, end: Math.min(end, file.size - 1) });
  const known = store.files.get(key);
  if (known) {
    // A file that was resealed since it was last seen is looked at anew.
    const content = await read(known).catch(ifSealError(() => undefined));
    if (content) return content;
  }
  return await asDamage(key, async () => read(await inspect(store, key)));
}

async function readRangeOf(bytes: ByteStore, { name, fileKey, size }: SealedFile, { start, end }: ByteRange): Promise<Uint8Array> {
  if (end < start) return new Uint8Array();
  const first = Math.floor(start / CHUNK_BYTES);
  const range = sealedRange(first, Math.floor(end / CHUNK_BYTES), size);
  const sealed = await bytes.readRange(name, range);
  if (sealed.length !== range.end - range.start + 1) throw new SealError('The file is cut short');
  const chunks = openChunks(fileKey, sealed, { first, size });
  const [only] = chunks;
  const from = start - first * CHUNK_BYTES;
  return (chunks.length === 1 && only ? only : Buffer.concat(chunks)).subarray(from, from + end - start + 1);
}

/** Finds the key of a file, and makes sure that it is the file of this content. @throws {SealError}, {AppError} `not-found` */
async function inspect(store: Store, key: string): Promise<SealedFile> {
  const { bytes, keys, files } = store;
  const name = sealedName(keys, key);
  const found = await bytes.find(name);
  if (!found) throw new AppError('not-found', `No blob ${key}`);
  const size = contentSize(found.size);
  if (size === undefined) throw new SealError('Not the size of sealed content');
  const header = readSealedHeader(await bytes.readRange(name, { start: 0, end: HEADER_BYTES - 1 }));
  const dataKey = await keys.find(header.keyId);
  if (!dataKey) throw new AppError('internal', `The key of blob ${key} no longer exists`);
  const fileKey = fileKeyOf({ dataKey: secretKeyOf(dataKey.secret), tenantId: keys.tenant_id }, header.bytes);
  const trailer = await bytes.readRange(name, { start: found.size - TRAILER_BYTES, end: found.size - 1 });
  if (Buffer.from(openTrailer(fileKey, trailer)).toString('hex') !== key) throw new SealError('The file belongs to other content');

  const file = { name, keyId: header.keyId, fileKey, size };
  const oldest = files.size >= FILES_REMEMBERED ? files.keys().next().value : undefined;
  if (oldest !== undefined) files.delete(oldest);
  files.set(key, file);
  return file;
}

async function reseal(store: Store, sealing: boolean, signal?: AbortSignal): Promise<{ resealed: number; damaged: number }> {
  const count = { resealed: 0, damaged: 0 };
  for await (const { name, modifiedAt } of store.bytes.list()) {
    signal?.throwIfAborted();
    const key = keyOf(store.keys, name);
    // With one key alone, what is sealed is sealed with it.
    const current = sealing && name !== key && !store.keys.hasReplaced();
    if (key === undefined || current) continue;
    try {
      const changed = name === key ? sealing && (await sealPlain(store, key, modifiedAt)) : await renew(store, key, sealing);
      if (changed) count.resealed += 1;
    } catch (error) {
      if (isMissing(error)) continue;
      // One damaged blob must not keep all others from being sealed; reading it says what is wrong.
      if (!(error instanceof SealError || (error instanceof AppError && error.kind === 'internal'))) throw error;
      count.damaged += 1;
    }
  }
  return count;
}

async function sealPlain(store: Store, key: string, modifiedAt: Date): Promise<boolean> {
  const { stream } = await store.plain.open(key);
  const stored = await seal(store, stream);
  // Deleted while it was being sealed: then it is not to come back.
  if ((await store.bytes.find(key)) === undefined)
    await store.bytes.delete(sealedName(store.keys, key), { unmodifiedSince: stored.modifiedAt });
  await store.bytes.delete(key, { unmodifiedSince: modifiedAt });
  return true;
}

async function renew(store: Store, key: string, sealing: boolean): Promise<boolean> {
  const file = await inspect(store, key);
  if (!sealing) {
    const { modifiedAt } = await store.plain.put(contentOf(store, key, file.size));
    if ((await store.bytes.find(file.name)) === undefined) await store.bytes.delete(key, { unmodifiedSince: modifiedAt });
    await store.bytes.delete(file.name);
    store.files.delete(key);
    return true;
  }
  if (file.keyId === store.keys.current().id) return false;
  const stored = await seal(store, contentOf(store, key, file.size), { replace: true });
  store.files.delete(key);
  return stored.existed;
}

async function asDamage<T>(key: string, work: () => Promise<T>): Promise<T> {
  return await work().catch(
    ifSealError(() => {
      throw damaged(key);
    }),
  );
}

function ifSealError<T>(then: () => T): (error: unknown) => T {
  return (error) => {
    if (error instanceof SealError) return then();
    throw error;
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof AppError && error.kind === 'not-found';
}

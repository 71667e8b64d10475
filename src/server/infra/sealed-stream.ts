import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import type { Sealing } from '../platform/ports.ts';

/**
 * How sealed content lies in a store: header, chunks, trailer. STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption
 * and its Nonce-Reuse Misuse-Resistance, CRYPTO 2015), laid out as age does it (https://age-encryption.org/v1, "Payload"), with AES-256-GCM:
 * each chunk is authenticated with its number and with whether it is the last, so that chunks cannot be moved, dropped or added, and any
 * range can be read by itself. The trailer says which content it is: a sealed file put in another's place is found out.
 *
 * Header: "ISCB", format version, three zeros, id of the data key (16 bytes), salt (32 bytes). Each file has a key of its own, HKDF-SHA-256
 * of data key and salt, so that counted nonces never repeat under one key.
 */
const MAGIC = Buffer.from('ISCB\x01\0\0\0', 'latin1');
export const HEADER_BYTES = 56;
const SALT_OFFSET = 24;
/** Content of one chunk; ranges are read and checked in these. */
export const CHUNK_BYTES = 65_536;
const TAG_BYTES = 16;
const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;
const DIGEST_BYTES = 32;
export const TRAILER_BYTES = DIGEST_BYTES + TAG_BYTES;
const NONCE_BYTES = 12;
/** What the last byte of a nonce says. */
const INNER = 0;
const LAST = 1;
const TRAILER = 2;

const CIPHER = 'aes-256-gcm';

/** The bytes were not written by this program with this key, or were changed since. */
export class SealError extends Error {}

/** A file's own key; as an object, because each cipher would spend more time on looking at its bytes than on a small chunk. */
export type FileKey = KeyObject;

export type SealedHeader = { keyId: string; bytes: Uint8Array };

/** A fresh header, and the file key that goes with it. */
function newHeader(sealing: Sealing): { header: Uint8Array; fileKey: FileKey } {
  const header = Buffer.concat([MAGIC, Buffer.from(sealing.keyId.replaceAll('-', ''), 'hex'), randomBytes(HEADER_BYTES - SALT_OFFSET)]);
  return { header, fileKey: fileKeyOf(sealing, header) };
}

/** @throws {SealError} for anything else than a header */
export function readSealedHeader(bytes: Uint8Array): SealedHeader {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (header.length !== HEADER_BYTES || !header.subarray(0, MAGIC.length).equals(MAGIC)) throw new SealError('Not sealed content');
  const hex = header.toString('hex', MAGIC.length, SALT_OFFSET);
  return { keyId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'), bytes: header };
}

/** The key of the file that begins with `header`. */
export function fileKeyOf({ dataKey, tenantId }: Omit<Sealing, 'keyId'>, header: Uint8Array): FileKey {
  const info = Buffer.concat([Buffer.from(`isocenter blob\0${tenantId}\0`), header.subarray(0, SALT_OFFSET)]);
  return createSecretKey(new Uint8Array(hkdfSync('sha256', dataKey, header.subarray(SALT_OFFSET), info, 32)));
}

/** Bytes of the content in a sealed file of `sealedSize` bytes; undefined if no sealed file has that size. */
export function contentSize(sealedSize: number): number | undefined {
  const body = sealedSize - HEADER_BYTES - TRAILER_BYTES;
  const chunks = Math.ceil(body / SEALED_CHUNK_BYTES);
  const size = body - chunks * TAG_BYTES;
  return body >= TAG_BYTES && size >= 0 && chunkCount(size) === chunks ? size : undefined;
}

/** Chunks of content of `size` bytes; empty content has one, which says that it is the last. */
function chunkCount(size: number): number {
  return Math.max(1, Math.ceil(size / CHUNK_BYTES));
}

/** Where chunks `first` to `last` lie in the sealed file, both included. */
export function sealedRange(first: number, last: number, size: number): { start: number; end: number } {
  const end = HEADER_BYTES + (last + 1) * SEALED_CHUNK_BYTES - 1;
  const bodyEnd = HEADER_BYTES + size + chunkCount(size) * TAG_BYTES - 1;
  return { start: HEADER_BYTES + first * SEALED_CHUNK_BYTES, end: Math.min(end, bodyEnd) };
}

/**
 * Seals content as it comes, one chunk in memory. `digest` is asked after the last piece.
 *
 * @param digest SHA-256 of the content, 32 bytes
 */
export async function* sealContent(
  content: AsyncIterable<Uint8Array>,
  sealing: Sealing,
  digest: () => Uint8Array,
): AsyncGenerator<Uint8Array> {
  const { header, fileKey } = newHeader(sealing);
  yield header;
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  let held = 0;
  let index = 0;
  for await (const piece of content) {
    for (let from = 0; from < piece.length; ) {
      // A full chunk waits until more comes: only then is it known not to be the last.
      if (held === CHUNK_BYTES) {
        yield* sealChunk(fileKey, nonceOf(index++, INNER), chunk);
        held = 0;
      }
      // One that is not the last for certain goes without a copy.
      if (held === 0 && piece.length - from > CHUNK_BYTES) {
        yield* sealChunk(fileKey, nonceOf(index++, INNER), piece.subarray(from, from + CHUNK_BYTES));
        from += CHUNK_BYTES;
        continue;
      }
      const taken = piece.subarray(from, from + CHUNK_BYTES - held);
      chunk.set(taken, held);
      held += taken.length;
      from += taken.length;
    }
  }
  yield* sealChunk(fileKey, nonceOf(index, LAST), chunk.subarray(0, held));
  yield* sealChunk(fileKey, TRAILER_NONCE, digest());
}

/**
 * Opens chunks that were read together.
 *
 * @param sealed chunk `first` and those after it, whole
 * @param size of the whole content, in bytes
 * @throws {SealError} if any of them is not what was written there
 */
export function openChunks(fileKey: FileKey, sealed: Uint8Array, { first, size }: { first: number; size: number }): Uint8Array[] {
  const opened: Uint8Array[] = [];
  const last = chunkCount(size) - 1;
  for (let at = 0, index = first; at < sealed.length; at += SEALED_CHUNK_BYTES, index++) {
    opened.push(openChunk(fileKey, nonceOf(index, index === last ? LAST : INNER), sealed.subarray(at, at + SEALED_CHUNK_BYTES)));
  }
  return opened;
}

/** The SHA-256 that the trailer names, 32 bytes. @throws {SealError} */
export function openTrailer(fileKey: FileKey, trailer: Uint8Array): Uint8Array {
  return openChunk(fileKey, TRAILER_NONCE, trailer);
}

/** The sealed content, then its tag. */
function sealChunk(key: FileKey, nonce: Uint8Array, plain: Uint8Array): Uint8Array[] {
  const cipher = createCipheriv(CIPHER, key, nonce);
  const sealed = cipher.update(plain);
  cipher.final();
  return [sealed, cipher.getAuthTag()];
}

function openChunk(key: FileKey, nonce: Uint8Array, sealed: Uint8Array): Uint8Array {
  if (sealed.length < TAG_BYTES) throw new SealError('A chunk is cut short');
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plain = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
  try {
    decipher.final();
  } catch (error) {
    throw new SealError('A chunk is not what was written', { cause: error });
  }
  return plain;
}

/** The number of the chunk, big-endian, then what kind it is. */
function nonceOf(index: number, kind: number): Uint8Array {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeUIntBE(index, NONCE_BYTES - 7, 6);
  nonce[NONCE_BYTES - 1] = kind;
  return nonce;
}

const TRAILER_NONCE = nonceOf(0, TRAILER);

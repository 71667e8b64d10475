import type { Part10 } from '../dicom/data-set.ts';
import { ExplicitVrBigEndian, transferSyntaxOf } from '../dicom/uids.ts';
import { swapWords } from '../dicom/vr.ts';
import { writeAroundPixelData } from '../dicom/write.ts';
import { ImagingError } from './imaging-error.ts';
import { swapHalves } from './native.ts';

/** Bytes that come one after the other. */
export type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

const PIXEL_DATA = [0x7fe0, 0x0010] as const;
const UNDEFINED_LENGTH = 0xffff_ffff;
const LONGEST_VALUE = 0xffff_fffe;

/** A file of PS3.10 in pieces: all attributes but Pixel Data are `dataSet`'s, these are `pixelData`, a whole element or nothing. */
export async function* fileAround(file: Part10, pixelData: Pieces): AsyncGenerator<Uint8Array> {
  const { head, before, after } = writeAroundPixelData(file);
  const body = chained([[before], pixelData, [after]]);
  yield head;
  if (!transferSyntaxOf(file.transferSyntaxUid).deflated) yield* body;
  else yield* deflated(body);
}

/** The element Pixel Data: header, value, and a zero where its length is odd; items bring their delimiter and have no length. */
export async function* pixelElement(
  transferSyntaxUid: string,
  { vr, length, pieces }: { vr: 'OB' | 'OW'; length?: number; pieces: Pieces },
): AsyncGenerator<Uint8Array> {
  const even = length === undefined ? UNDEFINED_LENGTH : length + (length % 2);
  if (length !== undefined && even > LONGEST_VALUE) throw new ImagingError('The pixels take more bytes than native Pixel Data can hold');
  const { explicit, bigEndian } = transferSyntaxOf(transferSyntaxUid);
  const header = new DataView(new ArrayBuffer(explicit ? 12 : 8));
  header.setUint16(0, PIXEL_DATA[0], !bigEndian);
  header.setUint16(2, PIXEL_DATA[1], !bigEndian);
  if (explicit) {
    header.setUint8(4, vr.charCodeAt(0));
    header.setUint8(5, vr.charCodeAt(1));
  }
  header.setUint32(explicit ? 8 : 4, even, !bigEndian);
  yield new Uint8Array(header.buffer);
  yield* pieces;
  if (length !== undefined && length % 2 === 1) yield Uint8Array.of(0);
}

/** A piece of native Pixel Data as it stands in a file of that syntax; little endian words come in. */
export function wordsFor(transferSyntaxUid: string, { piece, vr }: { piece: Uint8Array; vr: 'OB' | 'OW' }): Uint8Array {
  return transferSyntaxUid === ExplicitVrBigEndian && vr === 'OW' ? swapWords(piece, 2) : piece;
}

/** 32-bit cells with their halves exchanged; see `swapHalves`. */
export function halvesSwapped(piece: Uint8Array): Uint8Array {
  const cells = new Uint32Array(piece.length >> 2);
  const bytes = new Uint8Array(cells.buffer);
  bytes.set(piece.subarray(0, bytes.length));
  swapHalves(cells);
  return bytes;
}

export async function* mapped<T, U>(items: AsyncIterable<T> | Iterable<T>, map: (item: T) => U | Promise<U>): AsyncGenerator<U> {
  for await (const item of items) yield await map(item);
}

async function* chained(parts: readonly Pieces[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield* part;
}

/** A raw deflate stream (RFC 1951), filled up to an even length (PS3.5 A.5). */
async function* deflated(pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: async (controller) => {
      const { value, done } = await pieces.next();
      if (done) controller.close();
      // A copy: what is handed to a stream may not lie in memory that others share.
      else controller.enqueue(new Uint8Array(value));
    },
  });
  let length = 0;
  for await (const piece of source.pipeThrough(new CompressionStream('deflate-raw'))) {
    length += piece.length;
    yield piece;
  }
  if (length % 2 === 1) yield Uint8Array.of(0);
}

import { type Attribute, type DataSet, numberOf } from '../data-set.ts';
import { Tag } from '../tags.ts';

const JPEG_FAMILY = /^1\.2\.840\.10008\.1\.2\.4\.(5\d|57|70|80|81)$/;
const JPEG_2000_FAMILY = /^1\.2\.840\.10008\.1\.2\.4\.(9[0-3]|20[1-3])$/;

const SOI = 0xd8;
const SOS = 0xda;
const COM = 0xfe;
const APP_FIRST = 0xe0;
const APP_LAST = 0xef;
/** JFIF and Adobe segments say how to read the colors. SPIFF and JPEG-LS parameters have markers of their own. */
const APP_JFIF = 0xe0;
const APP_ADOBE = 0xee;
/** JPEG-LS may carry SPIFF in APP8 for its color. */
const APP_SPIFF = 0xe8;

const J2K_SOC = 0x4f;
const J2K_SOT = 0x90;
const J2K_COM = 0x64;

/**
 * Clears the bits of pixel cells that overlays of old were written into (PS3.5 8.1.2, retired): with the overlay gone they would still
 * show it. Only native cells have them; stored samples do not change.
 */
export function withoutOverlayBits(original: DataSet, dataSet: DataSet): DataSet {
  const pixels = dataSet[Tag.PixelData];
  const allocated = numberOf(dataSet, Tag.BitsAllocated) ?? 16;
  const stored = numberOf(dataSet, Tag.BitsStored) ?? allocated;
  const high = numberOf(dataSet, Tag.HighBit) ?? stored - 1;
  const isEmbedded = Object.keys(original).some((tag) => /^60[0-9A-F]{2}0102$/.test(tag) && (numberOf(original, tag) ?? 0) > 0);
  if (!isEmbedded || pixels?.bytes === undefined || stored >= allocated || (allocated !== 8 && allocated !== 16)) return dataSet;
  const mask = ((2 ** stored - 1) << (high - stored + 1)) >>> 0;
  const bytes = new Uint8Array(pixels.bytes);
  const step = allocated / 8;
  for (let at = 0; at + step <= bytes.length; at += step) {
    for (let byte = 0; byte < step; byte += 1) bytes[at + byte] = (bytes[at + byte] ?? 0) & (mask >>> (8 * byte));
  }
  return { ...dataSet, [Tag.PixelData]: { ...pixels, bytes } };
}

/** Compressed frames without comments and application data (Exif, thumbnails, names of patients): the samples do not change. */
export function withoutEmbeddedText(dataSet: DataSet, transferSyntaxUid: string): DataSet {
  const pixels = dataSet[Tag.PixelData];
  const strip = stripperOf(transferSyntaxUid);
  if (pixels?.fragments === undefined || strip === undefined) return dataSet;
  const fragments = pixels.fragments.map(strip);
  if (fragments.every((fragment, index) => fragment === pixels.fragments?.[index])) return dataSet;
  const result: DataSet = { ...dataSet, [Tag.PixelData]: withOffsets(pixels, fragments) };
  // Extended offsets are of 64 bits and optional: simpler without than wrong (PS3.3 C.7.6.3.1.8).
  delete result[Tag.ExtendedOffsetTable];
  delete result[Tag.ExtendedOffsetTableLengths];
  return result;
}

function stripperOf(transferSyntaxUid: string): ((fragment: Uint8Array) => Uint8Array) | undefined {
  if (JPEG_FAMILY.test(transferSyntaxUid)) return withoutJpegComments;
  return JPEG_2000_FAMILY.test(transferSyntaxUid) ? withoutCodestreamComments : undefined;
}

/** The basic offset table for fragments that have become shorter; each offset stays at the fragment that it was at. */
function withOffsets(pixels: Attribute, fragments: Uint8Array[]): Attribute {
  const { offsetTable, fragments: old = [], vr } = pixels;
  if (offsetTable === undefined) return { vr, fragments };
  const moved = new Map<number, number>();
  let [before, after] = [0, 0];
  for (const [index, fragment] of old.entries()) {
    moved.set(before, after);
    before += 8 + even(fragment.length);
    after += 8 + even(fragments[index]?.length ?? 0);
  }
  const source = new DataView(offsetTable.buffer, offsetTable.byteOffset, offsetTable.byteLength);
  const table = new DataView(new ArrayBuffer(offsetTable.length - (offsetTable.length % 4)));
  for (let at = 0; at < table.byteLength; at += 4) {
    const offset = moved.get(source.getUint32(at, true));
    // An offset that was at no fragment was wrong before; an empty table is always right.
    if (offset === undefined) return { vr, fragments };
    table.setUint32(at, offset, true);
  }
  return { vr, fragments, offsetTable: new Uint8Array(table.buffer) };
}

function even(length: number): number {
  return length + (length % 2);
}

/** Segments before the first scan, and between scans of progressive streams, without COM and APPn (ITU-T T.81 B.1.1). */
function withoutJpegComments(stream: Uint8Array): Uint8Array {
  if (stream[0] !== 0xff || stream[1] !== SOI) return stream;
  const cuts: [number, number][] = [];
  let at = 2;
  while (at + 4 <= stream.length && stream[at] === 0xff) {
    const marker = stream[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === SOS) break;
    const end = at + 2 + (((stream[at + 2] ?? 0) << 8) | (stream[at + 3] ?? 0));
    const isApp = marker >= APP_FIRST && marker <= APP_LAST && !isOfCodec(stream, at);
    if ((marker === COM || isApp) && end <= stream.length) cuts.push([at, end]);
    at = end;
  }
  return cutOut(stream, cuts);
}

/** JFIF (not its extension with thumbnails), Adobe and SPIFF segments. */
function isOfCodec(stream: Uint8Array, at: number): boolean {
  const marker = stream[at + 1];
  if (marker === APP_JFIF) return stream[at + 6] === 0x49; // "JFIF", not "JFXX"
  return marker === APP_ADOBE || marker === APP_SPIFF;
}

/** Main header without COM segments (ISO 15444-1 A.9.2). */
function withoutCodestreamComments(stream: Uint8Array): Uint8Array {
  if (stream[0] !== 0xff || stream[1] !== J2K_SOC) return stream;
  const cuts: [number, number][] = [];
  let at = 2;
  while (at + 4 <= stream.length && stream[at] === 0xff && stream[at + 1] !== J2K_SOT) {
    const end = at + 2 + (((stream[at + 2] ?? 0) << 8) | (stream[at + 3] ?? 0));
    if (stream[at + 1] === J2K_COM && end <= stream.length) cuts.push([at, end]);
    at = end;
  }
  return cutOut(stream, cuts);
}

function cutOut(stream: Uint8Array, cuts: readonly [number, number][]): Uint8Array {
  if (cuts.length === 0) return stream;
  const length = stream.length - cuts.reduce((sum, [from, to]) => sum + to - from, 0);
  const result = new Uint8Array(length);
  let [read, written] = [0, 0];
  for (const [from, to] of [...cuts, [stream.length, stream.length]]) {
    result.set(stream.subarray(read, from), written);
    written += (from ?? 0) - read;
    read = to ?? 0;
  }
  return result;
}

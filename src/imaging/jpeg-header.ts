import { ImagingError } from './imaging-error.ts';

/** JPEG markers by their second byte (ITU-T T.81 table B.1; SOF55 is JPEG-LS, ITU-T T.87). */
export const JpegMarker = {
  sof1: 0xc1,
  sof2: 0xc2,
  sof3: 0xc3,
  dht: 0xc4,
  rst0: 0xd0,
  rst7: 0xd7,
  soi: 0xd8,
  eoi: 0xd9,
  sos: 0xda,
  dqt: 0xdb,
  dri: 0xdd,
  app0: 0xe0,
  app14: 0xee,
  sof55: 0xf7,
} as const;

export type JpegComponent = { id: number; horizontal: number; vertical: number; quantization: number };

/** What a JPEG or JPEG-LS stream says of itself before its first scan. */
export type JpegHeader = {
  /** Marker of the frame header: 0xC0 baseline, 0xC1 extended, 0xC2 progressive, 0xC3 lossless, 0xF7 JPEG-LS. */
  process: number;
  precision: number;
  rows: number;
  columns: number;
  components: JpegComponent[];
  hasJfif: boolean;
  /** Transform flag of Adobe's APP14: 0 none, 1 YCbCr; undefined without that segment. */
  adobeTransform: number | undefined;
};

/** One marker segment: `start` is the first byte after the length field, `end` one past the last. */
export type JpegSegment = { marker: number; start: number; end: number };

/**
 * Reads the header of a JPEG or JPEG-LS stream without decoding anything, so that sizes can be checked before memory is taken.
 * @throws {ImagingError} if there is no complete frame header
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  let hasJfif = false;
  let adobeTransform: number | undefined;
  let frame: Omit<JpegHeader, 'hasJfif' | 'adobeTransform'> | undefined;
  let position = startOf(bytes);

  for (;;) {
    const segment = segmentAt(bytes, position);
    if (segment.marker === JpegMarker.sos || segment.marker === JpegMarker.eoi) break;
    if (segment.marker === JpegMarker.app0) hasJfif ||= asciiAt(bytes, segment.start, 4) === 'JFIF';
    if (isAdobe(bytes, segment)) adobeTransform = bytes[segment.start + 11];
    if (isFrameHeader(segment.marker)) frame ??= readFrameHeader(bytes, segment);
    position = segment.end;
  }
  if (!frame) throw new ImagingError('The JPEG stream has no frame header');
  return { ...frame, hasJfif, adobeTransform };
}

/** Offset of the first marker after SOI. */
export function startOf(bytes: Uint8Array): number {
  if (bytes[0] !== 0xff || bytes[1] !== JpegMarker.soi) throw new ImagingError('The pixel data is not a JPEG stream');
  return 2;
}

/** The marker segment at or after `position`; fill bytes and stray bytes before the marker are skipped. */
export function segmentAt(bytes: Uint8Array, position: number): JpegSegment {
  let at = position;
  while (at + 1 < bytes.length && !(bytes[at] === 0xff && isMarker(bytes[at + 1] ?? 0))) at += 1;
  const marker = bytes[at + 1];
  if (marker === undefined) throw new ImagingError('The JPEG stream ends early');
  if (marker === JpegMarker.eoi) return { marker, start: at + 2, end: at + 2 };

  const end = at + 2 + uint16At(bytes, at + 2);
  if (end > bytes.length || end < at + 4) throw new ImagingError('A JPEG segment is longer than the stream');
  return { marker, start: at + 4, end };
}

/** Big-endian 16 bits; bytes past the end read as zero. */
export function uint16At(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}

/** Adobe's segment has 12 bytes; shorter ones occur, and decoders ignore them. */
function isAdobe(bytes: Uint8Array, { marker, start, end }: JpegSegment): boolean {
  return marker === JpegMarker.app14 && end - start >= 12 && asciiAt(bytes, start, 5) === 'Adobe';
}

function isMarker(second: number): boolean {
  return second !== 0 && second !== 0xff && !(second >= JpegMarker.rst0 && second <= JpegMarker.soi);
}

function isFrameHeader(marker: number): boolean {
  if (marker === JpegMarker.sof55) return true;
  return marker >= 0xc0 && marker <= 0xcf && marker !== JpegMarker.dht && marker !== 0xc8 && marker !== 0xcc;
}

function readFrameHeader(bytes: Uint8Array, { marker, start, end }: JpegSegment): Omit<JpegHeader, 'hasJfif' | 'adobeTransform'> {
  const count = bytes[start + 5] ?? 0;
  if (count === 0 || start + 6 + 3 * count > end) throw new ImagingError('The JPEG frame header is too short');

  const components = Array.from({ length: count }, (_, index) => {
    const at = start + 6 + 3 * index;
    const sampling = bytes[at + 1] ?? 0;
    return { id: bytes[at] ?? 0, horizontal: sampling >> 4, vertical: sampling & 15, quantization: bytes[at + 2] ?? 0 };
  });
  return {
    process: marker,
    precision: bytes[start] ?? 0,
    rows: uint16At(bytes, start + 1),
    columns: uint16At(bytes, start + 3),
    components,
  };
}

function asciiAt(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}

import { ImagingError } from './imaging-error.ts';
import { uint16At } from './jpeg-header.ts';

const SOC_SIZ = [0xff, 0x4f, 0xff, 0x51];
const COD = 0x52;
const SOT = 0x90;

/** What a JPEG 2000 codestream says of itself (ITU-T T.800 annex A). */
export type Jpeg2000Header = {
  rows: number;
  columns: number;
  components: number;
  precision: number;
  isSigned: boolean;
  /** Whether the codestream carries the multiple component transformation, so that decoding gives RGB. */
  hasColorTransform: boolean;
  /** Whether the wavelet transformation is the one that loses nothing. */
  isReversible: boolean;
  /** Where the codestream starts: after the boxes, if the frame is a whole JP2 file (which DICOM does not allow, and which occurs). */
  start: number;
};

/**
 * Reads the main header of a JPEG 2000 or HTJ2K codestream without decoding anything.
 * @throws {ImagingError} if there is none or if its components differ in size or precision
 */
export function readJpeg2000Header(bytes: Uint8Array): Jpeg2000Header {
  const start = bytes.findIndex((_, at) => SOC_SIZ.every((byte, k) => bytes[at + k] === byte));
  if (start < 0 || start + 42 > bytes.length) throw new ImagingError('The pixel data is not a JPEG 2000 codestream');

  const siz = start + 4;
  const components = uint16At(bytes, siz + 36);
  for (let index = 1; index < components; index += 1) {
    const isEqual = [0, 1, 2].every((k) => bytes[siz + 38 + 3 * index + k] === bytes[siz + 38 + k]);
    if (!isEqual) throw new ImagingError('JPEG 2000 with unequal components is not supported');
  }
  if (bytes[siz + 39] !== 1 || bytes[siz + 40] !== 1) throw new ImagingError('Subsampled JPEG 2000 is not supported');
  const precision = bytes[siz + 38] ?? 0;
  return {
    columns: uint32At(bytes, siz + 4) - uint32At(bytes, siz + 12),
    rows: uint32At(bytes, siz + 8) - uint32At(bytes, siz + 16),
    components,
    precision: (precision & 0x7f) + 1,
    isSigned: precision >= 0x80,
    ...readCodingStyle(bytes, siz + uint16At(bytes, siz)),
    start,
  };
}

/**
 * Whether every tile-part is there in its whole length (T.800 A.4.2), which decoders do not insist on: they fill what is missing with
 * gray. A missing end marker alone does no harm.
 */
export function isJpeg2000Complete(bytes: Uint8Array, { start }: Jpeg2000Header): boolean {
  let at = start + 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== SOT) at += 2 + uint16At(bytes, at + 2);
  if (at + 12 > bytes.length) return false;
  while (at + 12 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] === SOT) {
    const length = uint32At(bytes, at + 6);
    // Zero: the tile-part goes on to the end of the codestream.
    if (length === 0) return true;
    if (length < 14 || at + length > bytes.length) return false;
    at += length;
  }
  return true;
}

/** From the COD segment (T.800 A.6.1), sought from the segment after SIZ to the first tile. */
function readCodingStyle(bytes: Uint8Array, afterSiz: number): Pick<Jpeg2000Header, 'hasColorTransform' | 'isReversible'> {
  let at = afterSiz;
  while (at + 13 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== SOT) {
    if (bytes[at + 1] === COD) return { hasColorTransform: bytes[at + 8] === 1, isReversible: bytes[at + 13] === 1 };
    at += 2 + uint16At(bytes, at + 2);
  }
  return { hasColorTransform: false, isReversible: false };
}

function uint32At(bytes: Uint8Array, offset: number): number {
  return uint16At(bytes, offset) * 65_536 + uint16At(bytes, offset + 2);
}

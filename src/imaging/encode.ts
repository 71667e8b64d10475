import { ExplicitVrBigEndian, transferSyntaxOf } from '../dicom/uids.ts';
import { deflateFrame } from './deflate.ts';
import { encodeDctJpeg } from './encode-jpeg-dct.ts';
import { encodeLosslessJpeg } from './encode-jpeg-lossless.ts';
import { encodeJpegLs } from './encode-jpeg-ls.ts';
import { encodeJpeg2000 } from './encode-jpeg2000.ts';
import { encodeRle } from './encode-rle.ts';
import { cellBytes, type EncodedFrame, type FrameToEncode, packBits } from './frame-to-encode.ts';
import { ImagingError } from './imaging-error.ts';
import { swapHalves } from './native.ts';

/**
 * How much may be lost. In the syntaxes that leave the choice (JPEG-LS near-lossless, JPEG 2000, HTJ2K) nothing is, unless told;
 * JPEG baseline and extended always lose.
 */
export type Loss = {
  /** Of JPEG baseline and extended, 1 to 100. */
  quality?: number;
  /** Of JPEG-LS: largest difference of a decoded value. */
  near?: number;
  /** Of JPEG 2000: how many times smaller than the stored bits. */
  ratio?: number;
  /** Of HTJ2K: quantization step as a share of the range of values. */
  step?: number;
};

/** Visually lossless for pictures to look at; the tests hold it to the signal-to-noise ratio that the documentation states. */
const DEFAULT_QUALITY = 95;

type Encoder = (frame: FrameToEncode, loss: Loss) => Promise<EncodedFrame> | EncodedFrame;

/** JPEG 2000 Part 2, JPEG XL, MPEG and progressive JPEG are read or kept, not written. */
const ENCODERS: Readonly<Record<string, Encoder>> = {
  '1.2.840.10008.1.2': encodeNative,
  '1.2.840.10008.1.2.1': encodeNative,
  '1.2.840.10008.1.2.1.98': encodeNative,
  '1.2.840.10008.1.2.1.99': encodeNative,
  [ExplicitVrBigEndian]: encodeBigEndian,
  '1.2.840.10008.1.2.4.50': (frame, { quality = DEFAULT_QUALITY }) => encodeDctJpeg(frame, { quality, isBaseline: true }),
  '1.2.840.10008.1.2.4.51': (frame, { quality = DEFAULT_QUALITY }) => encodeDctJpeg(frame, { quality, isBaseline: false }),
  '1.2.840.10008.1.2.4.57': (frame) => asStored(frame, encodeLosslessJpeg(in8Or16(frame))),
  '1.2.840.10008.1.2.4.70': (frame) => asStored(frame, encodeLosslessJpeg(in8Or16(frame))),
  '1.2.840.10008.1.2.4.80': async (frame) => asStored(frame, await encodeJpegLs(in8Or16(frame), 0)),
  '1.2.840.10008.1.2.4.81': encodeNearLossless,
  '1.2.840.10008.1.2.4.90': (frame) => encodeJpeg2000(frame, { codec: 'jpeg-2000' }),
  '1.2.840.10008.1.2.4.91': (frame, { ratio }) => encodeJpeg2000(frame, { codec: 'jpeg-2000', ...lossOf(ratio) }),
  '1.2.840.10008.1.2.4.201': (frame) => encodeJpeg2000(frame, { codec: 'htj2k' }),
  '1.2.840.10008.1.2.4.202': (frame) => encodeJpeg2000(frame, { codec: 'htj2k', hasRpclOptions: true }),
  '1.2.840.10008.1.2.4.203': (frame, { step }) => encodeJpeg2000(frame, { codec: 'htj2k', ...lossOf(step) }),
  '1.2.840.10008.1.2.5': (frame) => asStored(frame, encodeRle(frame)),
  '1.2.840.10008.1.2.8.1': async (frame) => asStored(frame, await deflateFrame(encodeNative(frame).bytes)),
};

/** Whether frames can be written in this transfer syntax; what they hold may still not fit into it. */
export function canEncode(transferSyntaxUid: string): boolean {
  return Object.hasOwn(ENCODERS, transferSyntaxUid);
}

/** Whether encoding in the syntax with this loss changes values. */
export function losesValues(transferSyntaxUid: string, { near = 0, ratio, step }: Loss = {}): boolean {
  switch (transferSyntaxUid) {
    case '1.2.840.10008.1.2.4.81':
      return near > 0;
    case '1.2.840.10008.1.2.4.91':
      return ratio !== undefined;
    case '1.2.840.10008.1.2.4.203':
      return step !== undefined;
    default:
      return transferSyntaxOf(transferSyntaxUid).lossy;
  }
}

/**
 * Encodes a frame in a transfer syntax. Native ones are given as a data set holds them: little endian words, single bits packed from the
 * lowest on.
 *
 * @throws {ImagingError} if the syntax is not written here, or cannot hold such pixels
 */
export async function encodeFrame(frame: FrameToEncode, transferSyntaxUid: string, loss: Loss = {}): Promise<EncodedFrame> {
  const encoder = ENCODERS[transferSyntaxUid];
  if (!encoder) throw new ImagingError(`The transfer syntax ${transferSyntaxUid} is not written here`);
  return encoder(frame, loss);
}

function encodeNative(frame: FrameToEncode): EncodedFrame {
  return asStored(frame, frame.bitsAllocated === 1 ? packBits(frame.pixels) : cellBytes(frame));
}

/** Little endian words, as `writePart10` takes them to swap each; the words of a 32-bit cell change places beforehand. */
function encodeBigEndian(frame: FrameToEncode): EncodedFrame {
  if (frame.bitsAllocated !== 32) return encodeNative(frame);
  const cells = new Uint32Array(frame.pixels.slice().buffer);
  swapHalves(cells);
  return asStored(frame, new Uint8Array(cells.buffer));
}

async function encodeNearLossless(frame: FrameToEncode, { near = 0 }: Loss): Promise<EncodedFrame> {
  if (near > 0 && frame.photometricInterpretation === 'PALETTE COLOR')
    throw new ImagingError('Places in a palette cannot be compressed with loss');
  return asStored(frame, await encodeJpegLs(in8Or16(frame), near));
}

/** PS3.5 tables 8.2.1-1 and 8.2.3-1. */
function in8Or16(frame: FrameToEncode): FrameToEncode {
  if (frame.bitsAllocated !== 8 && frame.bitsAllocated !== 16) throw new ImagingError('JPEG holds values of 8 or 16 bits allocated only');
  return frame;
}

function asStored({ photometricInterpretation }: FrameToEncode, bytes: Uint8Array): EncodedFrame {
  return { bytes, photometricInterpretation };
}

function lossOf(loss: number | undefined): { loss?: number } {
  return loss === undefined ? {} : { loss };
}

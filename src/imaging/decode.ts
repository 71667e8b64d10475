import type { PixelDescription } from '../dicom/pixel-description.ts';
import { ExplicitVrBigEndian, transferSyntaxes } from '../dicom/uids.ts';
import { type CodecName, decodeWithCodec } from './codecs.ts';
import { expandYbr422, interleave, type Samples, ybrToRgb } from './color.ts';
import type { DecodedFrame } from './decoded-frame.ts';
import { ImagingError } from './imaging-error.ts';
import { inflateExactly } from './inflate.ts';
import { decodeDctJpeg } from './jpeg-dct.ts';
import { type JpegHeader, JpegMarker, readJpegHeader } from './jpeg-header.ts';
import { decodeLosslessJpeg } from './jpeg-lossless.ts';
import { relabel } from './jpeg2000-codestream.ts';
import { isJpeg2000Complete, type Jpeg2000Header, readJpeg2000Header } from './jpeg2000-header.ts';
import { readNativeCells, samplesOfCells, swapHalves } from './native.ts';
import { decodeRle } from './rle.ts';

/** More samples than any real frame has: a compressed frame of a few bytes may claim four billion. */
const MAX_SAMPLES = 100_000_000;

/** A frame as it is stored: color stays YCbCr where the data set says so. Same shape as `DecodedFrame`. */
export type StoredFrameSamples = Omit<DecodedFrame, 'photometricInterpretation'> & {
  photometricInterpretation: DecodedFrame['photometricInterpretation'] | 'YBR_FULL';
};

/** Samples out of a codec, interleaved; `colors` says whether the codec has already turned YCbCr into RGB. */
type CodecSamples = { samples: Samples; colors: 'as-described' | 'rgb' };
type Decoder = (description: PixelDescription, frame: Uint8Array) => Promise<CodecSamples> | CodecSamples;

const DECODERS: Record<string, Decoder> = {
  '1.2.840.10008.1.2': decodeNative,
  '1.2.840.10008.1.2.1': decodeNative,
  '1.2.840.10008.1.2.1.98': decodeNative,
  '1.2.840.10008.1.2.1.99': decodeNative,
  '1.2.840.10008.1.2.2': decodeNative,
  '1.2.840.10008.1.2.4.50': decodeJpeg,
  '1.2.840.10008.1.2.4.51': decodeJpeg,
  '1.2.840.10008.1.2.4.53': decodeJpeg,
  '1.2.840.10008.1.2.4.55': decodeJpeg,
  '1.2.840.10008.1.2.4.57': decodeJpeg,
  '1.2.840.10008.1.2.4.70': decodeJpeg,
  '1.2.840.10008.1.2.4.80': decodeJpegLs,
  '1.2.840.10008.1.2.4.81': decodeJpegLs,
  '1.2.840.10008.1.2.4.90': (description, frame) => decodeJpeg2000('jpeg-2000', description, frame),
  '1.2.840.10008.1.2.4.91': (description, frame) => decodeJpeg2000('jpeg-2000', description, frame),
  '1.2.840.10008.1.2.4.201': (description, frame) => decodeJpeg2000('htj2k', description, frame),
  '1.2.840.10008.1.2.4.202': (description, frame) => decodeJpeg2000('htj2k', description, frame),
  '1.2.840.10008.1.2.4.203': (description, frame) => decodeJpeg2000('htj2k', description, frame),
  '1.2.840.10008.1.2.5': decodeRleFrame,
  '1.2.840.10008.1.2.8.1': decodeDeflated,
};

/** Whether frames of this transfer syntax can be decoded here. */
export function canDecode(transferSyntaxUid: string): boolean {
  return transferSyntaxUid in DECODERS;
}

/**
 * Decodes one frame; YCbCr becomes RGB. Sizes named inside of a compressed stream are checked against the description before memory is
 * taken for them.
 * @param frame the frame's bytes; native ones little endian, as the parser gives them
 * @throws {ImagingError} if the transfer syntax is not supported, or the bytes are not the frame that the description promises
 */
export async function decodeFrame(description: PixelDescription, frame: Uint8Array): Promise<DecodedFrame> {
  const { photometricInterpretation, ...stored } = await decodeStoredFrame(description, frame);
  if (photometricInterpretation !== 'YBR_FULL') return { ...stored, photometricInterpretation };
  ybrToRgb(stored.pixels, description.bitsStored);
  return { ...stored, photometricInterpretation: 'RGB' };
}

/**
 * As `decodeFrame`, but uncompressed YCbCr and what was compressed as such keep their values: turning them into RGB rounds. Subsampled
 * YBR_FULL_422 comes as YBR_FULL.
 * @throws {ImagingError} as `decodeFrame`
 */
export async function decodeStoredFrame(description: PixelDescription, frame: Uint8Array): Promise<StoredFrameSamples> {
  const decoder = DECODERS[description.transferSyntaxUid];
  if (!decoder) throw new ImagingError(`The transfer syntax ${description.transferSyntaxUid} is not supported`);
  const shape = checkDescription(description);

  const { samples, colors } = await decoder(description, frame);
  if (samples.length !== sampleCount(description)) throw new ImagingError('The decoded frame is not as large as its description says');
  const isYbr = shape.samplesPerPixel === 3 && colors === 'as-described' && description.photometricInterpretation.startsWith('YBR_FULL');
  const photometricInterpretation = isYbr ? 'YBR_FULL' : shape.photometricInterpretation;
  return { rows: description.rows, columns: description.columns, ...shape, pixels: samples, photometricInterpretation };
}

function checkDescription(description: PixelDescription): Pick<DecodedFrame, 'samplesPerPixel' | 'photometricInterpretation'> {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, highBit, photometricInterpretation } = description;
  if (rows < 1 || columns < 1) throw new ImagingError('The frame has no rows or no columns');
  if (sampleCount(description) > MAX_SAMPLES) throw new ImagingError(`Frames of more than ${MAX_SAMPLES} samples are not decoded`);
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit < bitsStored - 1 || highBit >= bitsAllocated) {
    throw new ImagingError('Bits Allocated, Bits Stored and High Bit contradict each other');
  }

  if (samplesPerPixel === 3) {
    const isKnown = ['RGB', 'YBR_FULL', 'YBR_FULL_422', 'YBR_RCT', 'YBR_ICT'].includes(photometricInterpretation);
    if (!isKnown) throw new ImagingError('The photometric interpretation is not supported');
    return { samplesPerPixel: 3, photometricInterpretation: 'RGB' };
  }
  if (samplesPerPixel !== 1) throw new ImagingError(`${samplesPerPixel} samples per pixel are not supported`);
  switch (photometricInterpretation) {
    case 'MONOCHROME1':
    case 'MONOCHROME2':
    case 'PALETTE COLOR':
      return { samplesPerPixel: 1, photometricInterpretation };
    default:
      throw new ImagingError('The photometric interpretation does not fit one sample per pixel');
  }
}

function decodeNative(description: PixelDescription, frame: Uint8Array): CodecSamples {
  const { rows, columns, samplesPerPixel, bitsAllocated, planarConfiguration, photometricInterpretation } = description;
  const count = sampleCount(description);
  if (photometricInterpretation === 'YBR_FULL_422' && bitsAllocated === 8 && frame.length < count) {
    return { samples: expandYbr422(frame, rows, columns), colors: 'as-described' };
  }
  const cells = readNativeCells(frame, bitsAllocated, count);
  if (description.transferSyntaxUid === ExplicitVrBigEndian && cells instanceof Uint32Array) swapHalves(cells);
  const samples = samplesOfCells(cells, description);
  return { samples: planarConfiguration === 1 && samplesPerPixel === 3 ? interleave(samples, 3) : samples, colors: 'as-described' };
}

async function decodeDeflated(description: PixelDescription, frame: Uint8Array): Promise<CodecSamples> {
  const length = Math.ceil((sampleCount(description) * description.bitsAllocated) / 8);
  return decodeNative(description, await inflateExactly(frame, length));
}

function decodeRleFrame(description: PixelDescription, frame: Uint8Array): CodecSamples {
  const { rows, columns, samplesPerPixel, bitsAllocated } = description;
  // Single bits are packed into bytes before they are compressed (PS3.5 8.2.2).
  const packed = bitsAllocated === 1 ? 8 : 1;
  const layout = {
    samples: Math.ceil((rows * columns) / packed),
    components: samplesPerPixel,
    bytesPerComponent: Math.ceil(bitsAllocated / 8),
  };
  const bytes = decodeRle(frame, layout);
  return { samples: samplesOfCells(readNativeCells(bytes, bitsAllocated, sampleCount(description)), description), colors: 'as-described' };
}

async function decodeJpeg(description: PixelDescription, frame: Uint8Array): Promise<CodecSamples> {
  const header = readJpegHeader(frame);
  checkSize(description, { ...header, components: header.components.length });
  if (header.process === JpegMarker.sof3) {
    return { samples: fitSamples(decodeLosslessJpeg(frame).samples, description, header.precision), colors: 'as-described' };
  }
  if (header.precision > 8) {
    return { samples: fitSamples(decodeDctJpeg(frame).samples, description, header.precision), colors: 'as-described' };
  }
  const { bytes } = await decodeWithCodec('jpeg', withColorTransform(frame, header, description));
  return { samples: fitSamples(bytes, description, 8), colors: 'rgb' };
}

/**
 * Says in the stream itself whether it is YCbCr, because libjpeg otherwise guesses YCbCr. Adobe's and JFIF's segments say so; a stream
 * with neither is what Photometric Interpretation says: RGB, or else YCbCr.
 */
function withColorTransform(frame: Uint8Array, header: JpegHeader, description: PixelDescription): Uint8Array {
  if (header.components.length !== 3 || header.adobeTransform !== undefined || header.hasJfif) return frame;
  const transform = description.photometricInterpretation === 'RGB' ? 0 : 1;
  const app14 = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, transform];
  const output = new Uint8Array(frame.length + app14.length);
  output.set(frame.subarray(0, 2));
  output.set(app14, 2);
  output.set(frame.subarray(2), 2 + app14.length);
  return output;
}

async function decodeJpegLs(description: PixelDescription, frame: Uint8Array): Promise<CodecSamples> {
  const header = readJpegHeader(frame);
  if (header.process !== JpegMarker.sof55) throw new ImagingError('The pixel data is not a JPEG-LS stream');
  checkSize(description, { ...header, components: header.components.length });
  const { bytes, isPlanar, info } = await decodeWithCodec('jpeg-ls', withEndMarker(frame));
  const values = valuesOf(bytes, info.bitsPerSample, false);
  return { samples: fitSamples(isPlanar ? interleave(values, 3) : values, description, info.bitsPerSample), colors: 'as-described' };
}

/** CharLS looks for the end marker far beyond a stream that lacks it, for seconds: there is always one. */
function withEndMarker(frame: Uint8Array): Uint8Array {
  const output = new Uint8Array(frame.length + 2);
  output.set(frame);
  output.set([0xff, JpegMarker.eoi], frame.length);
  return output;
}

async function decodeJpeg2000(codec: CodecName, description: PixelDescription, frame: Uint8Array): Promise<CodecSamples> {
  const header = readJpeg2000Header(frame);
  checkSize(description, header);
  if (header.precision > 16) throw new ImagingError(`JPEG 2000 of ${header.precision} bits is not supported`);
  if (!isJpeg2000Complete(frame, header)) throw new ImagingError('The JPEG 2000 codestream ends early');
  const values = await decodeCodestream(codec, frame.subarray(header.start), header);
  const isRgb = header.hasColorTransform || !description.photometricInterpretation.startsWith('YBR_FULL');
  return { samples: fitSamples(values, description, header.precision), colors: isRgb ? 'rgb' : 'as-described' };
}

/**
 * OpenJPEG reads HTJ2K too, slower: OpenJPH's wrapper mixes up the lines of color without a component transformation. Both wrappers lose
 * the sign of bytes, so these are decoded as words; a lossy codestream then fills the range of the words.
 */
async function decodeCodestream(codec: CodecName, codestream: Uint8Array, header: Jpeg2000Header): Promise<Samples> {
  const { components, hasColorTransform, precision, isSigned, isReversible } = header;
  const fitting = components === 1 || hasColorTransform ? codec : 'jpeg-2000';
  if (!isSigned || precision > 8) return valuesOf((await decodeWithCodec(fitting, codestream)).bytes, precision, isSigned);
  const { bytes } = await decodeWithCodec(fitting, relabel(codestream, { bits: 16, isSigned }));
  const divisor = isReversible ? 1 : 2 ** (16 - precision);
  return Int8Array.from(valuesOf(bytes, 16, isSigned), (value) => Math.min(127, Math.round(value / divisor)));
}

function valuesOf(bytes: Uint8Array, precision: number, isSigned: boolean): Samples {
  const buffer = bytes.slice().buffer;
  if (precision <= 8) return isSigned ? new Int8Array(buffer) : new Uint8Array(buffer);
  return isSigned ? new Int16Array(buffer) : new Uint16Array(buffer);
}

/**
 * Puts a codec's values into cells of Bits Allocated and reads the samples from them, so that sign and stored bits follow the data set
 * even where the stream disagrees (a stream marked unsigned that holds two's complement is common).
 */
function fitSamples(values: Samples, description: PixelDescription, precision: number): Samples {
  const { bitsAllocated, bitsStored, pixelRepresentation } = description;
  if (precision > bitsAllocated) throw new ImagingError('The compressed frame has more bits than its description says');
  const cells = cellsFor(bitsAllocated, values.length);
  cells.set(values);
  // A lossy codec may overshoot the stored range, and cutting bits off would turn white into black.
  if (precision > bitsStored && pixelRepresentation === 0 && transferSyntaxes[description.transferSyntaxUid]?.lossy) {
    const largest = 2 ** bitsStored - 1;
    for (let index = 0; index < cells.length; index += 1) cells[index] = Math.min(largest, cells[index] ?? 0);
  }
  return samplesOfCells(cells, { ...description, highBit: bitsStored - 1 });
}

function cellsFor(bitsAllocated: number, count: number): Uint8Array | Uint16Array | Uint32Array {
  if (bitsAllocated <= 8) return new Uint8Array(count);
  return bitsAllocated <= 16 ? new Uint16Array(count) : new Uint32Array(count);
}

function checkSize(description: PixelDescription, header: { rows: number; columns: number; components: number }): void {
  const { rows, columns, samplesPerPixel } = description;
  if (header.rows !== rows || header.columns !== columns || header.components !== samplesPerPixel) {
    throw new ImagingError('The compressed frame is not as large as its description says');
  }
}

function sampleCount({ rows, columns, samplesPerPixel }: PixelDescription): number {
  return rows * columns * samplesPerPixel;
}

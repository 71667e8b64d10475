import { type CodecModuleName, runCoder } from './codec-instances.ts';
import { rgbOfYbr } from './color.ts';
import { cellBytes, type EncodedFrame, type FrameToEncode } from './frame-to-encode.ts';
import { ImagingError } from './imaging-error.ts';
import { joinPlanes, relabel } from './jpeg2000-codestream.ts';

/** Layers, resolutions, positions, components (T.800 B.12): resolution first lets a reader stop at a small picture. */
const RPCL = 2;
/** The usual number of wavelet decompositions. */
const DECOMPOSITIONS = 5;
/** HTJ2K with RPCL options: the smallest resolution is not larger than this (PS3.5 10.18). */
const SMALLEST_SIDE = 64;

export type Jpeg2000Options = {
  codec: 'jpeg-2000' | 'htj2k';
  /** Lossless unless told: compression ratio of JPEG 2000, or quantization step of HTJ2K as a share of the range of values. */
  loss?: number;
  /** Writes what PS3.5 10.18 asks for: enough decompositions, a tile-part for each resolution and their lengths in the header. */
  hasRpclOptions?: boolean;
};

/** What the codec is handed: interleaved samples, bytes up to 8 bits, else words. */
type Picture = { width: number; height: number; components: 1 | 3; bits: number; isSigned: boolean; bytes: Uint8Array };

/**
 * Encodes a frame as a JPEG 2000 (OpenJPEG) or HTJ2K (OpenJPH) codestream. RGB of 8 bits goes through the component transformation and
 * becomes YBR_RCT, with loss YBR_ICT; other color is encoded plane by plane and stays as it is (PS3.5 8.2.4).
 *
 * @throws {ImagingError} for more than 16 bits, palettes with loss, or if the codec refuses
 */
export async function encodeJpeg2000(frame: FrameToEncode, options: Jpeg2000Options): Promise<EncodedFrame> {
  const { bitsStored, photometricInterpretation: stored } = frame;
  const isLossy = options.loss !== undefined;
  if (bitsStored === 1 && frame.pixelRepresentation === 1) throw new ImagingError('A single bit has no sign');
  if (bitsStored > 16) throw new ImagingError('JPEG 2000 of more than 16 bits is not written here');
  if (isLossy && stored === 'PALETTE COLOR') throw new ImagingError('Places in a palette cannot be compressed with loss');
  if (frame.samplesPerPixel === 1) return { bytes: await encodeGray(frame, options), photometricInterpretation: stored };

  if (bitsStored === 8 && frame.pixelRepresentation === 0 && (stored === 'RGB' || isLossy)) {
    const pixels = stored === 'YBR_FULL' ? rgbOfYbr(frame.pixels, bitsStored) : frame.pixels;
    const bytes = await runEncoder(pictureOf({ ...frame, pixels }), { ...options, hasColorTransform: true });
    return { bytes, photometricInterpretation: isLossy ? 'YBR_ICT' : 'YBR_RCT' };
  }
  const planes: Uint8Array[] = [];
  for (const component of [0, 1, 2]) {
    const pixels = frame.pixels.filter((_, index) => index % 3 === component) as typeof frame.pixels;
    planes.push(await encodeGray({ ...frame, pixels, samplesPerPixel: 1 }, options));
  }
  return { bytes: joinPlanes(planes), photometricInterpretation: stored };
}

/**
 * The wrappers take bytes as unsigned, and have too small a buffer for noise of few bits: such pictures are handed over as words
 * of 16 bits around zero, and the codestream is told the true depth afterwards. That is exact: the wavelet transformation does not
 * know the depth, and the steps of a lossy one are shares of the range, which the words then fill.
 */
async function encodeGray(frame: FrameToEncode, options: Jpeg2000Options): Promise<Uint8Array> {
  const { bitsStored: bits, pixels } = frame;
  const isSigned = frame.pixelRepresentation === 1;
  const isTaken = bits > (isSigned ? 8 : 4);
  if (isTaken) return runEncoder(pictureOf(frame), options);
  const middle = isSigned ? 0 : 2 ** (bits - 1);
  const shift = options.loss === undefined ? 0 : 16 - bits;
  const words = Int16Array.from(pixels, (value) => (value - middle) << shift);
  const picture: Picture = { ...pictureOf(frame), bits: 16, isSigned: true, bytes: cellBytes({ pixels: words }) };
  // The ratio counts bits that are not there.
  const loss = options.loss === undefined ? {} : { loss: (options.loss * 16) / bits };
  return relabel(await runEncoder(picture, { ...options, ...loss }), { bits, isSigned });
}

function pictureOf(frame: FrameToEncode): Picture {
  const { columns: width, rows: height, samplesPerPixel: components, bitsStored: bits, pixels } = frame;
  const isSigned = frame.pixelRepresentation === 1;
  const size = bits <= 8 ? 1 : 2;
  // Cells may be larger than their values.
  const fitted = pixels.BYTES_PER_ELEMENT === size ? pixels : size === 1 ? Uint8Array.from(pixels) : Uint16Array.from(pixels);
  return { width, height, components, bits, isSigned, bytes: cellBytes({ pixels: fitted }) };
}

async function runEncoder(picture: Picture, options: Jpeg2000Options & { hasColorTransform?: boolean }): Promise<Uint8Array> {
  const { width, height, components, bits, isSigned, bytes } = picture;
  const { codec, loss, hasRpclOptions = false, hasColorTransform = false } = options;
  const info = { width, height, bitsPerSample: bits, componentCount: components, isSigned, isUsingColorTransform: hasColorTransform };
  const [name, className]: [CodecModuleName, string] = codec === 'htj2k' ? ['htj2k', 'HTJ2KEncoder'] : ['jpeg-2000-encoder', 'J2KEncoder'];
  return runCoder(name, { className, refusal: `The frame cannot be encoded by the ${codec} codec` }, (encoder) => {
    encoder.getDecodedBuffer(info).set(bytes);
    encoder.setDecompositions(decompositionsOf(picture, options));
    encoder.setProgressionOrder(RPCL);
    if (codec === 'htj2k') {
      encoder.setQuality(loss === undefined, loss ?? 0);
      encoder.setTLMMarker(hasRpclOptions);
      encoder.setTilePartDivisionsAtResolutions(hasRpclOptions);
    } else {
      encoder.setQuality(loss === undefined, 1);
      // A ratio of 0 keeps everything.
      encoder.setCompressionRatio(0, loss ?? 0);
    }
    encoder.encode();
    return new Uint8Array(encoder.getEncodedBuffer());
  });
}

/** OpenJPEG takes no more than there are halvings of the shorter side; OpenJPH does, and cannot hold the darkest value without any. */
function decompositionsOf({ width, height }: Picture, { codec, hasRpclOptions = false }: Jpeg2000Options): number {
  const needed = hasRpclOptions ? Math.ceil(Math.log2(Math.max(width, height) / SMALLEST_SIDE)) : 0;
  const possible = codec === 'htj2k' ? Number.POSITIVE_INFINITY : Math.floor(Math.log2(Math.min(width, height)));
  return Math.min(possible, Math.max(DECOMPOSITIONS, needed));
}

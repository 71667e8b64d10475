import { type Attribute, type DataSet, type Part10, textOf } from '../../dicom/data-set.ts';
import { pixelFrames } from '../../dicom/frames.ts';
import { describePixels, type PixelDescription } from '../../dicom/pixel-description.ts';
import { Tag } from '../../dicom/tags.ts';
import { type DecodedFrame, decodeFrame } from '../../imaging/decode.ts';
import { ImagingError } from '../../imaging/imaging-error.ts';

/** More decoded bytes than this are not put together. */
const MAX_DECODED_BYTES = 1024 ** 3;

/**
 * The object with its pixels uncompressed, and the attributes that describe them changed to fit: color is RGB, interleaved. An object
 * that is not compressed stays as it is.
 *
 * @throws {ImagingError} if the frames cannot be decoded
 */
export async function toNative({ meta, dataSet, transferSyntaxUid }: Part10): Promise<Pick<Part10, 'meta' | 'dataSet'>> {
  if (dataSet[Tag.PixelData]?.fragments === undefined) return { meta, dataSet };
  const description = describePixels({ meta, dataSet, transferSyntaxUid });
  if (!description) throw new ImagingError('The compressed pixels are not described');
  const frames: Uint8Array[] = [];
  let length = 0;
  let decoded: DecodedFrame | undefined;
  for (const frame of pixelFrames({ meta, dataSet, transferSyntaxUid })) {
    decoded = await decodeFrame(description, frame);
    const bytes = samplesOf(decoded);
    length += bytes.length;
    if (length > MAX_DECODED_BYTES) throw new ImagingError('The uncompressed pixels take more than 1 GiB');
    frames.push(bytes);
  }
  if (!decoded) throw new ImagingError('The object has no frames');
  const samples = joined(frames, length);
  const value = description.bitsAllocated === 1 ? packed(samples) : samples;
  return { meta, dataSet: describedAs(dataSet, decoded, description, { vr: description.bitsAllocated > 8 ? 'OW' : 'OB', bytes: value }) };
}

/** Bytes of a decoded frame as native Pixel Data holds them, little endian; one-bit pixels from bit 0 of the first byte on. */
export function toNativeFrame(decoded: DecodedFrame, { bitsAllocated }: Pick<PixelDescription, 'bitsAllocated'>): Uint8Array {
  return bitsAllocated === 1 ? packed(samplesOf(decoded)) : samplesOf(decoded);
}

function describedAs(dataSet: DataSet, decoded: DecodedFrame, description: PixelDescription, pixelData: Attribute): DataSet {
  const { [Tag.ExtendedOffsetTable]: _offsets, [Tag.ExtendedOffsetTableLengths]: _lengths, ...rest } = dataSet;
  const changed: DataSet = {
    ...rest,
    [Tag.PhotometricInterpretation]: { vr: 'CS', Value: [decoded.photometricInterpretation] },
    // A decoder leaves values in the low bits.
    [Tag.HighBit]: { vr: 'US', Value: [description.bitsStored - 1] },
    [Tag.PixelData]: pixelData,
  };
  if (decoded.samplesPerPixel > 1) changed[Tag.PlanarConfiguration] = { vr: 'US', Value: [0] };
  // What was lost once stays lost (PS3.3 C.7.6.1.1.5).
  if (ALWAYS_LOSSY.has(description.transferSyntaxUid) && textOf(dataSet, Tag.LossyImageCompression) !== '01')
    changed[Tag.LossyImageCompression] = { vr: 'CS', Value: ['01'] };
  return changed;
}

/** JPEG baseline, extended and progressive; other syntaxes that may lose information may also not. */
const ALWAYS_LOSSY: ReadonlySet<string> = new Set(['50', '51', '53', '55'].map((last) => `1.2.840.10008.1.2.4.${last}`));

function samplesOf({ pixels }: DecodedFrame): Uint8Array {
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
}

function joined(frames: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = frames;
  if (frames.length === 1 && only) return only;
  const whole = new Uint8Array(length);
  let position = 0;
  for (const frame of frames) {
    whole.set(frame, position);
    position += frame.length;
  }
  return whole;
}

/** One bit a pixel, the first in the lowest bit (PS3.5 8.1.1). */
function packed(samples: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(samples.length / 8));
  for (const [index, sample] of samples.entries()) if (sample !== 0) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  return bits;
}

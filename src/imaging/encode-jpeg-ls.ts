import { runCoder } from './codec-instances.ts';
import { type FrameToEncode, unsignedSamples } from './frame-to-encode.ts';

const BY_SAMPLE = 2;
const NOT_INTERLEAVED = 0;

/**
 * Encodes a frame as JPEG-LS (ITU-T T.87) with CharLS, color interleaved by sample.
 *
 * @param near largest difference of a decoded value; 0 is lossless. Signed values that come this close to an end of their range are
 * encoded without loss, because the other end is next to it in the codec's unsigned numbers.
 * @throws {ImagingError} if the codec refuses
 */
export async function encodeJpegLs(frame: FrameToEncode, near: number): Promise<Uint8Array> {
  const samples = unsignedSamples(frame);
  const info = {
    width: frame.columns,
    height: frame.rows,
    // T.87 knows no precision of one bit.
    bitsPerSample: Math.max(2, frame.bitsStored),
    componentCount: frame.samplesPerPixel,
    isSigned: false,
    isUsingColorTransform: false,
  };
  const coder = { className: 'JpegLSEncoder', refusal: 'The frame cannot be encoded as JPEG-LS' };
  return runCoder('jpeg-ls-encoder', coder, (encoder) => {
    encoder.getDecodedBuffer(info).set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
    encoder.setNearLossless(isNearAnEnd(frame, near) ? 0 : near);
    encoder.setInterleaveMode(frame.samplesPerPixel === 3 ? BY_SAMPLE : NOT_INTERLEAVED);
    encoder.encode();
    return new Uint8Array(encoder.getEncodedBuffer());
  });
}

function isNearAnEnd({ pixelRepresentation, pixels, bitsStored }: FrameToEncode, near: number): boolean {
  if (pixelRepresentation === 0 || near === 0) return false;
  const half = 2 ** (bitsStored - 1);
  return pixels.some((value) => value >= half - near || value < near - half);
}

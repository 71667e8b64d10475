import { type CodecFrameInfo, runCoder } from './codec-instances.ts';

export type CodecName = 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k';

/** What a codec made of a frame: little-endian samples of 1 byte up to 8 bits, else 2. */
export type CodecOutput = { info: CodecFrameInfo; bytes: Uint8Array; isPlanar: boolean };

const DECODERS: Record<CodecName, string> = {
  jpeg: 'JPEGDecoder',
  'jpeg-ls': 'JpegLSDecoder',
  'jpeg-2000': 'J2KDecoder',
  htj2k: 'HTJ2KDecoder',
};

/**
 * Decodes a compressed frame with a WebAssembly codec. Check the sizes in the stream's header first: memory is taken on their word.
 * @throws {ImagingError} if the codec refuses the stream
 */
export async function decodeWithCodec(name: CodecName, frame: Uint8Array): Promise<CodecOutput> {
  const coder = { className: DECODERS[name], refusal: `The ${name} codec cannot decode the frame` };
  return runCoder(name, coder, (decoder) => {
    decoder.getEncodedBuffer(frame.length).set(frame);
    decoder.decode();
    const { width, height, bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
    const info = { width, height, bitsPerSample, componentCount, isSigned: isSigned ?? false };
    // A copy, and of the plain kind: some codecs give clamped arrays.
    const bytes = new Uint8Array(decoder.getDecodedBuffer());
    return { info, bytes, isPlanar: componentCount > 1 && decoder.getInterleaveMode?.() === 0 };
  });
}

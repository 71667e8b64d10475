import { ImagingError } from './imaging-error.ts';

/** A codec whose heap has grown beyond this is dropped after use: WebAssembly memory never shrinks. */
const MAX_IDLE_HEAP_BYTES = 128 * 2 ** 20;

export type CodecName = 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k';

export type CodecFrameInfo = { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned?: boolean };

/** What a codec made of a frame: little-endian samples of 1 byte up to 8 bits, else 2. */
export type CodecOutput = { info: CodecFrameInfo; bytes: Uint8Array; isPlanar: boolean };

type CodecDecoder = {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): CodecFrameInfo;
  getInterleaveMode?(): number;
  delete(): void;
};
type CodecModule = { HEAPU8: Uint8Array } & { [className: string]: new () => CodecDecoder };

/** The entry of an Emscripten module. */
export type LoadCodec = (options: { print(line: string): void; printErr(line: string): void }) => Promise<CodecModule>;

const CODECS: Record<CodecName, { className: string; load: () => Promise<{ default: LoadCodec }> }> = {
  jpeg: { className: 'JPEGDecoder', load: () => import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs') },
  'jpeg-ls': { className: 'JpegLSDecoder', load: () => import('@cornerstonejs/codec-charls/decodewasmjs') },
  'jpeg-2000': { className: 'J2KDecoder', load: () => import('@cornerstonejs/codec-openjpeg/decodewasmjs') },
  htj2k: { className: 'HTJ2KDecoder', load: () => import('@cornerstonejs/codec-openjph/wasmjs') },
};

const instances = new Map<CodecName, Promise<CodecModule>>();

/** After so many refused frames a codec is started anew: what a C++ exception leaves allocated adds up. */
const MAX_REFUSALS = 32;

const refusals = new Map<CodecName, number>();

/**
 * Decodes a compressed frame with a WebAssembly codec (libjpeg-turbo, CharLS, OpenJPEG or OpenJPH). A codec that crashes is thrown away,
 * because its memory may be in any state, and started anew for the next frame. Check the sizes in the stream's header first: memory is
 * taken on their word.
 * @throws {ImagingError} if the codec refuses the stream
 */
export async function decodeWithCodec(name: CodecName, frame: Uint8Array): Promise<CodecOutput> {
  const instance = await openCodec(name);
  try {
    const output = runCodec(instance, CODECS[name].className, frame);
    if (instance.HEAPU8.byteLength > MAX_IDLE_HEAP_BYTES) dropCodec(name);
    return output;
  } catch (error) {
    // A number is a C++ exception, by which a codec says no; anything else is a crash. Neither tells a reader more.
    const count = (refusals.get(name) ?? 0) + 1;
    refusals.set(name, count);
    if (typeof error !== 'number' || count >= MAX_REFUSALS) dropCodec(name);
    throw new ImagingError(`The ${name} codec cannot decode the frame`);
  }
}

function dropCodec(name: CodecName): void {
  instances.delete(name);
  refusals.delete(name);
}

function openCodec(name: CodecName): Promise<CodecModule> {
  const open = instances.get(name);
  if (open) return open;

  const silent = (): void => undefined;
  const opening = CODECS[name].load().then((codec) => codec.default({ print: silent, printErr: silent }));
  instances.set(name, opening);
  opening.catch(() => instances.delete(name));
  return opening;
}

function runCodec(instance: CodecModule, className: string, frame: Uint8Array): CodecOutput {
  const Decoder = instance[className];
  if (!Decoder) throw new ImagingError(`The codec has no ${className}`);
  const decoder = new Decoder();
  try {
    decoder.getEncodedBuffer(frame.length).set(frame);
    decoder.decode();
    const { width, height, bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
    const info = { width, height, bitsPerSample, componentCount, isSigned: isSigned ?? false };
    // The decoded buffer is a view into the codec's heap.
    const bytes = decoder.getDecodedBuffer().slice();
    return { info, bytes, isPlanar: componentCount > 1 && decoder.getInterleaveMode?.() === 0 };
  } finally {
    decoder.delete();
  }
}

import { ImagingError } from './imaging-error.ts';

/** A codec whose heap has grown beyond this is dropped after use: WebAssembly memory never shrinks. */
const MAX_IDLE_HEAP_BYTES = 128 * 2 ** 20;

/** After so many refused frames a codec is started anew: what a C++ exception leaves allocated adds up. */
const MAX_REFUSALS = 32;

/** The size and kind of a frame, as the codecs tell it and want to be told. */
export type CodecFrameInfo = { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned?: boolean };

/** A coder of either direction; which functions it has depends on its class. */
export type Coder = {
  getEncodedBuffer(length?: number): Uint8Array;
  getDecodedBuffer(info?: Required<CodecFrameInfo> & { isUsingColorTransform: boolean }): Uint8Array;
  getFrameInfo(): CodecFrameInfo;
  getInterleaveMode?(): number;
  decode(): void;
  encode(): void;
  setNearLossless(near: number): void;
  setInterleaveMode(mode: number): void;
  setDecompositions(count: number): void;
  /** Reversible or not; then the number of quality layers (OpenJPEG) or the quantization step (OpenJPH). */
  setQuality(isLossless: boolean, value: number): void;
  setCompressionRatio(layer: number, ratio: number): void;
  setProgressionOrder(order: number): void;
  setTLMMarker(isWritten: boolean): void;
  setTilePartDivisionsAtResolutions(isDivided: boolean): void;
  delete(): void;
};
type CodecModule = { HEAPU8: Uint8Array } & { [className: string]: new () => Coder };

/** The entry of an Emscripten module. */
export type LoadCodec = (options: { print(line: string): void; printErr(line: string): void }) => Promise<CodecModule>;

const MODULES = {
  jpeg: () => import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs'),
  'jpeg-ls': () => import('@cornerstonejs/codec-charls/decodewasmjs'),
  'jpeg-2000': () => import('@cornerstonejs/codec-openjpeg/decodewasmjs'),
  htj2k: () => import('@cornerstonejs/codec-openjph/wasmjs'),
  // Only what encodes loads these: they hold the decoder once more, and are twice as large.
  'jpeg-ls-encoder': () => import('@cornerstonejs/codec-charls/wasmjs'),
  'jpeg-2000-encoder': () => import('@cornerstonejs/codec-openjpeg/wasmjs'),
} as const satisfies Record<string, () => Promise<{ default: LoadCodec }>>;
export type CodecModuleName = keyof typeof MODULES;

const instances = new Map<CodecModuleName, Promise<CodecModule>>();
const refusals = new Map<CodecModuleName, number>();

/**
 * Runs a coder of a WebAssembly codec (libjpeg-turbo, CharLS, OpenJPEG or OpenJPH). A codec that crashes is thrown away, because its
 * memory may be in any state, and started anew for the next frame. Buffers that the coder gives are views into its heap: copy them.
 *
 * @throws {ImagingError} `refusal` if the codec says no
 */
export async function runCoder<T>(
  name: CodecModuleName,
  { className, refusal }: { className: string; refusal: string },
  run: (coder: Coder) => T,
): Promise<T> {
  const instance = await openCodec(name);
  const Class = instance[className];
  if (!Class) throw new ImagingError(`The codec has no ${className}`);
  try {
    const result = using(new Class(), run);
    if (instance.HEAPU8.byteLength > MAX_IDLE_HEAP_BYTES) dropCodec(name);
    return result;
  } catch (error) {
    // A number is a C++ exception, by which a codec says no; anything else is a crash. Neither tells a reader more.
    const count = (refusals.get(name) ?? 0) + 1;
    refusals.set(name, count);
    if (typeof error !== 'number' || count >= MAX_REFUSALS) dropCodec(name);
    throw new ImagingError(refusal);
  }
}

function using<T>(coder: Coder, run: (coder: Coder) => T): T {
  try {
    return run(coder);
  } finally {
    coder.delete();
  }
}

function dropCodec(name: CodecModuleName): void {
  instances.delete(name);
  refusals.delete(name);
}

function openCodec(name: CodecModuleName): Promise<CodecModule> {
  const open = instances.get(name);
  if (open) return open;

  const silent = (): void => undefined;
  const opening = MODULES[name]().then((codec) => codec.default({ print: silent, printErr: silent }));
  instances.set(name, opening);
  opening.catch(() => instances.delete(name));
  return opening;
}

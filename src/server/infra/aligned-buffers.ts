/** What every disk and file system takes for direct writes: places in memory, lengths and offsets are multiples of it. */
export const ALIGNMENT = 4_096;
/** Bytes of one buffer. */
export const ALIGNED_BYTES = 262_144;
/** Buffers of one piece of memory. */
const IN_ARENA = 16;
const WASM_PAGE = 65_536;

const spare: Buffer[] = [];

/**
 * A buffer that begins on a page of memory. Those of `ArrayBuffer`s begin anywhere; a WebAssembly memory is mapped, and so begins on one.
 * There are as many as were ever used at once.
 */
export function takeAlignedBuffer(): Buffer {
  if (spare.length === 0) {
    const { buffer } = new WebAssembly.Memory({
      initial: (IN_ARENA * ALIGNED_BYTES) / WASM_PAGE,
      maximum: (IN_ARENA * ALIGNED_BYTES) / WASM_PAGE,
    });
    for (let index = 0; index < IN_ARENA; index += 1) spare.push(Buffer.from(buffer, index * ALIGNED_BYTES, ALIGNED_BYTES));
  }
  // There is one now.
  return spare.pop() ?? takeAlignedBuffer();
}

/** The last one that was given back is the next one that is taken: memory that nobody needs is never touched. */
export function giveAlignedBuffer(buffer: Buffer): void {
  spare.push(buffer);
}

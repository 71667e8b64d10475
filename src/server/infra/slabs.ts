/** Bytes of one slab. */
export const SLAB_BYTES = 262_144;
/** Slabs of one piece of memory. */
const IN_ARENA = 16;
const WASM_PAGE = 65_536;

/** Memory that threads share, in pieces of one size: as many as were ever used at once. */
export type Slabs = { take(): Uint8Array; give(slab: Uint8Array): void };

export function createSlabs(): Slabs {
  const spare: Uint8Array[] = [];
  return {
    take() {
      if (spare.length === 0) {
        const pages = (IN_ARENA * SLAB_BYTES) / WASM_PAGE;
        const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
        for (let index = 0; index < IN_ARENA; index += 1) spare.push(new Uint8Array(buffer, index * SLAB_BYTES, SLAB_BYTES));
      }
      // There is one now.
      return spare.pop() ?? this.take();
    },
    /** The last one that was given back is the next one that is taken: memory that nobody needs is never touched. */
    give(slab) {
      spare.push(slab);
    },
  };
}

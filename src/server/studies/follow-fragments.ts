const ITEM = 0xfffee000;
const SEQUENCE_END = 0xfffee0dd;
const UNDEFINED_LENGTH = 0xffffffff;
const HEADER_BYTES = 8;

/** Follows encapsulated Pixel Data while it streams by; `problem()` says what is wrong with it once all of it was fed. */
export type FragmentFollower = { feed(chunk: Uint8Array): void; problem(): string | undefined };

/**
 * Checks that the fragments of encapsulated Pixel Data (PS3.5 A.4) that start at byte `offset` of the file run to their delimiter,
 * so that a truncated file is known without reading it twice. Keeps 8 bytes of state.
 */
export function followFragments(offset: number): FragmentFollower {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  let position = 0;
  let headerAt = offset;
  let filled = 0;
  let state: 'open' | 'ended' | 'broken' = 'open';

  const takeHeader = (): void => {
    const tag = view.getUint16(0, true) * 0x10000 + view.getUint16(2, true);
    const length = view.getUint32(4, true);
    if (tag === SEQUENCE_END) state = 'ended';
    else if (tag === ITEM && length !== UNDEFINED_LENGTH) headerAt += HEADER_BYTES + length;
    else state = 'broken';
    filled = 0;
  };

  return {
    feed(chunk) {
      const end = position + chunk.byteLength;
      while (state === 'open' && headerAt + filled < end) {
        const from = headerAt + filled - position;
        const part = chunk.subarray(from, from + HEADER_BYTES - filled);
        header.set(part, filled);
        filled += part.byteLength;
        if (filled === HEADER_BYTES) takeHeader();
      }
      position = end;
    },
    problem() {
      if (state === 'ended') return undefined;
      return state === 'broken' ? 'Pixel Data holds something else than fragments' : 'The file ends inside Pixel Data';
    },
  };
}

import { ImagingError } from './imaging-error.ts';

/**
 * Inflates raw deflate data (RFC 1951) of known length; reads no further than that, so that a bomb costs nothing. Works wherever the
 * Compression Streams standard does.
 * @throws {ImagingError} if the data are malformed or shorter
 */
export async function inflateExactly(bytes: Uint8Array, length: number): Promise<Uint8Array> {
  const whole = await inflateUpTo(bytes, length);
  // Fragments have even lengths: the byte after the end of an odd stream counts as junk to the inflater.
  const output = whole ?? (bytes.at(-1) === 0 ? await inflateUpTo(bytes.subarray(0, -1), length) : undefined);
  if (!output) throw new ImagingError('The deflated frame is malformed or shorter than its description says');
  return output;
}

async function inflateUpTo(bytes: Uint8Array, length: number): Promise<Uint8Array | undefined> {
  const output = new Uint8Array(length);
  let filled = 0;
  const stream = new Blob([bytes.slice()]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  try {
    for await (const chunk of stream) {
      const part = chunk.subarray(0, length - filled);
      output.set(part, filled);
      filled += part.length;
      if (filled === length) return output;
    }
  } catch {
    return undefined;
  }
  return undefined;
}

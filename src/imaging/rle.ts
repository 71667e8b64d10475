import { ImagingError } from './imaging-error.ts';

const HEADER_BYTES = 64;

/**
 * Decodes one frame of RLE Lossless (PS3.5 annex G): PackBits segments, one for each byte of each sample, most significant first.
 * Nothing is written past the frame whatever the stream says; a segment that ends early is an error.
 * @param layout samples (rows x columns), components and bytes of one component
 * @returns little-endian samples, interleaved
 * @throws {ImagingError} if the header or a segment does not fit the layout
 */
export function decodeRle(frame: Uint8Array, layout: { samples: number; components: number; bytesPerComponent: number }): Uint8Array {
  const { samples, components, bytesPerComponent } = layout;
  const segments = components * bytesPerComponent;
  if (frame.length < HEADER_BYTES) throw new ImagingError('The RLE header is cut off');

  const header = new DataView(frame.buffer, frame.byteOffset, HEADER_BYTES);
  if (header.getUint32(0, true) !== segments) throw new ImagingError('The RLE stream does not have one segment for each byte of a sample');

  const output = new Uint8Array(samples * segments);
  for (let index = 0; index < segments; index += 1) {
    const start = header.getUint32(4 + 4 * index, true);
    const next = index + 1 < segments ? header.getUint32(8 + 4 * index, true) : frame.length;
    if (start < HEADER_BYTES || next < start || next > frame.length) throw new ImagingError('An RLE segment lies outside of the frame');
    const component = Math.floor(index / bytesPerComponent);
    const byte = bytesPerComponent - 1 - (index % bytesPerComponent);
    unpackBits(frame.subarray(start, next), output, { first: component * bytesPerComponent + byte, step: segments });
  }
  return output;
}

/** Writes the bytes of one segment to every `step`th byte of `output`. */
function unpackBits(segment: Uint8Array, output: Uint8Array, { first, step }: { first: number; step: number }): void {
  let at = 0;
  let to = first;
  while (to < output.length) {
    const control = segment[at];
    if (control === undefined) throw new ImagingError('An RLE segment ends early');
    at += 1;
    if (control === 128) continue;

    const isRun = control > 128;
    const length = isRun ? 257 - control : control + 1;
    const needed = isRun ? 1 : Math.min(length, Math.ceil((output.length - to) / step));
    if (at + needed > segment.length) throw new ImagingError('An RLE segment ends early');
    for (let k = 0; k < length && to < output.length; k += 1, to += step) output[to] = segment[isRun ? at : at + k] ?? 0;
    at += isRun ? 1 : length;
  }
}

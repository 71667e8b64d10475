import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImagingError } from './imaging-error.ts';
import { decodeRle } from './rle.ts';

/** PackBits as PS3.5 G.3.1 describes it, runs of three and more as replicate runs. */
function packBits(bytes: Uint8Array): number[] {
  const output: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at]) run += 1;
    if (run >= 3) {
      output.push(257 - run, bytes[at] ?? 0);
      at += run;
      continue;
    }
    const start = at;
    while (at < bytes.length && at - start < 128 && !(bytes[at] === bytes[at + 1] && bytes[at] === bytes[at + 2])) at += 1;
    output.push(at - start - 1, ...bytes.subarray(start, at));
  }
  return output.length % 2 === 0 ? output : [...output, 128];
}

function rleFrame(segments: Uint8Array[]): Uint8Array {
  const packed = segments.map(packBits);
  const header = new DataView(new ArrayBuffer(64));
  header.setUint32(0, segments.length, true);
  let offset = 64;
  for (const [index, bytes] of packed.entries()) {
    header.setUint32(4 + 4 * index, offset, true);
    offset += bytes.length;
  }
  return Uint8Array.from([...new Uint8Array(header.buffer), ...packed.flat()]);
}

const bytes = (count: number): fc.Arbitrary<Uint8Array> =>
  fc.array(fc.constantFrom(0, 0, 0, 7, 255), { minLength: count, maxLength: count }).map((values) => Uint8Array.from(values));

describe('decodeRle', () => {
  it('gives back what was packed, 8-bit gray', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }).chain(bytes), (samples) => {
        const decoded = decodeRle(rleFrame([samples]), { samples: samples.length, components: 1, bytesPerComponent: 1 });
        expect(decoded).toEqual(samples);
      }),
    );
  });

  it('puts the most significant byte of a sample first among the segments, component by component', () => {
    const layout = { samples: 2, components: 3, bytesPerComponent: 2 };
    const segments = [1, 2, 3, 4, 5, 6].map((value) => Uint8Array.of(value, value + 10));
    expect(Array.from(decodeRle(rleFrame(segments), layout))).toEqual([2, 1, 4, 3, 6, 5, 12, 11, 14, 13, 16, 15]);
  });

  it('never writes past the frame, whatever the bytes are, and either fills it or refuses', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        const frame = rleFrame([new Uint8Array(4)]);
        const bad = Uint8Array.from([...frame.subarray(0, 64), ...noise]);
        try {
          expect(decodeRle(bad, { samples: 300, components: 1, bytesPerComponent: 1 })).toHaveLength(300);
        } catch (error) {
          expect(error).toBeInstanceOf(ImagingError);
        }
      }),
    );
  });

  it('refuses a segment that ends early, a wrong number of segments and an offset outside of the frame', () => {
    const layout = { samples: 10, components: 1, bytesPerComponent: 1 };
    expect(() => decodeRle(rleFrame([new Uint8Array(9)]), layout)).toThrow('ends early');
    expect(() => decodeRle(rleFrame([new Uint8Array(10), new Uint8Array(10)]), layout)).toThrow('one segment for each byte');
    const outside = rleFrame([new Uint8Array(10)]);
    new DataView(outside.buffer).setUint32(4, 9999, true);
    expect(() => decodeRle(outside, layout)).toThrow('outside of the frame');
    expect(() => decodeRle(new Uint8Array(10), layout)).toThrow('header');
  });
});

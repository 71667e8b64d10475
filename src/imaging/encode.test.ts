import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { color, frameOf, gray, roundTrip, type Shape, texture, uid } from '../../test/imaging-frames.ts';
import { decodeWithCodec } from './codecs.ts';
import { canEncode, encodeFrame } from './encode.ts';
import { encodeJpeg2000 } from './encode-jpeg2000.ts';
import { cellBytes } from './frame-to-encode.ts';
import { ImagingError } from './imaging-error.ts';

const JPEG_LIKE = ['.4.57', '.4.70', '.4.80', '.4.81', '.4.90', '.4.91', '.4.201', '.4.202', '.4.203'];
const ANY_DEPTH = ['', '.1', '.1.98', '.1.99', '.2', '.5', '.8.1'];
/** CharLS's wrapper keeps little room for what grows. */
const growsTooMuch = (tail: string, roughness: number): boolean => ['.4.80', '.4.81'].includes(tail) && roughness === 1;

describe('what is encoded without loss comes back bit for bit', () => {
  it.each([...JPEG_LIKE, ...ANY_DEPTH])('gray of every depth and sign in 1.2.840.10008.1.2%s', async (tail) => {
    await fc.assert(
      fc.asyncProperty(gray, texture, async (shape, kind) => {
        const frame = frameOf(shape, kind);
        const decoded = await roundTrip(frame, uid(tail));
        expect(decoded.pixels).toEqual(frame.pixels);
        expect(decoded.photometricInterpretation).toBe('MONOCHROME2');
      }),
      { numRuns: 25 },
    );
  });

  it.each([...JPEG_LIKE, ...ANY_DEPTH])('color of 8, 12 and 16 bits in 1.2.840.10008.1.2%s, YCbCr as YCbCr', async (tail) => {
    await fc.assert(
      fc.asyncProperty(color, texture, async (shape, kind) => {
        fc.pre(!growsTooMuch(tail, kind.roughness));
        const frame = frameOf(shape, kind);
        const decoded = await roundTrip(frame, uid(tail));
        expect(decoded.pixels).toEqual(frame.pixels);
        expect(decoded.photometricInterpretation).toBe(shape.photometricInterpretation);
      }),
      { numRuns: 15 },
    );
  });

  it.each(ANY_DEPTH)('single bits and 32-bit values in 1.2.840.10008.1.2%s', async (tail) => {
    const shape: Shape = {
      rows: 13,
      columns: 21,
      samplesPerPixel: 1,
      bitsAllocated: 1,
      bitsStored: 1,
      pixelRepresentation: 0,
      photometricInterpretation: 'MONOCHROME2',
    };
    for (const change of [
      {},
      { bitsAllocated: 32, bitsStored: 32 },
      { bitsAllocated: 32, bitsStored: 32, pixelRepresentation: 1 as const },
    ]) {
      const frame = frameOf({ ...shape, ...change }, { seed: 3, roughness: 0.5 });
      expect((await roundTrip(frame, uid(tail))).pixels).toEqual(frame.pixels);
    }
  });

  it.each([false, true])('HTJ2K, read by another decoder than the one that it was made for (RPCL options: %s)', async (hasRpclOptions) => {
    for (const change of [{ bitsStored: 8 }, { bitsStored: 12, bitsAllocated: 16 }, { bitsStored: 16, bitsAllocated: 16 }]) {
      for (const [samplesPerPixel, photometricInterpretation] of [
        [1, 'MONOCHROME2'],
        [3, 'RGB'],
        [3, 'YBR_FULL'],
      ] as const) {
        const kind = {
          samplesPerPixel,
          photometricInterpretation,
          rows: 131,
          columns: 200,
          bitsAllocated: 8,
          pixelRepresentation: 0,
        } as const;
        const frame = frameOf({ ...kind, ...change }, { seed: 5, roughness: 0.3 });
        const { bytes } = await encodeJpeg2000(frame, { codec: 'htj2k', hasRpclOptions });
        const { bytes: decoded } = await decodeWithCodec('jpeg-2000', bytes);
        expect(Buffer.compare(decoded, cellBytes(frame))).toBe(0);
      }
    }
  });
});

describe('HTJ2K with RPCL options', () => {
  it('has the progression, the lengths of its tile-parts and a smallest resolution of at most 64 (PS3.5 10.18)', async () => {
    for (const [samplesPerPixel, photometricInterpretation] of [
      [1, 'MONOCHROME2'],
      [3, 'RGB'],
      [3, 'YBR_FULL'],
    ] as const) {
      const kind = { samplesPerPixel, photometricInterpretation, bitsAllocated: 8, bitsStored: 8, pixelRepresentation: 0 } as const;
      const frame = frameOf({ rows: 90, columns: 2100, ...kind }, { seed: 1, roughness: 0.1 });
      const { bytes } = await encodeFrame(frame, uid('.4.202'));
      const { progression, decompositions, lengths, tileParts } = structureOf(bytes);
      expect(progression).toBe(2);
      expect(2100 / 2 ** decompositions).toBeLessThanOrEqual(64);
      expect(tileParts).toHaveLength(decompositions + 1);
      expect(lengths).toEqual(tileParts);
    }
  });
});

describe('what is refused', () => {
  const shape: Shape = {
    rows: 8,
    columns: 8,
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: 12,
    pixelRepresentation: 1,
    photometricInterpretation: 'MONOCHROME2',
  };
  const kind = { seed: 1, roughness: 0 };

  it('is a sign or too many bits in lossy JPEG, and places in a palette with loss anywhere', async () => {
    for (const tail of ['.4.50', '.4.51']) await expect(encodeFrame(frameOf(shape, kind), uid(tail))).rejects.toThrow(ImagingError);
    const deep = frameOf({ ...shape, pixelRepresentation: 0, bitsStored: 16 }, kind);
    await expect(encodeFrame(deep, uid('.4.51'))).rejects.toThrow('so many bits');
    const palette = frameOf(
      { ...shape, pixelRepresentation: 0, bitsStored: 8, bitsAllocated: 8, photometricInterpretation: 'PALETTE COLOR' },
      kind,
    );
    for (const [tail, loss] of [
      ['.4.50', {}],
      ['.4.81', { near: 1 }],
      ['.4.91', { ratio: 2 }],
      ['.4.203', { step: 0.01 }],
    ] as const)
      await expect(encodeFrame(palette, uid(tail), loss)).rejects.toThrow('palette');
  });

  it('is a syntax that is read but not written, by name', async () => {
    for (const tail of ['.4.53', '.4.55', '.4.92', '.4.100', '.4.110']) {
      expect(canEncode(uid(tail))).toBe(false);
      await expect(encodeFrame(frameOf(shape, kind), uid(tail))).rejects.toThrow(uid(tail));
    }
    for (const tail of [...JPEG_LIKE, ...ANY_DEPTH]) expect(canEncode(uid(tail))).toBe(true);
  });

  it('is noise that JPEG-LS would make larger than the codec has room for, rather than cut off', async () => {
    const noise = frameOf(
      { ...shape, rows: 512, columns: 512, bitsAllocated: 8, bitsStored: 8, pixelRepresentation: 0 },
      { seed: 1, roughness: 1 },
    );
    await expect(encodeFrame(noise, uid('.4.80'))).rejects.toThrow(ImagingError);
  });
});

/** What a codestream says of its tile-parts, by ITU-T T.800 annex A. */
function structureOf(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const lengths: number[] = [];
  const tileParts: number[] = [];
  let [progression, decompositions, at] = [-1, -1, 2];
  for (let marker = view.getUint16(at); marker !== 0xffd9; marker = view.getUint16(at)) {
    if (marker === 0xff52) [progression, decompositions] = [view.getUint8(at + 5), view.getUint8(at + 9)];
    if (marker === 0xff55) {
      // ST and SP: bytes of the tile's number, and of the length.
      const style = view.getUint8(at + 5);
      const step = ((style >> 4) & 3) + ((style >> 6) & 1 ? 4 : 2);
      for (let entry = at + 6; entry < at + 2 + view.getUint16(at + 2); entry += step) lengths.push(view.getUint32(entry + step - 4));
    }
    if (marker === 0xff90) tileParts.push(view.getUint32(at + 6));
    at += marker === 0xff90 ? view.getUint32(at + 6) : 2 + view.getUint16(at + 2);
  }
  return { progression, decompositions, lengths, tileParts };
}

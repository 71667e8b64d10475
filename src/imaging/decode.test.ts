import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PixelDescription } from '../dicom/pixel-description.ts';
import { canDecode, decodeFrame } from './decode.ts';
import { ImagingError } from './imaging-error.ts';

const EXPLICIT_LITTLE = '1.2.840.10008.1.2.1';
const EXPLICIT_BIG = '1.2.840.10008.1.2.2';

const description = (change: Partial<PixelDescription> = {}): PixelDescription => ({
  rows: 1,
  columns: 2,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  pixelRepresentation: 0,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  numberOfFrames: 1,
  transferSyntaxUid: EXPLICIT_LITTLE,
  ...change,
});
const color = (change: Partial<PixelDescription> = {}): PixelDescription =>
  description({ samplesPerPixel: 3, bitsAllocated: 8, bitsStored: 8, highBit: 7, photometricInterpretation: 'RGB', ...change });

async function pixelsOf(shape: PixelDescription, ...bytes: number[]): Promise<number[]> {
  return Array.from((await decodeFrame(shape, Uint8Array.from(bytes))).pixels);
}

describe('decodeFrame, native', () => {
  it('reads 16-bit words from any byte offset', async () => {
    const bytes = Uint8Array.of(9, 0x34, 0x12, 0xff, 0xff).subarray(1);
    expect(Array.from((await decodeFrame(description(), bytes)).pixels)).toEqual([0x1234, 0xffff]);
  });

  it('copies from a pooled buffer rather than taking its neighbors', async () => {
    const pooled = Buffer.from([0x34, 0x12, 0x78, 0x56]);
    expect(Array.from((await decodeFrame(description(), pooled)).pixels)).toEqual([0x1234, 0x5678]);
  });

  it('extends the sign from the stored bits and drops overlay bits above and below them', async () => {
    const stored12 = description({ bitsStored: 12, highBit: 11, pixelRepresentation: 1 });
    expect(await pixelsOf(stored12, 0xff, 0xff, 0xff, 0xf7)).toEqual([-1, 2047]);
    const high = description({ bitsStored: 12, highBit: 15 });
    expect(await pixelsOf(high, 0xf5, 0xff, 0x1a, 0x00)).toEqual([4095, 1]);
  });

  it('recovers every value that 16 bits can hold, signed and unsigned, at every stored width', async () => {
    const width = fc.integer({ min: 2, max: 16 });
    await fc.assert(
      fc.asyncProperty(width, fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true }), async (bitsStored, isSigned, share) => {
        const range = 2 ** bitsStored - 1;
        const value = Math.round(share * range) - (isSigned ? 2 ** (bitsStored - 1) : 0);
        const cell = value & range;
        const shape = description({ columns: 1, bitsStored, highBit: bitsStored - 1, pixelRepresentation: isSigned ? 1 : 0 });
        expect(await pixelsOf(shape, cell & 255, cell >> 8)).toEqual([value]);
      }),
    );
  });

  it('reads single bits from the least significant one on', async () => {
    const bits = description({ columns: 10, bitsAllocated: 1, bitsStored: 1, highBit: 0 });
    expect(await pixelsOf(bits, 0b0000_0101, 0b10)).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('puts 32-bit big-endian cells together from words that the parser has swapped', async () => {
    const wide = description({ columns: 1, bitsAllocated: 32, bitsStored: 32, highBit: 31 });
    expect(await pixelsOf({ ...wide, transferSyntaxUid: EXPLICIT_BIG }, 0x34, 0x12, 0x78, 0x56)).toEqual([0x12345678]);
    expect(await pixelsOf(wide, 0x78, 0x56, 0x34, 0x12)).toEqual([0x12345678]);
  });

  it('interleaves color planes', async () => {
    expect(await pixelsOf(color({ planarConfiguration: 1 }), 1, 2, 3, 4, 5, 6)).toEqual([1, 3, 5, 2, 4, 6]);
  });

  it('turns YBR_FULL and YBR_FULL_422 into RGB', async () => {
    const full = color({ columns: 1, photometricInterpretation: 'YBR_FULL' });
    expect(await pixelsOf(full, 76, 85, 255)).toEqual([254, 0, 0]);
    const half = color({ photometricInterpretation: 'YBR_FULL_422' });
    expect(await pixelsOf(half, 76, 150, 128, 128)).toEqual([76, 76, 76, 150, 150, 150]);
  });

  it('names color RGB and keeps the name of gray', async () => {
    expect(
      (await decodeFrame(color({ columns: 1, photometricInterpretation: 'YBR_FULL' }), Uint8Array.of(1, 2, 3))).photometricInterpretation,
    ).toBe('RGB');
    expect(
      (await decodeFrame(description({ photometricInterpretation: 'MONOCHROME1' }), new Uint8Array(4))).photometricInterpretation,
    ).toBe('MONOCHROME1');
  });
});

describe('decodeFrame, deflated frames', () => {
  const deflated = description({ transferSyntaxUid: '1.2.840.10008.1.2.8.1', columns: 500 });

  it('inflates a frame, also with the byte that makes its length even', async () => {
    const packed = deflateRawSync(new Uint8Array(1000).fill(7));
    for (const bytes of [packed, Buffer.concat([packed, Buffer.alloc(1)])]) {
      expect((await decodeFrame(deflated, bytes)).pixels).toEqual(new Uint16Array(500).fill(0x0707));
    }
  });

  it('refuses what inflates to less, and does not care how much more a bomb holds', async () => {
    await expect(decodeFrame(deflated, deflateRawSync(new Uint8Array(999)))).rejects.toThrow(ImagingError);
    const bomb = deflateRawSync(new Uint8Array(50_000_000));
    expect((await decodeFrame(deflated, bomb)).pixels).toHaveLength(500);
  });
});

describe('decodeFrame, what it refuses', () => {
  it('names the transfer syntax that it does not know', async () => {
    const mpeg = description({ transferSyntaxUid: '1.2.840.10008.1.2.4.100' });
    await expect(decodeFrame(mpeg, new Uint8Array(4))).rejects.toThrow('1.2.840.10008.1.2.4.100');
    expect(canDecode(mpeg.transferSyntaxUid)).toBe(false);
    expect(canDecode(EXPLICIT_LITTLE)).toBe(true);
  });

  it('refuses a frame shorter than described, in every syntax', async () => {
    for (const tail of ['', '.4.50', '.4.51', '.4.57', '.4.70', '.4.80', '.4.90', '.4.201', '.5']) {
      const shape = description({ transferSyntaxUid: `1.2.840.10008.1.2${tail}` });
      await expect(decodeFrame(shape, Uint8Array.of(1, 2, 3))).rejects.toThrow(ImagingError);
    }
  });

  it('refuses bits that contradict each other, and sizes beyond reason, before it looks at the bytes', async () => {
    const nothing = new Uint8Array(0);
    await expect(decodeFrame(description({ bitsStored: 17 }), nothing)).rejects.toThrow('contradict');
    await expect(decodeFrame(description({ highBit: 3 }), nothing)).rejects.toThrow('contradict');
    await expect(decodeFrame(description({ rows: 65_535, columns: 65_535 }), nothing)).rejects.toThrow('more than');
    await expect(decodeFrame(description({ rows: 0 }), nothing)).rejects.toThrow('no rows');
    await expect(decodeFrame(color({ photometricInterpretation: 'CMYK' }), nothing)).rejects.toThrow('photometric');
  });

  it('refuses a JPEG 2000 codestream that claims to be larger than its description', async () => {
    const siz = new Uint8Array(60);
    siz.set([0xff, 0x4f, 0xff, 0x51, 0, 41]);
    new DataView(siz.buffer).setUint32(8, 60_000);
    new DataView(siz.buffer).setUint32(12, 60_000);
    new DataView(siz.buffer).setUint16(40, 1);
    siz.set([15, 1, 1], 42);
    const shape = description({ transferSyntaxUid: '1.2.840.10008.1.2.4.90' });
    await expect(decodeFrame(shape, siz)).rejects.toThrow('not as large');
  });

  it('survives noise in every compressed syntax: an ImagingError or a frame of the right size', async () => {
    const starts: Record<string, number[]> = {
      '.4.50': [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0],
      '.4.51': [0xff, 0xd8, 0xff, 0xc1, 0, 11, 12, 0, 8, 0, 8, 1, 1, 0x11, 0],
      '.4.70': [0xff, 0xd8, 0xff, 0xc3, 0, 11, 16, 0, 8, 0, 8, 1, 1, 0x11, 0],
      '.4.80': [0xff, 0xd8, 0xff, 0xf7, 0, 11, 16, 0, 8, 0, 8, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0],
      '.5': [1],
    };
    const tail = fc.constantFrom(...Object.keys(starts));
    await fc.assert(
      fc.asyncProperty(tail, fc.uint8Array({ maxLength: 300 }), async (syntax, noise) => {
        const shape = description({ rows: 8, columns: 8, transferSyntaxUid: `1.2.840.10008.1.2${syntax}` });
        const frame = Uint8Array.from([...(starts[syntax] ?? []), ...noise]);
        const result = await decodeFrame(shape, frame).catch((error: unknown) => error);
        if (result instanceof Error) expect(result).toBeInstanceOf(ImagingError);
        else expect(result).toMatchObject({ rows: 8, columns: 8 });
      }),
      { numRuns: 150 },
    );
  });
});

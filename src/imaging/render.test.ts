import { describe, expect, it } from 'vitest';
import type { DataSet } from '../dicom/data-set.ts';
import { Tag } from '../dicom/tags.ts';
import type { DecodedFrame } from './decoded-frame.ts';
import { grayOf } from './gray-image.ts';
import { renderFrame } from './render.ts';

const gray = (photometricInterpretation: DecodedFrame['photometricInterpretation'], ...pixels: number[]): DecodedFrame => ({
  rows: 1,
  columns: pixels.length,
  samplesPerPixel: 1,
  pixels: Uint16Array.from(pixels),
  photometricInterpretation,
});

const table = (bits: number, values: number[]): { descriptor: DataSet[string]; data: DataSet[string] } => ({
  descriptor: { vr: 'US', Value: [values.length, 0, bits] },
  data: { vr: 'OW', bytes: new Uint8Array(Uint16Array.from(values).buffer) },
});

function paletteOf(bits: number, red: number[], green: number[], blue: number[]): DataSet {
  const [r, g, b] = [table(bits, red), table(bits, green), table(bits, blue)];
  return {
    [Tag.RedPaletteColorLookupTableDescriptor]: r.descriptor,
    [Tag.GreenPaletteColorLookupTableDescriptor]: g.descriptor,
    [Tag.BluePaletteColorLookupTableDescriptor]: b.descriptor,
    [Tag.RedPaletteColorLookupTableData]: r.data,
    [Tag.GreenPaletteColorLookupTableData]: g.data,
    [Tag.BluePaletteColorLookupTableData]: b.data,
  } as DataSet;
}

describe('renderFrame', () => {
  it('shows the smallest value black in MONOCHROME2 and white in MONOCHROME1', () => {
    expect(Array.from(renderFrame(gray('MONOCHROME2', 0, 50, 100), {}).pixels)).toEqual([0, 128, 255]);
    expect(Array.from(renderFrame(gray('MONOCHROME1', 0, 50, 100), {}).pixels)).toEqual([255, 127, 0]);
  });

  it('shows a large frame as it shows its parts', () => {
    const size = 70_000;
    const kinds: [DecodedFrame['pixels'], DataSet][] = [
      [Uint16Array.from({ length: size }, (_, index) => (index * 7_919) % 65_536), {}],
      [
        Int16Array.from({ length: size }, (_, index) => ((index * 31) % 4_096) - 2_000),
        {
          [Tag.RescaleSlope]: { vr: 'DS', Value: [1.5] },
          [Tag.RescaleIntercept]: { vr: 'DS', Value: [-1024] },
          [Tag.WindowCenter]: { vr: 'DS', Value: [40] },
          [Tag.WindowWidth]: { vr: 'DS', Value: [400] },
        },
      ],
      [Int8Array.from({ length: size }, (_, index) => (index % 256) - 128), { [Tag.PixelRepresentation]: { vr: 'SS', Value: [1] } }],
    ];
    for (const [pixels, dataSet] of kinds) {
      // Both ends of the range are in each part, so that its window is that of the whole.
      const sorted = [...pixels].sort((a, b) => a - b);
      const [low = 0, high = 0] = [sorted.at(0), sorted.at(-1)];
      const whole = renderFrame({ ...gray('MONOCHROME1'), columns: size, pixels }, dataSet).pixels;
      for (let at = 0; at < size; at += 9_998) {
        const part = pixels.slice(at, at + 9_998);
        const shown = pixels.slice(0, part.length + 2);
        shown.set(part);
        shown.set([low, high], part.length);
        const rendered = renderFrame({ ...gray('MONOCHROME1'), columns: shown.length, pixels: shown }, dataSet).pixels;
        expect(Buffer.compare(rendered.subarray(0, part.length), whole.subarray(at, at + part.length))).toBe(0);
      }
    }
  });

  it('inverts once where MONOCHROME1 also has the presentation shape INVERSE', () => {
    const inverse: DataSet = { [Tag.PresentationLUTShape]: { vr: 'CS', Value: ['INVERSE'] } };
    expect(Array.from(renderFrame(gray('MONOCHROME1', 0, 100), inverse).pixels)).toEqual([255, 0]);
  });

  it('looks palette indices up in 16-bit tables and takes the upper byte', () => {
    const palette = paletteOf(16, [0, 0xffff], [0x8000, 0], [0x1234, 0x4321]);
    const rendered = renderFrame(gray('PALETTE COLOR', 0, 1, 9), palette);
    expect(rendered.channels).toBe(3);
    expect(Array.from(rendered.pixels)).toEqual([0, 0x80, 0x12, 255, 0, 0x43, 255, 0, 0x43]);
  });

  it('expands segmented palettes: discrete and linear segments', () => {
    const words = [0, 1, 0, 1, 3, 0x3000];
    const segmented = { vr: 'OW', bytes: new Uint8Array(Uint16Array.from(words).buffer) } as const;
    const descriptor = { vr: 'US', Value: [4, 0, 16] } as DataSet[string];
    const dataSet = {
      [Tag.RedPaletteColorLookupTableDescriptor]: descriptor,
      [Tag.GreenPaletteColorLookupTableDescriptor]: descriptor,
      [Tag.BluePaletteColorLookupTableDescriptor]: descriptor,
      [Tag.SegmentedRedPaletteColorLookupTableData]: segmented,
      [Tag.SegmentedGreenPaletteColorLookupTableData]: segmented,
      [Tag.SegmentedBluePaletteColorLookupTableData]: segmented,
    } as DataSet;
    const { pixels } = renderFrame(gray('PALETTE COLOR', 0, 1, 2, 3), dataSet);
    expect([0, 3, 6, 9].map((at) => pixels[at])).toEqual([0, 0x10, 0x20, 0x30]);
  });

  it('scales RGB of more than 8 bits down by its stored bits', () => {
    const frame: DecodedFrame = {
      rows: 1,
      columns: 1,
      samplesPerPixel: 3,
      pixels: Uint16Array.of(0, 2048, 4095),
      photometricInterpretation: 'RGB',
    };
    const dataSet: DataSet = { [Tag.BitsStored]: { vr: 'US', Value: [12] } };
    expect(Array.from(renderFrame(frame, dataSet).pixels)).toEqual([0, 128, 255]);
  });

  it('stretches the coarser axis where asked for square pixels', () => {
    const dataSet: DataSet = { [Tag.PixelSpacing]: { vr: 'DS', Value: [2, 1] } };
    const { width, height } = renderFrame({ ...gray('MONOCHROME2', 0, 1, 2, 3), rows: 2, columns: 2 }, dataSet, { square: true });
    expect([width, height]).toEqual([2, 4]);
  });

  it('refuses a palette that is missing', () => {
    expect(() => renderFrame(gray('PALETTE COLOR', 0), {})).toThrow('palette');
  });
});

describe('grayOf', () => {
  it('weights color by the luma of BT.601', () => {
    const { pixels } = grayOf({ width: 3, height: 1, channels: 3, pixels: Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255) });
    for (const [index, value] of [0.299, 0.587, 0.114].entries()) expect(pixels[index]).toBeCloseTo(value, 6);
  });
});

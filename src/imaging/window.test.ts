import { describe, expect, it } from 'vitest';
import type { DataSet } from '../dicom/data-set.ts';
import { Tag } from '../dicom/tags.ts';
import type { DecodedFrame } from './decoded-frame.ts';
import { toModalityValues, unitOf } from './modality-lut.ts';
import { applyWindow, defaultWindow, windowPresets } from './window.ts';

const frameOf = (...pixels: number[]): DecodedFrame => ({
  rows: 1,
  columns: pixels.length,
  samplesPerPixel: 1,
  pixels: Int16Array.from(pixels),
  photometricInterpretation: 'MONOCHROME2',
});
const windowOf = (center: number, width: number, voi?: string): DataSet => ({
  [Tag.WindowCenter]: { vr: 'DS', Value: [center] },
  [Tag.WindowWidth]: { vr: 'DS', Value: [width] },
  ...(voi ? { [Tag.VOILUTFunction]: { vr: 'CS', Value: [voi] } } : {}),
});

describe('applyWindow', () => {
  it('maps as the LINEAR example of PS3.3 C.11.2.1.2: c 2048, w 4096', () => {
    const values = Float32Array.of(-1, 0, 2047, 2048, 4095, 5000);
    expect(Array.from(applyWindow(values, { center: 2048, width: 4096 }))).toEqual([0, 0, 127, 128, 255, 255]);
  });

  it('is a threshold for LINEAR with c 0, w 1 and has two steps for c 0, w 2 (C.11.2.1.2)', () => {
    expect(Array.from(applyWindow(Float32Array.of(-2, -1, 0, 1), { center: 0, width: 1 }))).toEqual([0, 0, 255, 255]);
    expect(Array.from(applyWindow(Float32Array.of(-1, 0, 1), { center: 0, width: 2 }))).toEqual([0, 255, 255]);
  });

  it('reaches both ends exactly at c - w/2 and c + w/2 for LINEAR_EXACT', () => {
    const values = Float32Array.of(-10, -5, 0, 5, 10);
    expect(Array.from(applyWindow(values, { center: 0, width: 10, function: 'LINEAR_EXACT' }))).toEqual([0, 0, 128, 255, 255]);
  });

  it('follows 1 / (1 + exp(-4 (x - c) / w)) for SIGMOID', () => {
    const [low, middle, high] = applyWindow(Float32Array.of(-50, 0, 50), { center: 0, width: 100, function: 'SIGMOID' });
    expect(middle).toBe(128);
    expect(low).toBe(Math.round(255 / (1 + Math.exp(2))));
    expect(high).toBe(Math.round(255 / (1 + Math.exp(-2))));
  });

  it('never gets darker as values rise', () => {
    const values = Float32Array.from({ length: 400 }, (_, index) => index * 10 - 2000);
    for (const preset of Object.values(windowPresets)) {
      const gray = applyWindow(values, preset);
      expect(gray.every((value, index) => index === 0 || value >= (gray[index - 1] ?? 0))).toBe(true);
    }
  });
});

describe('defaultWindow', () => {
  it('takes the first window that the data set states, with its function', () => {
    expect(defaultWindow(windowOf(40, 400), frameOf(0))).toEqual({ center: 40, width: 400, function: 'LINEAR' });
    expect(defaultWindow(windowOf(40, 0.5, 'SIGMOID'), frameOf(0))).toEqual({ center: 40, width: 0.5, function: 'SIGMOID' });
  });

  it('passes over a width that LINEAR does not allow and takes the range of the frame', () => {
    expect(defaultWindow(windowOf(40, 0), frameOf(-20, 80))).toEqual({ center: 30, width: 100, function: 'LINEAR_EXACT' });
  });

  it('leaves padding out of the range, also where its sign is lost', () => {
    const padded: DataSet = {
      [Tag.PixelRepresentation]: { vr: 'US', Value: [1] },
      [Tag.PixelPaddingValue]: { vr: 'US', Value: [63_536] },
    };
    expect(defaultWindow(padded, frameOf(-2000, -100, 300))).toEqual({ center: 100, width: 400, function: 'LINEAR_EXACT' });
  });

  it('uses the VOI LUT where there is no window', () => {
    const item: DataSet = {
      [Tag.LUTDescriptor]: { vr: 'US', Value: [3, 10, 8] },
      [Tag.LUTData]: { vr: 'OW', bytes: Uint8Array.of(0, 0, 100, 0, 255, 0) },
    };
    const dataSet: DataSet = { [Tag.VOILUTSequence]: { vr: 'SQ', Value: [item] } };
    const window = defaultWindow(dataSet, frameOf(9, 10, 11, 12, 13));
    expect(Array.from(applyWindow(Float32Array.of(9, 10, 11, 12, 13), window))).toEqual([0, 0, 100, 255, 255]);
  });
});

describe('toModalityValues', () => {
  it('applies rescale slope and intercept, and calls CT values HU', () => {
    const dataSet: DataSet = {
      [Tag.Modality]: { vr: 'CS', Value: ['CT'] },
      [Tag.RescaleSlope]: { vr: 'DS', Value: [2] },
      [Tag.RescaleIntercept]: { vr: 'DS', Value: [-1024] },
    };
    expect(Array.from(toModalityValues(frameOf(0, 512), dataSet))).toEqual([-1024, 0]);
    expect(unitOf(dataSet)).toBe('HU');
  });

  it('takes the rescale of the frame from its functional groups', () => {
    const group = (slope: number): DataSet => ({
      [Tag.PixelValueTransformationSequence]: {
        vr: 'SQ',
        Value: [{ [Tag.RescaleSlope]: { vr: 'DS', Value: [slope] }, [Tag.RescaleIntercept]: { vr: 'DS', Value: [0] } }],
      },
    });
    const dataSet: DataSet = { [Tag.PerFrameFunctionalGroupsSequence]: { vr: 'SQ', Value: [group(2), group(3)] } };
    expect(Array.from(toModalityValues(frameOf(10), dataSet, 1))).toEqual([30]);
  });

  it('prefers the Modality LUT and clamps to its ends', () => {
    const item: DataSet = {
      [Tag.LUTDescriptor]: { vr: 'US', Value: [2, 65_535, 16] },
      [Tag.LUTData]: { vr: 'US', Value: [500, 700] },
      [Tag.ModalityLUTType]: { vr: 'LO', Value: ['OD'] },
    };
    const dataSet: DataSet = {
      [Tag.PixelRepresentation]: { vr: 'US', Value: [1] },
      [Tag.ModalityLUTSequence]: { vr: 'SQ', Value: [item] },
    };
    expect(Array.from(toModalityValues(frameOf(-5, -1, 0, 9), dataSet))).toEqual([500, 500, 700, 700]);
    expect(unitOf(dataSet)).toBe('OD');
  });
});

import { type DataSet, itemsOf, numberOf, numbersOf, textOf } from '../dicom/data-set.ts';
import { Tag } from '../dicom/tags.ts';
import type { DecodedFrame } from './decoded-frame.ts';
import { macroOf } from './functional-groups.ts';
import { type LookupTable, lookUp, readLookupTable } from './lookup-table.ts';
import { toModalityValues } from './modality-lut.ts';

export type VoiFunction = 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';

/** Which values are worth seeing, in modality units. With a `lut`, center and width tell its input range and the table decides. */
export type Window = { center: number; width: number; function?: VoiFunction; lut?: LookupTable };

/** Usual windows of CT, Hounsfield units. */
export const windowPresets = {
  lung: { center: -600, width: 1500 },
  mediastinum: { center: 40, width: 400 },
  bone: { center: 400, width: 1800 },
  brain: { center: 40, width: 80 },
  subdural: { center: 75, width: 215 },
  liver: { center: 60, width: 160 },
  abdomen: { center: 50, width: 400 },
  angiography: { center: 300, width: 600 },
} as const satisfies Record<string, Window>;

/**
 * The window that the data set asks for (first Window Center and Width, else first VOI LUT), else the range of the frame without padding.
 * @param frameIndex from 0
 */
export function defaultWindow(dataSet: DataSet, frame: DecodedFrame, frameIndex = 0): Window {
  return statedWindow(dataSet, frameIndex) ?? rangeWindow(toModalityValues(frame, dataSet, frameIndex), frame, dataSet);
}

/** The window that the data set states; undefined if there is none that PS3.3 C.11.2 allows. */
export function statedWindow(dataSet: DataSet, frameIndex = 0): Window | undefined {
  const macro = macroOf(dataSet, Tag.FrameVOILUTSequence, frameIndex);
  const center = numbersOf(macro, Tag.WindowCenter)[0];
  const width = numbersOf(macro, Tag.WindowWidth)[0];
  const stated = textOf(macro, Tag.VOILUTFunction);
  const voi: VoiFunction = stated === 'LINEAR_EXACT' || stated === 'SIGMOID' ? stated : 'LINEAR';
  if (center !== undefined && width !== undefined && width > 0 && (width >= 1 || voi !== 'LINEAR')) return { center, width, function: voi };

  const lutItem = itemsOf(dataSet, Tag.VOILUTSequence)[0];
  if (!lutItem) return undefined;
  const lut = readLookupTable(lutItem, canBeNegative(dataSet, frameIndex));
  return { center: lut.first + lut.values.length / 2, width: lut.values.length, lut };
}

/** From the smallest to the largest value of the frame, padding left out. */
export function rangeWindow(values: Float32Array, { pixels }: DecodedFrame, dataSet: DataSet): Window {
  const padding = paddingRange(dataSet);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index += 1) {
    const stored = pixels[index] ?? 0;
    if (padding && stored >= padding.from && stored <= padding.to) continue;
    const value = values[index] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return { center: 0, width: 1, function: 'LINEAR_EXACT' };
  return { center: (low + high) / 2, width: high > low ? high - low : 1, function: 'LINEAR_EXACT' };
}

/**
 * Modality values to 8-bit gray by the formulas of PS3.3 C.11.2.1.2 (LINEAR), C.11.2.1.3.2 (LINEAR_EXACT), C.11.2.1.3.1 (SIGMOID) or
 * by the VOI LUT, rounded to nearest.
 */
export function applyWindow(values: Float32Array, window: Window): Uint8Array {
  const output = new Uint8Array(values.length);
  const { lut } = window;
  if (lut) {
    const scale = 255 / largestOf(lut);
    for (let index = 0; index < values.length; index += 1) output[index] = Math.min(255, lookUp(lut, values[index] ?? 0) * scale + 0.5);
    return output;
  }
  if (window.function === 'SIGMOID') {
    const steepness = -4 / window.width;
    for (let index = 0; index < values.length; index += 1) {
      output[index] = 255 / (1 + Math.exp(steepness * ((values[index] ?? 0) - window.center))) + 0.5;
    }
    return output;
  }

  const isExact = window.function === 'LINEAR_EXACT';
  const center = isExact ? window.center : window.center - 0.5;
  const width = isExact ? window.width : window.width - 1;
  const low = center - width / 2;
  for (let index = 0; index < values.length; index += 1) {
    const above = (values[index] ?? 0) - low;
    output[index] = above <= 0 ? 0 : above > width ? 255 : (above * 255) / width + 0.5;
  }
  return output;
}

/** Whether the input of a VOI LUT can be negative: signed pixels, or a rescale that reaches below zero (C.11.2.1.1). */
function canBeNegative(dataSet: DataSet, frameIndex: number): boolean {
  if (itemsOf(dataSet, Tag.ModalityLUTSequence).length > 0) return false;
  const macro = macroOf(dataSet, Tag.PixelValueTransformationSequence, frameIndex);
  return numberOf(dataSet, Tag.PixelRepresentation) === 1 || (numberOf(macro, Tag.RescaleIntercept) ?? 0) < 0;
}

/** Stored values that mean "no pixel here" (C.7.5.1.1.2). */
function paddingRange(dataSet: DataSet): { from: number; to: number } | undefined {
  const value = numberOf(dataSet, Tag.PixelPaddingValue);
  if (value === undefined) return undefined;
  const limit = numberOf(dataSet, Tag.PixelPaddingRangeLimit) ?? value;
  const isSigned = numberOf(dataSet, Tag.PixelRepresentation) === 1;
  const [a, b] = [value, limit].map((stored) => asStored(stored, isSigned)) as [number, number];
  return { from: Math.min(a, b), to: Math.max(a, b) };
}

/** US and SS are confused in the wild: reads 16 bits with the sign that the pixels have. */
function asStored(value: number, isSigned: boolean): number {
  if (isSigned) return value > 32_767 ? value - 65_536 : value;
  return value < 0 ? value + 65_536 : value;
}

/** 2^bits - 1, or what the table really reaches if the descriptor says less. */
function largestOf({ values, bits }: LookupTable): number {
  const stated = bits >= 8 && bits <= 16 ? 2 ** bits - 1 : 65_535;
  return values.reduce((largest, value) => Math.max(largest, value), stated);
}

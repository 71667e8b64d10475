import type { DataSet } from '../src/dicom/data-set.ts';
import { writePart10 } from '../src/dicom/write.ts';

export type ImageOptions = {
  study?: string;
  series?: string;
  instance?: string;
  patientId?: string;
  patientName?: string;
  modality?: string;
  rows?: number;
  columns?: number;
  /** Fills the pixels: equal seeds give equal files. */
  seed?: number;
  more?: DataSet;
};

/** UID under the root for examples from a number, always the same. */
export function uid(...parts: number[]): string {
  return `2.25.${parts.map((part) => part + 1).join('.')}`;
}

/** A small valid Secondary Capture with 8-bit pixels, as Part 10 bytes. */
export function secondaryCapture(options: ImageOptions = {}): Uint8Array {
  const { study = uid(1), series = uid(1, 1), instance = uid(1, 1, 1), rows = 16, columns = 16, seed = 1 } = options;
  const dataSet: DataSet = {
    '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
    '00080018': { vr: 'UI', Value: [instance] },
    '00080060': { vr: 'CS', Value: [options.modality ?? 'OT'] },
    '00080064': { vr: 'CS', Value: ['WSD'] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: options.patientName ?? 'Builder^Test' }] },
    '00100020': { vr: 'LO', Value: [options.patientId ?? 'BUILDER-1'] },
    '0020000D': { vr: 'UI', Value: [study] },
    '0020000E': { vr: 'UI', Value: [series] },
    '00200013': { vr: 'IS', Value: [1] },
    '00280002': { vr: 'US', Value: [1] },
    '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
    '00280010': { vr: 'US', Value: [rows] },
    '00280011': { vr: 'US', Value: [columns] },
    '00280100': { vr: 'US', Value: [8] },
    '00280101': { vr: 'US', Value: [8] },
    '00280102': { vr: 'US', Value: [7] },
    '00280103': { vr: 'US', Value: [0] },
    '7FE00010': { vr: 'OB', bytes: pixels(rows * columns, seed) },
    ...options.more,
  };
  const sorted = Object.fromEntries(Object.entries(dataSet).sort(([a], [b]) => (a < b ? -1 : 1)));
  return writePart10({ dataSet: sorted, transferSyntaxUid: '1.2.840.10008.1.2.1' });
}

/** Linear congruential noise (Numerical Recipes' constants): cheap, and the same everywhere. */
function pixels(count: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(count + (count % 2));
  let state = seed >>> 0;
  for (let index = 0; index < count; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

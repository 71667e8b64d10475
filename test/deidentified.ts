import { createHmac } from 'node:crypto';
import { BASIC_PROFILE, type DeidentificationOptions } from '../src/contract/deidentification.ts';
import type { Attribute, DataSet, Part10, Vr } from '../src/dicom/data-set.ts';
import { type Deidentified, type DeidentifyRequest, deidentify } from '../src/dicom/deidentify/deidentify.ts';
import type { Mac } from '../src/dicom/deidentify/pseudonyms.ts';

export const macOf = (key: string): Mac => {
  return (text) => new Uint8Array(createHmac('sha256', key).update(text).digest());
};
export const text = (vr: Vr, ...Value: string[]): Attribute => ({ vr, Value });
export const items = (...Value: DataSet[]): Attribute => ({ vr: 'SQ', Value });

/** A CT object of a patient who is named in it. */
export const namedObject: DataSet = {
  '00080016': text('UI', '1.2.840.10008.5.1.4.1.1.2'),
  '00080018': text('UI', '1.2.3.4.1.1'),
  '00080020': text('DA', '20040119'),
  '00080030': text('TM', '072730'),
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Mustermann^Erika' }] },
  '00100020': text('LO', 'MRN-4711'),
  '0020000D': text('UI', '1.2.3.4.1'),
  '0020000E': text('UI', '1.2.3.4.1.9'),
  '00200052': text('UI', '1.2.3.4.7'),
};

export type Change = Partial<Omit<DeidentifyRequest, 'options'>> & { options?: Partial<DeidentificationOptions>; key?: string };

/** De-identifies `namedObject` with more attributes, under the Basic Profile unless told. */
export function deidentified(
  more: DataSet,
  { options = {}, key = 'k', ...request }: Change = {},
  part10: Partial<Part10> = {},
): Deidentified {
  const dataSet = Object.fromEntries(Object.entries({ ...namedObject, ...more }).sort(([a], [b]) => (a < b ? -1 : 1)));
  return deidentify(
    { meta: {}, dataSet, transferSyntaxUid: '1.2.840.10008.1.2.1', ...part10 },
    { options: { ...BASIC_PROFILE, ...options }, mac: macOf(key), ...request },
  );
}

export function deidentifiedDataSet(more: DataSet, change: Change = {}): DataSet {
  return deidentified(more, change).part10.dataSet;
}

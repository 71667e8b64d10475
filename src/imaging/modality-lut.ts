import { type DataSet, itemsOf, numberOf, textOf } from '../dicom/data-set.ts';
import { Tag } from '../dicom/tags.ts';
import type { DecodedFrame } from './decoded-frame.ts';
import { macroOf } from './functional-groups.ts';
import { lookUp, readLookupTable } from './lookup-table.ts';

/**
 * Stored values to what the modality measured (PS3.3 C.11.1): by the Modality LUT if there is one, else by rescale slope and intercept,
 * of the frame's functional groups in enhanced objects.
 * @param frame index from 0 of the frame within its object
 * @returns Float32Array [row, column], in `unitOf(dataSet)`: Hounsfield units for CT
 */
export function toModalityValues({ pixels }: DecodedFrame, dataSet: DataSet, frame = 0): Float32Array {
  const values = new Float32Array(pixels);
  const lutItem = itemsOf(dataSet, Tag.ModalityLUTSequence)[0];
  if (lutItem) {
    const table = readLookupTable(lutItem, numberOf(dataSet, Tag.PixelRepresentation) === 1);
    for (let index = 0; index < values.length; index += 1) values[index] = lookUp(table, values[index] ?? 0);
    return values;
  }

  const { slope, intercept } = rescaleOf(dataSet, frame);
  if (slope === 1 && intercept === 0) return values;
  for (let index = 0; index < values.length; index += 1) values[index] = (values[index] ?? 0) * slope + intercept;
  return values;
}

/** Rescale slope and intercept of a frame; 1 and 0 where they are absent or the slope is 0, which no measurement has. */
export function rescaleOf(dataSet: DataSet, frame = 0): { slope: number; intercept: number } {
  const macro = macroOf(dataSet, Tag.PixelValueTransformationSequence, frame);
  const slope = numberOf(macro, Tag.RescaleSlope);
  return slope ? { slope, intercept: numberOf(macro, Tag.RescaleIntercept) ?? 0 } : { slope: 1, intercept: 0 };
}

/** Unit of the modality values as the data set names it (`HU`, `BQML`, `OD` …); undefined if they have none. */
export function unitOf(dataSet: DataSet): string | undefined {
  const lutItem = itemsOf(dataSet, Tag.ModalityLUTSequence)[0];
  const macro = macroOf(dataSet, Tag.PixelValueTransformationSequence, 0);
  const type = (lutItem && textOf(lutItem, Tag.ModalityLUTType)) ?? textOf(macro, Tag.RescaleType);
  if (type) return type === 'US' ? undefined : type;

  // CT Image Storage may leave Rescale Type out: its values are Hounsfield units then (C.8.2.1.1.2).
  const isRescaled = numberOf(macro, Tag.RescaleSlope) !== undefined;
  if (textOf(dataSet, Tag.Modality) === 'CT' && isRescaled) return 'HU';
  return textOf(dataSet, Tag.Units);
}

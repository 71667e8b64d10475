import { type DataSet, itemsOf } from '../dicom/data-set.ts';
import { Tag } from '../dicom/tags.ts';

/**
 * Where the attributes of one macro stand for a frame: the item of `sequence` in the frame's own functional groups, else in the shared
 * ones (PS3.3 C.7.6.16), else the data set itself, as in single-frame objects.
 * @param frame index from 0
 */
export function macroOf(dataSet: DataSet, sequence: string, frame: number): DataSet {
  const own = itemsOf(dataSet, Tag.PerFrameFunctionalGroupsSequence)[frame];
  const shared = itemsOf(dataSet, Tag.SharedFunctionalGroupsSequence)[0];
  for (const groups of [own, shared]) {
    const item = groups && itemsOf(groups, sequence)[0];
    if (item) return item;
  }
  return dataSet;
}

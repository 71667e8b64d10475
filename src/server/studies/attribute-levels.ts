import type { DicomJson, DicomJsonAttribute } from '../../dicom/dicom-json.ts';
import { tagOf } from '../../dicom/dictionary.ts';
import { Tag } from '../../dicom/tags.ts';
import { patientAttributes, seriesAttributes, studyAttributes } from './attribute-levels-data.ts';

/** What one result of a search stands for, from the whole to the part. */
export const LEVELS = ['patient', 'study', 'series', 'instance'] as const;
export type Level = (typeof LEVELS)[number];

let levels: Map<string, Level> | undefined;

/** The level whose objects all say the same in the attribute; attributes that are not known to belong higher belong to the instance. */
export function levelOf(tag: string): Level {
  levels ??= new Map([...tagged(patientAttributes, 'patient'), ...tagged(studyAttributes, 'study'), ...tagged(seriesAttributes, 'series')]);
  return levels.get(tag) ?? 'instance';
}

/** Whether the attribute says the same of everything that one result at `level` stands for. */
export function belongsTo(tag: string, level: Level): boolean {
  return LEVELS.indexOf(levelOf(tag)) <= LEVELS.indexOf(level);
}

/** The attributes of an object that belong to some levels. Binary values that stand elsewhere are left out. */
export function attributesAt(json: DicomJson, at: readonly Level[]): DicomJson {
  const isThere = (tag: string): boolean => !tag.startsWith('0002') && tag !== Tag.SpecificCharacterSet && at.includes(levelOf(tag));
  return Object.fromEntries(Object.entries(withoutBulkData(json)).filter(([tag]) => isThere(tag)));
}

/** References to bulk data are links within a stored text only. */
export function withoutBulkData(json: DicomJson): DicomJson {
  const kept = Object.entries(json).filter(([, attribute]) => attribute.BulkDataURI === undefined);
  return Object.fromEntries(
    kept.map(([tag, attribute]): [string, DicomJsonAttribute] => {
      if (attribute.vr !== 'SQ' || attribute.Value === undefined) return [tag, attribute];
      // Values of a sequence are data sets by the JSON model.
      return [tag, { ...attribute, Value: attribute.Value.map((item) => withoutBulkData((item ?? {}) as DicomJson)) }];
    }),
  );
}

function tagged(keywords: string, level: Level): [string, Level][] {
  return keywords
    .trim()
    .split(/\s+/)
    .flatMap((keyword): [string, Level][] => {
      const tag = tagOf(keyword);
      return tag === undefined ? [] : [[tag, level]];
    });
}

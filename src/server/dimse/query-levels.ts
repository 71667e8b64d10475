import { type DataSet, textOf, textsOf } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';
import type { Level as SearchLevel } from '../studies/attribute-levels.ts';

/** Levels of PS3.4 C.6, from the whole to the part. */
const LEVELS = ['PATIENT', 'STUDY', 'SERIES', 'IMAGE'] as const;
export type Level = (typeof LEVELS)[number];

/** What the levels are called where they are searched. */
export const SEARCH_LEVELS: Readonly<Record<Level, SearchLevel>> = {
  PATIENT: 'patient',
  STUDY: 'study',
  SERIES: 'series',
  IMAGE: 'instance',
};

/** The level that an identifier asks for; undefined if it names none that the root has (PS3.4 C.6.1.1, C.6.2.1). */
export function levelOf(identifier: DataSet, root: 'patient' | 'study'): Level | undefined {
  const named = textOf(identifier, Tag.QueryRetrieveLevel);
  const level = LEVELS.find((one) => one === named);
  return level === 'PATIENT' && root === 'study' ? undefined : level;
}
/** Unique keys of a retrieval (PS3.4 C.4.2.2.1): lists of UIDs, and the patient ID; undefined where the identifier has none. */
export type UniqueKeys = { patientId?: string; studies?: string[]; series?: string[]; instances?: string[] };

/** The unique keys; undefined if the one of the level itself is missing. */
export function uniqueKeysOf(identifier: DataSet, level: Level): UniqueKeys | undefined {
  const patientId = textOf(identifier, Tag.PatientID);
  const [studies, series, instances] = [Tag.StudyInstanceUID, Tag.SeriesInstanceUID, Tag.SOPInstanceUID].map((tag) => {
    const uids = textsOf(identifier, tag);
    return uids.length > 0 ? uids : undefined;
  });
  const own = { PATIENT: patientId, STUDY: studies, SERIES: series, IMAGE: instances }[level];
  if (own === undefined) return undefined;
  return {
    ...(patientId ? { patientId } : {}),
    ...(studies ? { studies } : {}),
    ...(series ? { series } : {}),
    ...(instances ? { instances } : {}),
  };
}

import type { Vr } from '../../dicom/data-set.ts';
import { entryOf, tagOf } from '../../dicom/dictionary.ts';
import { Tag } from '../../dicom/tags.ts';
import { seriesAttributes, studyAttributes } from './attribute-levels-data.ts';

/** What a search is for; attributes belong to one of them, those of a patient to the study. */
export type Level = 'study' | 'series' | 'instance';

/** Columns that conditions are put to, by tag. Without one, an attribute is matched on the stored DICOM JSON. */
export const COLUMNS = {
  [Tag.PatientID]: 'patient.patient_id',
  [Tag.PatientBirthDate]: 'patient.birth_date',
  [Tag.PatientSex]: 'patient.sex',
  [Tag.StudyInstanceUID]: 'study.study_instance_uid',
  [Tag.AccessionNumber]: 'study.accession_number',
  [Tag.StudyID]: 'study.study_id',
  [Tag.StudyDate]: 'study.study_date',
  [Tag.StudyTime]: 'study.study_time',
  [Tag.StudyDescription]: 'study.description',
  [Tag.SeriesInstanceUID]: 'series.series_instance_uid',
  [Tag.Modality]: 'series.modality',
  [Tag.SeriesNumber]: 'series.series_number',
  [Tag.SeriesDescription]: 'series.description',
  [Tag.BodyPartExamined]: 'series.body_part',
  [Tag.ViewPosition]: 'series.view_position',
  [Tag.SOPInstanceUID]: 'instance.sop_instance_uid',
  [Tag.SOPClassUID]: 'instance.sop_class_uid',
  [Tag.InstanceNumber]: 'instance.instance_number',
  [Tag.Rows]: 'instance.rows',
  [Tag.Columns]: 'instance.columns',
  [Tag.AvailableTransferSyntaxUID]: 'instance.transfer_syntax_uid',
} as const satisfies Record<string, `${'patient' | 'study' | 'series' | 'instance'}.${string}`>;

/** Person names have columns of their own form; the lists over a study are asked of its series and instances. */
export const SPECIAL_COLUMNS: ReadonlySet<string> = new Set([
  Tag.PatientName,
  Tag.ReferringPhysicianName,
  Tag.ModalitiesInStudy,
  Tag.SOPClassesInStudy,
]);

/** Computed for the answer; no key can be matched against them. */
const COMPUTED: ReadonlySet<string> = new Set([
  Tag.NumberOfStudyRelatedSeries,
  Tag.NumberOfStudyRelatedInstances,
  Tag.NumberOfSeriesRelatedInstances,
  Tag.InstanceAvailability,
  Tag.RetrieveURL,
]);

const DEPTH: Record<Level, number> = { study: 0, series: 1, instance: 2 };
const NO_ATTRIBUTE: ReadonlySet<string> = new Set([Tag.SpecificCharacterSet, Tag.QueryRetrieveLevel]);

let levels: Map<string, Level> | undefined;

/** Tag that a name in a query stands for: a keyword or 8 hex digits. Undefined if it is neither. */
export function tagOfName(name: string): string | undefined {
  return /^[0-9A-Fa-f]{8}$/.test(name) ? name.toUpperCase() : tagOf(name);
}

export function vrOfAttribute(tag: string): Vr | undefined {
  return entryOf(tag)?.vr;
}

/** Whether the attribute says the same of everything that one result stands for. */
export function belongsTo(tag: string, level: Level): boolean {
  return DEPTH[levelOf(tag)] <= DEPTH[level];
}

/** Whether keys for the attribute can be matched in a search for `level`. */
export function canSearch(tag: string, level: Level): boolean {
  return belongsTo(tag, level) && !COMPUTED.has(tag) && !NO_ATTRIBUTE.has(tag);
}

export function hasColumn(tag: string): boolean {
  return SPECIAL_COLUMNS.has(tag) || Object.hasOwn(COLUMNS, tag);
}

function levelOf(tag: string): Level {
  levels ??= openLevels();
  return levels.get(tag) ?? 'instance';
}

function openLevels(): Map<string, Level> {
  const named = (keywords: string, level: Level): [string, Level][] =>
    keywords
      .trim()
      .split(/\s+/)
      .flatMap((keyword) => {
        const tag = tagOf(keyword);
        return tag === undefined ? [] : [[tag, level] as [string, Level]];
      });
  return new Map([...named(studyAttributes, 'study'), ...named(seriesAttributes, 'series')]);
}

import { Tag } from '../../dicom/tags.ts';
import type { Level } from './attribute-levels.ts';
import type { Filter } from './search-filter.ts';

/** A column of the table of a level. */
export type Column = { table: Level; column: string };

/** Columns that conditions are put to, by tag. */
const COLUMNS: Readonly<Record<string, Column>> = {
  [Tag.PatientID]: { table: 'patient', column: 'patient_id' },
  [Tag.PatientBirthDate]: { table: 'patient', column: 'birth_date' },
  [Tag.PatientSex]: { table: 'patient', column: 'sex' },
  [Tag.StudyInstanceUID]: { table: 'study', column: 'study_instance_uid' },
  [Tag.AccessionNumber]: { table: 'study', column: 'accession_number' },
  [Tag.StudyID]: { table: 'study', column: 'study_id' },
  [Tag.StudyDate]: { table: 'study', column: 'study_date' },
  [Tag.StudyTime]: { table: 'study', column: 'study_time' },
  [Tag.StudyDescription]: { table: 'study', column: 'description' },
  [Tag.NumberOfStudyRelatedSeries]: { table: 'study', column: 'series_count' },
  [Tag.NumberOfStudyRelatedInstances]: { table: 'study', column: 'instance_count' },
  [Tag.SeriesInstanceUID]: { table: 'series', column: 'series_instance_uid' },
  [Tag.Modality]: { table: 'series', column: 'modality' },
  [Tag.SeriesNumber]: { table: 'series', column: 'series_number' },
  [Tag.SeriesDescription]: { table: 'series', column: 'description' },
  [Tag.BodyPartExamined]: { table: 'series', column: 'body_part' },
  [Tag.ViewPosition]: { table: 'series', column: 'view_position' },
  [Tag.NumberOfSeriesRelatedInstances]: { table: 'series', column: 'instance_count' },
  [Tag.SOPInstanceUID]: { table: 'instance', column: 'sop_instance_uid' },
  [Tag.SOPClassUID]: { table: 'instance', column: 'sop_class_uid' },
  [Tag.InstanceNumber]: { table: 'instance', column: 'instance_number' },
  [Tag.Rows]: { table: 'instance', column: 'rows' },
  [Tag.Columns]: { table: 'instance', column: 'columns' },
  [Tag.BitsAllocated]: { table: 'instance', column: 'bits_allocated' },
  [Tag.AvailableTransferSyntaxUID]: { table: 'instance', column: 'transfer_syntax_uid' },
};

/** The patient's name has a column of the form that is compared for each component group. */
export const NAME_COLUMNS: Readonly<Record<string, { table: Level; columns: readonly string[] }>> = {
  [Tag.PatientName]: { table: 'patient', columns: ['name_alphabetic', 'name_ideographic', 'name_phonetic'] },
};

/** Lists over a study, which are asked of its series and instances. */
export const LISTS: Readonly<Record<string, { table: 'series' | 'instance'; column: string }>> = {
  [Tag.ModalitiesInStudy]: { table: 'series', column: 'modality' },
  [Tag.SOPClassesInStudy]: { table: 'instance', column: 'sop_class_uid' },
};

/** Computed for the answer, or the same of everything: no key is matched against them. */
const NOT_SEARCHED: ReadonlySet<string> = new Set([
  Tag.SpecificCharacterSet,
  Tag.QueryRetrieveLevel,
  Tag.TimezoneOffsetFromUTC,
  Tag.RetrieveAETitle,
  Tag.InstanceAvailability,
  Tag.RetrieveURL,
  Tag.NumberOfPatientRelatedStudies,
  Tag.NumberOfPatientRelatedSeries,
  Tag.NumberOfPatientRelatedInstances,
]);

export function isSearched(tag: string): boolean {
  return !NOT_SEARCHED.has(tag);
}

export function columnOf(tag: string): Column | undefined {
  return Object.hasOwn(COLUMNS, tag) ? COLUMNS[tag] : undefined;
}

/** Whether the statement itself decides on the filter; otherwise the stored attributes of each candidate do. */
export function isOnColumns(filter: Filter): boolean {
  switch (filter.kind) {
    case 'attribute':
      return columnOf(filter.tag) !== undefined || Object.hasOwn(NAME_COLUMNS, filter.tag) || Object.hasOwn(LISTS, filter.tag);
    case 'item':
      return false;
    case 'moment':
      return columnOf(filter.date) !== undefined && columnOf(filter.time) !== undefined;
    case 'text':
    case 'kept':
    case 'has':
    case 'either':
      return true;
  }
}

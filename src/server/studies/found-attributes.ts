import type { PersonName, Vr } from '../../dicom/data-set.ts';
import type { DicomJson, DicomJsonAttribute } from '../../dicom/dicom-json.ts';
import { parsePersonName } from '../../dicom/parse-values.ts';
import { Tag } from '../../dicom/tags.ts';
import { parseColumn } from '../platform/json.ts';
import { belongsTo, levelOf, withoutBulkData } from './attribute-levels.ts';
import type { FoundRow, Reading } from './found-queries.ts';
import { itemsOf, matchesFilter } from './match-attribute.ts';
import { isOnColumns } from './search-columns.ts';
import { type Filter, type Search, tagsOf } from './search-filter.ts';

/** Attributes by tag that are to be given: whole, or of a sequence some attributes of its items. */
export type WantedTags = ReadonlyMap<string, WantedTags | 'whole'>;

/** What stored attributes are needed to give tags, and to match the filters that are not on columns. */
export function readingFor(tags: Iterable<string>, { level, filters }: Search): Reading {
  const given = [...tags].filter((tag) => belongsTo(tag, level) && !IN_COLUMNS.has(tag) && !COMPUTED.has(tag));
  const stored = [...given, ...filters.filter((filter) => !isOnColumns(filter)).flatMap(tagsOf)];
  const levels = new Set(stored.filter((tag) => tag !== Tag.SOPClassesInStudy && tag !== Tag.TimezoneOffsetFromUTC).map(levelOf));
  const timezone = stored.includes(Tag.TimezoneOffsetFromUTC) ? 'timezone' : false;
  return {
    study: levels.has('patient') || levels.has('study') || timezone,
    series: levels.has('series'),
    instance: levels.has('instance'),
    sopClasses: stored.includes(Tag.SOPClassesInStudy),
  };
}

/** All that a row says. Stored attributes that belong to a level come from that level's row. */
export function attributesOfRow(row: FoundRow): DicomJson {
  return { ...storedAttributes(row), ...columnAttributes(row) };
}

/** The stored attributes that were read with a row. */
export function storedAttributes({ study_attributes, series_attributes, dicom_json }: FoundRow): DicomJson {
  const ofInstance = dicom_json === undefined ? {} : withoutBulkData(parseColumn<DicomJson>(dicom_json));
  const ofSeries = series_attributes === undefined ? {} : parseColumn<DicomJson>(series_attributes);
  const ofStudy = typeof study_attributes === 'string' ? parseColumn<DicomJson>(study_attributes) : {};
  return { ...ofInstance, ...ofSeries, ...ofStudy };
}

/** Of the items of a sequence those that match, and of these the attributes that are wanted; any other attribute as it is. */
export function projected(attribute: DicomJsonAttribute, wanted: WantedTags | 'whole', filters: readonly Filter[]): DicomJsonAttribute {
  if (attribute.vr !== 'SQ' || attribute.Value === undefined) return attribute;
  const matching = itemsOf(attribute).filter((item) => filters.every((filter) => matchesFilter(item, filter)));
  if (wanted === 'whole') return { vr: 'SQ', Value: matching };
  return { vr: 'SQ', Value: matching.map((item) => itemOf(item, wanted, filters)) };
}

function itemOf(item: DicomJson, wanted: WantedTags, filters: readonly Filter[]): DicomJson {
  const tags = [...wanted].filter(([tag]) => item[tag] !== undefined);
  return Object.fromEntries(tags.map(([tag, inner]) => [tag, projected(item[tag] ?? { vr: 'UN' }, inner, itemFilters(filters, tag))]));
}

/** What filters ask of the items of a sequence. */
export function itemFilters(filters: readonly Filter[], tag: string): readonly Filter[] {
  return filters.flatMap((filter) => (filter.kind === 'item' && filter.tag === tag ? filter.filters : []));
}

/** The attributes that columns hold, at the level of the row and above; empty ones too. */
function columnAttributes(row: FoundRow): DicomJson {
  const json = attributes([
    [Tag.PatientName, 'PN', parsePersonName(row.patient_name)],
    [Tag.PatientID, 'LO', row.patient_id],
    [Tag.PatientBirthDate, 'DA', row.birth_date],
    [Tag.PatientSex, 'CS', row.sex],
  ]);
  if (row.patient_studies !== undefined) Object.assign(json, patientCounts(row));
  if (row.study_instance_uid !== undefined) Object.assign(json, studyAttributes(row));
  if (row.series_instance_uid !== undefined) Object.assign(json, seriesAttributes(row));
  if (row.sop_instance_uid !== undefined) Object.assign(json, instanceAttributes(row));
  return json;
}

function patientCounts(row: FoundRow): DicomJson {
  return attributes([
    [Tag.NumberOfPatientRelatedStudies, 'IS', Number(row.patient_studies)],
    [Tag.NumberOfPatientRelatedSeries, 'IS', Number(row.patient_series)],
    [Tag.NumberOfPatientRelatedInstances, 'IS', Number(row.patient_instances)],
  ]);
}

function studyAttributes(row: FoundRow): DicomJson {
  return attributes([
    [Tag.StudyDate, 'DA', row.study_date],
    [Tag.StudyTime, 'TM', row.study_time],
    [Tag.AccessionNumber, 'SH', row.accession_number],
    [Tag.ModalitiesInStudy, 'CS', ...(row.modalities ?? '').split(',')],
    [Tag.ReferringPhysicianName, 'PN', parsePersonName(row.referring_physician ?? '')],
    [Tag.StudyDescription, 'LO', row.study_description],
    [Tag.StudyInstanceUID, 'UI', row.study_instance_uid],
    [Tag.StudyID, 'SH', row.study_id],
    [Tag.NumberOfStudyRelatedSeries, 'IS', row.series_count],
    [Tag.NumberOfStudyRelatedInstances, 'IS', row.instance_count],
    ...(row.sop_classes === undefined ? [] : [[Tag.SOPClassesInStudy, 'UI', ...(row.sop_classes ?? '').split(',').sort()] as Entry]),
  ]);
}

function seriesAttributes(row: FoundRow): DicomJson {
  return attributes([
    [Tag.Modality, 'CS', row.modality],
    [Tag.SeriesDescription, 'LO', row.series_description],
    [Tag.BodyPartExamined, 'CS', row.body_part],
    [Tag.ViewPosition, 'CS', row.view_position],
    [Tag.SeriesInstanceUID, 'UI', row.series_instance_uid],
    [Tag.SeriesNumber, 'IS', row.series_number],
    [Tag.NumberOfSeriesRelatedInstances, 'IS', row.series_instance_count],
  ]);
}

function instanceAttributes(row: FoundRow): DicomJson {
  const pixels: Entry[] = [
    [Tag.NumberOfFrames, 'IS', row.number_of_frames],
    [Tag.Rows, 'US', row.rows],
    [Tag.Columns, 'US', row.columns],
    [Tag.BitsAllocated, 'US', row.bits_allocated],
  ];
  return attributes([
    [Tag.SOPClassUID, 'UI', row.sop_class_uid],
    [Tag.SOPInstanceUID, 'UI', row.sop_instance_uid],
    [Tag.AvailableTransferSyntaxUID, 'UI', row.transfer_syntax_uid],
    [Tag.InstanceNumber, 'IS', row.instance_number],
    // What has no picture has no size.
    ...(row.rows === null ? [] : pixels),
  ]);
}

type Entry = [tag: string, vr: Vr, ...values: (string | number | PersonName | null | undefined)[]];

function attributes(entries: Entry[]): DicomJson {
  const json: DicomJson = {};
  for (const [tag, vr, ...values] of entries) {
    const present = values.flatMap((value) => (value === null || value === undefined || value === '' ? [] : [value]));
    json[tag] = present.length === 0 ? { vr } : { vr, Value: present };
  }
  return json;
}

/** Said of an answer, by the door that gives it. */
const COMPUTED: ReadonlySet<string> = new Set([Tag.InstanceAvailability, Tag.RetrieveURL]);

/** Tags that columns give, at whichever level they stand. */
const IN_COLUMNS: ReadonlySet<string> = new Set([
  Tag.PatientName,
  Tag.PatientID,
  Tag.PatientBirthDate,
  Tag.PatientSex,
  Tag.NumberOfPatientRelatedStudies,
  Tag.NumberOfPatientRelatedSeries,
  Tag.NumberOfPatientRelatedInstances,
  Tag.StudyDate,
  Tag.StudyTime,
  Tag.AccessionNumber,
  Tag.ModalitiesInStudy,
  Tag.ReferringPhysicianName,
  Tag.StudyDescription,
  Tag.StudyInstanceUID,
  Tag.StudyID,
  Tag.NumberOfStudyRelatedSeries,
  Tag.NumberOfStudyRelatedInstances,
  Tag.Modality,
  Tag.SeriesDescription,
  Tag.BodyPartExamined,
  Tag.ViewPosition,
  Tag.SeriesInstanceUID,
  Tag.SeriesNumber,
  Tag.NumberOfSeriesRelatedInstances,
  Tag.SOPClassUID,
  Tag.SOPInstanceUID,
  Tag.AvailableTransferSyntaxUID,
  Tag.InstanceNumber,
  Tag.NumberOfFrames,
  Tag.Rows,
  Tag.Columns,
  Tag.BitsAllocated,
]);

import type { PersonName, Vr } from '../../dicom/data-set.ts';
import type { DicomJson, DicomJsonAttribute } from '../../dicom/dicom-json.ts';
import { parsePersonName } from '../../dicom/parse-values.ts';
import { Tag } from '../../dicom/tags.ts';
import { parseColumn } from '../platform/json.ts';
import type { Search } from './parse-search.ts';
import { belongsTo, type Level } from './search-attributes.ts';
import type { InstanceRow, SeriesRow, StudyRow } from './search-repository.ts';

/** Attributes without a column of PS3.18 tables 10.6.3-4 and 10.6.3-5, which every answer holds where the object does. */
const DEFAULTS_FROM_JSON: Record<Level, readonly string[]> = {
  study: [],
  series: [
    Tag.TimezoneOffsetFromUTC,
    Tag.PerformedProcedureStepStartDate,
    Tag.PerformedProcedureStepStartTime,
    Tag.RequestAttributesSequence,
  ],
  instance: [Tag.TimezoneOffsetFromUTC, Tag.BitsAllocated],
};

/** Tags that the columns of each level give. */
const STUDY_TAGS: ReadonlySet<string> = new Set([
  Tag.StudyDate,
  Tag.StudyTime,
  Tag.AccessionNumber,
  Tag.InstanceAvailability,
  Tag.ModalitiesInStudy,
  Tag.ReferringPhysicianName,
  Tag.StudyDescription,
  Tag.RetrieveURL,
  Tag.PatientName,
  Tag.PatientID,
  Tag.PatientBirthDate,
  Tag.PatientSex,
  Tag.StudyInstanceUID,
  Tag.StudyID,
  Tag.NumberOfStudyRelatedSeries,
  Tag.NumberOfStudyRelatedInstances,
]);

/** Whether the answer needs more than columns hold. */
export function needsJson({ level, includes, jsonFilters }: Search): boolean {
  if (level !== 'study' || includes === 'all' || jsonFilters.length > 0) return true;
  return [...includes].some((tag) => !STUDY_TAGS.has(tag) && belongsTo(tag, level));
}

/** @param base of the DICOMweb service, `https://host/dicom-web` */
export function studyAnswer(row: StudyRow, search: Search, base: string): DicomJson {
  return {
    ...included(parsed(row.dicom_json), search),
    ...studyPart(row),
    ...attributes([
      [Tag.InstanceAvailability, 'CS', 'ONLINE'],
      [Tag.ModalitiesInStudy, 'CS', ...(row.modalities ?? '').split(',').sort()],
      [Tag.RetrieveURL, 'UR', `${base}/studies/${row.study_instance_uid}`],
      [Tag.NumberOfStudyRelatedSeries, 'IS', Number(row.series_count)],
      [Tag.NumberOfStudyRelatedInstances, 'IS', Number(row.instance_count)],
    ]),
  };
}

/** Of a series; with the attributes of its study where the path names none. */
export function seriesAnswer(row: SeriesRow, search: Search, base: string): DicomJson {
  return {
    ...included(parsed(row.dicom_json), search),
    ...parentPart(row, search),
    ...seriesPart(row),
    ...attributes([
      [Tag.InstanceAvailability, 'CS', 'ONLINE'],
      [Tag.RetrieveURL, 'UR', `${base}/studies/${row.study_instance_uid}/series/${row.series_instance_uid}`],
      [Tag.NumberOfSeriesRelatedInstances, 'IS', Number(row.series_instance_count)],
    ]),
  };
}

/** Of an instance; with the attributes of study and series as far as the path does not name them. */
export function instanceAnswer(row: InstanceRow, search: Search, base: string): DicomJson {
  const path = `${base}/studies/${row.study_instance_uid}/series/${row.series_instance_uid}/instances/${row.sop_instance_uid}`;
  return {
    ...included(parsed(row.dicom_json), search),
    ...parentPart(row, search),
    ...(search.scope.series === undefined ? seriesPart(row) : attributes([[Tag.SeriesInstanceUID, 'UI', row.series_instance_uid]])),
    ...attributes([
      [Tag.SOPClassUID, 'UI', row.sop_class_uid],
      [Tag.SOPInstanceUID, 'UI', row.sop_instance_uid],
      [Tag.InstanceAvailability, 'CS', 'ONLINE'],
      [Tag.RetrieveURL, 'UR', path],
      [Tag.AvailableTransferSyntaxUID, 'UI', row.transfer_syntax_uid],
      [Tag.InstanceNumber, 'IS', row.instance_number],
    ]),
    ...(row.rows === null
      ? {}
      : attributes([
          [Tag.NumberOfFrames, 'IS', row.number_of_frames],
          [Tag.Rows, 'US', row.rows],
          [Tag.Columns, 'US', row.columns],
        ])),
  };
}

type StudyPart = Omit<StudyRow, 'series_count' | 'instance_count' | 'modalities' | 'dicom_json'>;

function parentPart(row: StudyPart, { scope }: Search): DicomJson {
  return scope.study === undefined ? studyPart(row) : attributes([[Tag.StudyInstanceUID, 'UI', row.study_instance_uid]]);
}

function studyPart(row: StudyPart): DicomJson {
  return attributes([
    [Tag.StudyDate, 'DA', row.study_date],
    [Tag.StudyTime, 'TM', row.study_time],
    [Tag.AccessionNumber, 'SH', row.accession_number],
    [Tag.ReferringPhysicianName, 'PN', parsePersonName(row.referring_physician ?? '')],
    [Tag.StudyDescription, 'LO', row.study_description],
    [Tag.PatientName, 'PN', parsePersonName(row.patient_name)],
    [Tag.PatientID, 'LO', row.patient_id],
    [Tag.PatientBirthDate, 'DA', row.birth_date],
    [Tag.PatientSex, 'CS', row.sex],
    [Tag.StudyInstanceUID, 'UI', row.study_instance_uid],
    [Tag.StudyID, 'SH', row.study_id],
  ]);
}

function seriesPart(row: Omit<SeriesRow, 'series_instance_count' | 'dicom_json'>): DicomJson {
  return attributes([
    [Tag.Modality, 'CS', row.modality],
    [Tag.SeriesDescription, 'LO', row.series_description],
    [Tag.BodyPartExamined, 'CS', row.body_part],
    [Tag.SeriesInstanceUID, 'UI', row.series_instance_uid],
    [Tag.SeriesNumber, 'IS', row.series_number],
  ]);
}

function attributes(rows: [tag: string, vr: Vr, ...values: (string | number | PersonName | null)[]][]): DicomJson {
  const json: DicomJson = {};
  for (const [tag, vr, ...values] of rows) {
    const present = values.filter((value) => value !== null && value !== '');
    json[tag] = present.length === 0 ? { vr } : { vr, Value: present };
  }
  return json;
}

/** What the query asked to include, of that which belongs to the level; without values that are not in the JSON. */
function included(json: DicomJson, { level, includes }: Search): DicomJson {
  const result: DicomJson = {};
  const isWanted = (tag: string): boolean =>
    DEFAULTS_FROM_JSON[level].includes(tag) || ((includes === 'all' || includes.has(tag)) && belongsTo(tag, level));
  for (const [tag, attribute] of Object.entries(json)) {
    if (!tag.startsWith('0002') && tag !== Tag.SpecificCharacterSet && isWanted(tag)) result[tag] = attribute;
  }
  return result;
}

function parsed(dicomJson: string | null): DicomJson {
  return dicomJson === null ? {} : withoutBulkData(parseColumn<DicomJson>(dicomJson));
}

/** References to bulk data are links within the stored text only. */
function withoutBulkData(json: DicomJson): DicomJson {
  const kept = Object.entries(json).filter(([, attribute]) => attribute.BulkDataURI === undefined);
  return Object.fromEntries(
    kept.map(([tag, attribute]): [string, DicomJsonAttribute] => {
      if (attribute.vr !== 'SQ' || attribute.Value === undefined) return [tag, attribute];
      // Values of a sequence are data sets by the JSON model.
      return [tag, { ...attribute, Value: attribute.Value.map((item) => withoutBulkData((item ?? {}) as DicomJson)) }];
    }),
  );
}

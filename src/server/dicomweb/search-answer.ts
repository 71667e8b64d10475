import type { DicomJson } from '../../dicom/dicom-json.ts';
import { Tag } from '../../dicom/tags.ts';
import { belongsTo, LEVELS, type Level } from '../studies/attribute-levels.ts';
import { attributesOfRow, itemFilters, projected, type WantedTags } from '../studies/found-attributes.ts';
import type { FoundRow } from '../studies/found-queries.ts';
import type { Query } from './parse-search.ts';

/** What every answer of a level has (PS3.18 tables 10.6.3-3 to 10.6.3-5), and what it is called. */
const DEFAULTS: Record<Level, readonly string[]> = {
  patient: [],
  study: [
    Tag.StudyDate,
    Tag.StudyTime,
    Tag.AccessionNumber,
    Tag.InstanceAvailability,
    Tag.ModalitiesInStudy,
    Tag.ReferringPhysicianName,
    Tag.TimezoneOffsetFromUTC,
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
  ],
  series: [
    Tag.InstanceAvailability,
    Tag.Modality,
    Tag.TimezoneOffsetFromUTC,
    Tag.SeriesDescription,
    Tag.RetrieveURL,
    Tag.BodyPartExamined,
    Tag.SeriesInstanceUID,
    Tag.SeriesNumber,
    Tag.NumberOfSeriesRelatedInstances,
    Tag.PerformedProcedureStepStartDate,
    Tag.PerformedProcedureStepStartTime,
    Tag.RequestAttributesSequence,
  ],
  instance: [
    Tag.SOPClassUID,
    Tag.SOPInstanceUID,
    Tag.InstanceAvailability,
    Tag.TimezoneOffsetFromUTC,
    Tag.RetrieveURL,
    Tag.AvailableTransferSyntaxUID,
    Tag.InstanceNumber,
    Tag.NumberOfFrames,
    Tag.Rows,
    Tag.Columns,
    Tag.BitsAllocated,
  ],
};
const KEYS = { study: Tag.StudyInstanceUID, series: Tag.SeriesInstanceUID };
/** File meta group, and the character set that a file was written in. */
const IS_NO_CONTENT = /^0002|^00080005$/;
/** What makes an answer of a row. @param base of the DICOMweb service, `https://host/dicom-web` */
export type Answering = { query: Query; wanted: WantedTags; base: string };

/**
 * What an answer holds, in the order of tags: the attributes of its level, those of the levels above as far as the path does not name them,
 * and what the query asked to include.
 */
export function wantedOf({ level, scope, includes }: Query): WantedTags {
  const above = LEVELS.slice(1, LEVELS.indexOf(level));
  const named = { study: scope.study !== undefined, series: scope.series !== undefined };
  const tags = [
    ...above.flatMap((one) => (named[one as 'study' | 'series'] ? [KEYS[one as 'study' | 'series']] : DEFAULTS[one])),
    ...DEFAULTS[level],
  ];
  const wanted = new Map<string, WantedTags | 'whole'>(tags.map((tag) => [tag, 'whole']));
  if (includes !== 'all') for (const [tag, inner] of includes) if (!wanted.has(tag) && belongsTo(tag, level)) wanted.set(tag, inner);
  return new Map([...wanted].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The answer of one result: attributes of its columns are there even if they are empty, others only with a value. */
export function answerOf(row: FoundRow, { query, wanted, base }: Answering): DicomJson {
  const held: DicomJson = {
    ...attributesOfRow(row),
    [Tag.InstanceAvailability]: { vr: 'CS', Value: ['ONLINE'] },
    [Tag.RetrieveURL]: { vr: 'UR', Value: [`${base}${pathOf(row)}`] },
  };
  const answer: DicomJson = {};
  for (const [tag, inner] of query.includes === 'all' ? everything(held, query.level) : wanted) {
    const attribute = held[tag];
    if (attribute !== undefined) answer[tag] = projected(attribute, inner, itemFilters(query.filters, tag));
  }
  return answer;
}

function everything(held: DicomJson, level: Level): [string, 'whole'][] {
  return Object.keys(held).flatMap((tag) => (belongsTo(tag, level) && !IS_NO_CONTENT.test(tag) ? [[tag, 'whole']] : []));
}

function pathOf({ study_instance_uid, series_instance_uid, sop_instance_uid }: FoundRow): string {
  const series = series_instance_uid === undefined ? '' : `/series/${series_instance_uid}`;
  const instance = sop_instance_uid === undefined ? '' : `/instances/${sop_instance_uid}`;
  return `/studies/${study_instance_uid}${series}${instance}`;
}

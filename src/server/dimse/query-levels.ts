import { type DataSet, textOf, textsOf } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';

/** Levels of PS3.4 C.6, from the whole to the part. */
export const LEVELS = ['PATIENT', 'STUDY', 'SERIES', 'IMAGE'] as const;
export type Level = (typeof LEVELS)[number];

/** Attributes that are the same in every object of one patient, study or series, so that any object can answer for all. */
const TAGS: Record<Exclude<Level, 'IMAGE'>, readonly string[]> = {
  PATIENT: [
    Tag.PatientName,
    Tag.PatientID,
    Tag.IssuerOfPatientID,
    Tag.TypeOfPatientID,
    Tag.PatientBirthDate,
    Tag.PatientBirthTime,
    Tag.PatientSex,
    Tag.OtherPatientIDs,
    Tag.OtherPatientNames,
    Tag.OtherPatientIDsSequence,
    Tag.EthnicGroup,
    Tag.PatientComments,
    Tag.NumberOfPatientRelatedStudies,
    Tag.NumberOfPatientRelatedSeries,
    Tag.NumberOfPatientRelatedInstances,
  ],
  STUDY: [
    Tag.StudyInstanceUID,
    Tag.StudyID,
    Tag.StudyDate,
    Tag.StudyTime,
    Tag.AccessionNumber,
    Tag.IssuerOfAccessionNumberSequence,
    Tag.ReferringPhysicianName,
    Tag.StudyDescription,
    Tag.ProcedureCodeSequence,
    Tag.PhysiciansOfRecord,
    Tag.NameOfPhysiciansReadingStudy,
    Tag.AdmittingDiagnosesDescription,
    Tag.PatientAge,
    Tag.PatientSize,
    Tag.PatientWeight,
    Tag.ModalitiesInStudy,
    Tag.SOPClassesInStudy,
    Tag.NumberOfStudyRelatedSeries,
    Tag.NumberOfStudyRelatedInstances,
  ],
  SERIES: [
    Tag.SeriesInstanceUID,
    Tag.SeriesNumber,
    Tag.SeriesDate,
    Tag.SeriesTime,
    Tag.SeriesDescription,
    Tag.SeriesDescriptionCodeSequence,
    Tag.Modality,
    Tag.Manufacturer,
    Tag.ManufacturerModelName,
    Tag.InstitutionName,
    Tag.InstitutionalDepartmentName,
    Tag.StationName,
    Tag.PerformingPhysicianName,
    Tag.OperatorsName,
    Tag.BodyPartExamined,
    Tag.PatientPosition,
    Tag.Laterality,
    Tag.ProtocolName,
    Tag.SoftwareVersions,
    Tag.DeviceSerialNumber,
    Tag.FrameOfReferenceUID,
    Tag.PerformedProcedureStepStartDate,
    Tag.PerformedProcedureStepStartTime,
    Tag.PerformedProcedureStepID,
    Tag.PerformedProcedureStepDescription,
    Tag.RequestAttributesSequence,
    Tag.NumberOfSeriesRelatedInstances,
  ],
};

/** Keys that are about the query or the answer, not about what is held. */
const ABOUT_THE_QUERY: ReadonlySet<string> = new Set([
  Tag.SpecificCharacterSet,
  Tag.QueryRetrieveLevel,
  Tag.RetrieveAETitle,
  Tag.InstanceAvailability,
  Tag.TimezoneOffsetFromUTC,
]);

/** The level that an identifier asks for; undefined if it names none that the root has (PS3.4 C.6.1.1, C.6.2.1). */
export function levelOf(identifier: DataSet, root: 'patient' | 'study'): Level | undefined {
  const named = textOf(identifier, Tag.QueryRetrieveLevel);
  const level = LEVELS.find((one) => one === named);
  return level === 'PATIENT' && root === 'study' ? undefined : level;
}

/** The keys of an identifier that are attributes of the level or of one above it; at the lowest level, all. */
export function keysAt(level: Level, identifier: DataSet): DataSet {
  const keys = Object.entries(identifier).filter(([tag]) => !ABOUT_THE_QUERY.has(tag));
  if (level === 'IMAGE') return Object.fromEntries(keys);
  const known = new Set(LEVELS.slice(0, LEVELS.indexOf(level) + 1).flatMap((one) => (one === 'IMAGE' ? [] : TAGS[one])));
  return Object.fromEntries(keys.filter(([tag]) => known.has(tag)));
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

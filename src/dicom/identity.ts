import { type DataSet, DicomError, numberOf, type Part10, type PersonName, personNameOf, textOf } from './data-set.ts';
import { Tag } from './tags.ts';
import { isValidUid } from './uids.ts';

/** Who and what an object is about; undefined where the object does not say. Dates and times stand as DICOM writes them (DA, TM). */
export type Identity = {
  patientId: string | undefined;
  issuer: string | undefined;
  patientName: PersonName | undefined;
  birthDate: string | undefined;
  sex: string | undefined;
  /** Age at the study in years: Patient's Age, or else from birth date and study date. */
  patientAgeYears: number | undefined;
  studyInstanceUid: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
  sopClassUid: string;
  accessionNumber: string | undefined;
  studyId: string | undefined;
  studyDate: string | undefined;
  studyTime: string | undefined;
  studyDescription: string | undefined;
  referringPhysician: PersonName | undefined;
  modality: string | undefined;
  seriesNumber: number | undefined;
  seriesDescription: string | undefined;
  seriesDate: string | undefined;
  seriesTime: string | undefined;
  bodyPart: string | undefined;
  viewPosition: string | undefined;
  laterality: string | undefined;
  protocolName: string | undefined;
  manufacturer: string | undefined;
  stationName: string | undefined;
  institutionName: string | undefined;
  instanceNumber: number | undefined;
};

const YEARS_IN: Readonly<Record<string, number>> = { Y: 1, M: 1 / 12, W: 7 / 365.25, D: 1 / 365.25 };
const DAY_MS = 86_400_000;

/** @throws {DicomError} if study, series, SOP class or SOP instance UID is missing or is none */
export function readIdentity({ dataSet }: Part10): Identity {
  const text = (tag: string) => textOf(dataSet, tag);
  return {
    patientId: text(Tag.PatientID),
    issuer: text(Tag.IssuerOfPatientID),
    patientName: personNameOf(dataSet, Tag.PatientName),
    birthDate: text(Tag.PatientBirthDate),
    sex: text(Tag.PatientSex),
    patientAgeYears: ageYears(dataSet),
    studyInstanceUid: uid(dataSet, Tag.StudyInstanceUID),
    seriesInstanceUid: uid(dataSet, Tag.SeriesInstanceUID),
    sopInstanceUid: uid(dataSet, Tag.SOPInstanceUID),
    sopClassUid: uid(dataSet, Tag.SOPClassUID),
    accessionNumber: text(Tag.AccessionNumber),
    studyId: text(Tag.StudyID),
    studyDate: text(Tag.StudyDate),
    studyTime: text(Tag.StudyTime),
    studyDescription: text(Tag.StudyDescription),
    referringPhysician: personNameOf(dataSet, Tag.ReferringPhysicianName),
    modality: text(Tag.Modality),
    seriesNumber: integer(dataSet, Tag.SeriesNumber),
    seriesDescription: text(Tag.SeriesDescription),
    seriesDate: text(Tag.SeriesDate),
    seriesTime: text(Tag.SeriesTime),
    bodyPart: text(Tag.BodyPartExamined),
    viewPosition: text(Tag.ViewPosition),
    laterality: text(Tag.ImageLaterality) ?? text(Tag.Laterality),
    protocolName: text(Tag.ProtocolName),
    manufacturer: text(Tag.Manufacturer),
    stationName: text(Tag.StationName),
    institutionName: text(Tag.InstitutionName),
    instanceNumber: integer(dataSet, Tag.InstanceNumber),
  };
}

function uid(dataSet: DataSet, tag: string): string {
  const value = textOf(dataSet, tag);
  if (value === undefined) throw new DicomError('the object lacks a UID that names it', { tag });
  if (!isValidUid(value)) throw new DicomError('a UID that names the object is none', { tag });
  return value;
}

function integer(dataSet: DataSet, tag: string): number | undefined {
  const value = numberOf(dataSet, tag);
  return Number.isSafeInteger(value) ? value : undefined;
}

function ageYears(dataSet: DataSet): number | undefined {
  const [, count, unit = ''] = /^(\d{1,3})([YMWD])$/.exec(textOf(dataSet, Tag.PatientAge) ?? '') ?? [];
  if (count !== undefined) return Number(count) * (YEARS_IN[unit] ?? 1);
  const born = dayOf(textOf(dataSet, Tag.PatientBirthDate));
  const seen = dayOf(textOf(dataSet, Tag.StudyDate));
  return born === undefined || seen === undefined || seen < born ? undefined : (seen - born) / (365.25 * DAY_MS);
}

/** Milliseconds of a DA value (YYYYMMDD, or the older YYYY.MM.DD). */
function dayOf(date: string | undefined): number | undefined {
  const [, year, month, day] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(date ?? '') ?? [];
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day));
  return Number.isNaN(time) ? undefined : time;
}

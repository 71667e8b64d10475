import type { PersonName } from '../../dicom/data-set.ts';
import type { DicomJson, DicomJsonAttribute, DicomJsonValue } from '../../dicom/dicom-json.ts';
import { Tag } from '../../dicom/tags.ts';
import { itemsOf } from './match-attribute.ts';
import { dateForm } from './moment-bounds.ts';
import { searchForm, searchFormOf } from './patient-name.ts';

/** A text by which a study or series can be looked up: `tag` names the attribute, or the path to it. */
export type SearchTerm = { tag: string; term: string };

/** Longer ones are cut off: what is looked for is cut as well. */
export const MAX_TERM_LENGTH = 64;

/** Attributes of a study that are found by any part of their text: each place where a part can begin is a term. */
export const FOUND_BY_PART: ReadonlySet<string> = new Set([Tag.PatientName, Tag.PatientID, Tag.AccessionNumber, Tag.StudyDescription]);
/** Attributes of a study that are found by the beginning of their text, besides those that have an index of their own. */
const BY_BEGINNING_OF_STUDY = [
  Tag.PatientBirthDate,
  Tag.PatientSex,
  Tag.OtherPatientIDs,
  `${Tag.OtherPatientIDsSequence}/${Tag.PatientID}`,
  Tag.StudyID,
  Tag.ReferringPhysicianName,
  Tag.PhysiciansOfRecord,
  Tag.NameOfPhysiciansReadingStudy,
  Tag.AdmissionID,
  `${Tag.ProcedureCodeSequence}/${Tag.CodeValue}`,
] as const;
/** The same of a series. */
const BY_BEGINNING_OF_SERIES = [
  Tag.SeriesDate,
  Tag.SeriesDescription,
  Tag.BodyPartExamined,
  Tag.ProtocolName,
  Tag.InstitutionName,
  Tag.InstitutionalDepartmentName,
  Tag.StationName,
  Tag.ManufacturerModelName,
  Tag.DeviceSerialNumber,
  Tag.PerformingPhysicianName,
  Tag.OperatorsName,
  Tag.FrameOfReferenceUID,
  Tag.PerformedProcedureStepStartDate,
  Tag.PerformedProcedureStepID,
  `${Tag.RequestAttributesSequence}/${Tag.ScheduledProcedureStepID}`,
  `${Tag.RequestAttributesSequence}/${Tag.RequestedProcedureID}`,
  `${Tag.RequestAttributesSequence}/${Tag.AccessionNumber}`,
  // Of each of its objects, not of the first one alone.
  Tag.SOPClassUID,
] as const;

/** Attributes, and paths to them, whose terms are those of a series. */
export const TERMS_OF_SERIES: ReadonlySet<string> = new Set(BY_BEGINNING_OF_SERIES);
/** Every attribute, or path to one, that has terms. */
export const WITH_TERMS: ReadonlySet<string> = new Set([...FOUND_BY_PART, ...BY_BEGINNING_OF_STUDY, ...BY_BEGINNING_OF_SERIES]);

/**
 * The terms of a study. A name that is found by part is one text with single spaces: so has the record of a patient it, however the
 * separators of the name are written in each of its studies.
 *
 * @param attributes of its patient and itself
 */
export function termsOfStudy(attributes: DicomJson): SearchTerm[] {
  const byPart = [...FOUND_BY_PART].flatMap((tag) =>
    formsAt(attributes, tag, (name) => [searchFormOf(name)]).flatMap((form) => partsOf(form).map((term) => ({ tag, term }))),
  );
  return distinct([...byPart, ...beginnings(attributes, BY_BEGINNING_OF_STUDY)]);
}

/** The terms of a series. @param attributes of the series alone */
export function termsOfSeries(attributes: DicomJson): SearchTerm[] {
  return distinct(beginnings(attributes, BY_BEGINNING_OF_SERIES));
}

/**
 * Text as terms have it: small letters without marks, character by character, so that a part of a text gives a part of its form.
 * `searchForm` also looks at what stands around a character.
 */
export function termForm(text: string): string {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}+/gu, '');
  return [...plain].map((character) => character.toLowerCase()).join('');
}

/** What a term is compared with: no longer than terms are. */
export function cutTerm(form: string): string {
  return [...form].slice(0, MAX_TERM_LENGTH).join('');
}

function beginnings(attributes: DicomJson, paths: readonly string[]): SearchTerm[] {
  return paths.flatMap((tag) => formsAt(attributes, tag, groupsOf).map((form) => ({ tag, term: cutTerm(form) })));
}

function partsOf(form: string): string[] {
  const characters = [...form];
  return characters.map((_, index) => characters.slice(index, index + MAX_TERM_LENGTH).join(''));
}

type NameForms = (name: PersonName) => string[];

/** The texts at a path of tags, in the form of terms. */
function formsAt(attributes: DicomJson, path: string, ofName: NameForms): string[] {
  const [tag = '', inner] = path.split('/');
  const attribute = attributes[tag];
  if (attribute === undefined) return [];
  if (inner !== undefined) return itemsOf(attribute).flatMap((item) => formsAt(item, inner, ofName));
  return (attribute.Value ?? []).flatMap((value) => formsOf(attribute, value, ofName)).filter((form) => form !== '');
}

function formsOf({ vr }: DicomJsonAttribute, value: DicomJsonValue, ofName: NameForms): string[] {
  if (value === null || vr === 'SQ') return [];
  // Objects in PN are person names by the JSON model.
  if (typeof value === 'object') return ofName(value as PersonName);
  const text = String(value).trim();
  return [vr === 'DA' ? (dateForm(text) ?? text) : termForm(text)];
}

function groupsOf({ Alphabetic, Ideographic, Phonetic }: PersonName): string[] {
  return [Alphabetic, Ideographic, Phonetic].flatMap((group) => (group === undefined ? [] : [searchForm(group.replaceAll('^', ' '))]));
}

function distinct(terms: SearchTerm[]): SearchTerm[] {
  return [...new Map(terms.map((term) => [`${term.tag} ${term.term}`, term])).values()];
}

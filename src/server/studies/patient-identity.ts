import { createHash } from 'node:crypto';
import type { PersonName } from '../../dicom/data-set.ts';
import type { DicomJson } from '../../dicom/dicom-json.ts';
import type { Identity } from '../../dicom/identity.ts';
import { Tag } from '../../dicom/tags.ts';
import { dateForm } from './moment-bounds.ts';
import { componentForms, searchFormOf, writtenName } from './patient-name.ts';
import type { PatientFields } from './patient-repository.ts';

/** What an object says of whom it is about, and in which study. */
type Person = Pick<Identity, 'patientId' | 'issuer' | 'patientName' | 'birthDate' | 'sex' | 'studyInstanceUid'>;

/** Who gave out the patient ID. Without an ID nothing says that two studies are of one person, so each study is its own issuer. */
export function issuerOf(identity: Person): string {
  return identity.patientId ? (identity.issuer ?? '') : `study:${identity.studyInstanceUid}`;
}

/**
 * The patient record of an arriving object. Its id is derived from ID, issuer, name and birth date together: the same ID under another
 * name or birth date is another record, never a silent merge.
 */
export function patientOf(identity: Person): PatientFields {
  const { alphabetic, ideographic, phonetic } = componentForms(identity.patientName);
  const patient = {
    patient_id: identity.patientId ?? '',
    issuer: issuerOf(identity),
    name: writtenName(identity.patientName),
    name_search: searchFormOf(identity.patientName),
    name_alphabetic: alphabetic,
    name_ideographic: ideographic,
    name_phonetic: phonetic,
    birth_date: identity.birthDate === undefined ? null : (dateForm(identity.birthDate) ?? identity.birthDate),
    sex: identity.sex ?? null,
  };
  return { id: identityKey(patient), ...patient };
}

/** The same of the attributes that are kept of a study. */
export function patientOfAttributes(attributes: DicomJson, studyInstanceUid: string): PatientFields {
  const first = (tag: string) => attributes[tag]?.Value?.[0];
  const text = (tag: string) => {
    const value = first(tag);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const name = first(Tag.PatientName);
  return patientOf({
    patientId: text(Tag.PatientID),
    issuer: text(Tag.IssuerOfPatientID),
    // Of the VR PN, whose values are names.
    patientName: typeof name === 'object' && name !== null ? (name as PersonName) : undefined,
    birthDate: text(Tag.PatientBirthDate),
    sex: text(Tag.PatientSex),
    studyInstanceUid,
  });
}

/** What an identity is known by: the same for the same ID, issuer, name and birth date. */
export function identityKey({ patient_id, issuer, name_search, birth_date }: Omit<PatientFields, 'id'>): string {
  return digestOf([patient_id, issuer, name_search, birth_date]);
}

/** What a number of an issuer is known by, so that two records that people make do not get the same. */
export function numberKey({ patient_id, issuer }: Pick<PatientFields, 'patient_id' | 'issuer'>): string {
  return `number:${digestOf([patient_id, issuer])}`;
}

function digestOf(parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

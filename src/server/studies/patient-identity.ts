import { createHash } from 'node:crypto';
import type { Identity } from '../../dicom/identity.ts';
import { dateForm } from './moment-bounds.ts';
import type { PatientFields } from './parents-repository.ts';
import { componentForms, searchFormOf, writtenName } from './patient-name.ts';

/** Who gave out the patient ID. Without an ID nothing says that two studies are of one person, so each study is its own issuer. */
export function issuerOf(identity: Identity): string {
  return identity.patientId ? (identity.issuer ?? '') : `study:${identity.studyInstanceUid}`;
}

/**
 * The patient record of an arriving object. Its id is derived from ID, issuer, name and birth date together: the same ID under another
 * name or birth date is another record, never a silent merge.
 */
export function patientOf(identity: Identity): PatientFields {
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
  const key = JSON.stringify([patient.patient_id, patient.issuer, patient.name_search, patient.birth_date]);
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 32), ...patient };
}

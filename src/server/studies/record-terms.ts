import type { DicomJson } from '../../dicom/dicom-json.ts';
import { Tag } from '../../dicom/tags.ts';
import { type SearchTerm, termsOfStudy } from './search-terms.ts';

/** What the record of a patient says of the person. `name` as stored, `alphabetic=ideographic=phonetic`. */
export type RecordIdentity = { patient_id: string; name: string; birth_date: string | null; sex: string | null };

/** The terms that studies have by the record of their patient, where that says something else than their objects. */
export function termsOfRecord({ patient_id, name, birth_date, sex }: RecordIdentity): SearchTerm[] {
  const [Alphabetic = '', Ideographic = '', Phonetic = ''] = name.split('=');
  const attributes: DicomJson = {
    [Tag.PatientName]: { vr: 'PN', Value: [{ Alphabetic, Ideographic, Phonetic }] },
    [Tag.PatientID]: { vr: 'LO', Value: [patient_id] },
    ...(birth_date === null ? {} : { [Tag.PatientBirthDate]: { vr: 'DA' as const, Value: [birth_date] } }),
    ...(sex === null ? {} : { [Tag.PatientSex]: { vr: 'CS' as const, Value: [sex] } }),
  };
  return termsOfStudy(attributes);
}

import { createHash } from 'node:crypto';
import type { DataSet, PersonName, Vr } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';
import { ExplicitVrLittleEndian } from '../../dicom/uids.ts';
import { writePart10 } from '../../dicom/write.ts';
import type { PatientRow } from './repository.ts';

const ENCAPSULATED_PDF = '1.2.840.10008.5.1.4.1.1.104.1';

export type EncapsulatedPdf = { part10: Uint8Array; studyInstanceUid: string; sopInstanceUid: string };
type Document = { bytes: Uint8Array; title: string; date: string | null; at: Date };

/** Whether DICOM can say who the patient is, so that the object comes to this very record. */
export function canBeSaid({ patient_id, birth_date }: PatientRow): boolean {
  return patient_id !== '' && (birth_date === null || /^\d{8}$/.test(birth_date));
}

/**
 * A PDF as a DICOM object (Encapsulated PDF IOD, PS3.3 A.45.1), in a study of its own. The UIDs come from patient and content: the same
 * document sent twice is one object.
 */
export function encapsulatePdf(patient: PatientRow, { bytes, title, date, at }: Document): EncapsulatedPdf {
  const digest = createHash('sha256')
    .update(bytes)
    .update(JSON.stringify([patient.id, title, date]))
    .digest('hex');
  const uid = (part: string): string =>
    `2.25.${BigInt(`0x${createHash('sha256').update(digest).update(part).digest('hex').slice(0, 32)}`)}`;
  const [studyInstanceUid, sopInstanceUid] = [uid('study'), uid('instance')];
  const dataSet: DataSet = {
    ...patientModule(patient),
    [Tag.SOPClassUID]: text('UI', ENCAPSULATED_PDF),
    [Tag.SOPInstanceUID]: text('UI', sopInstanceUid),
    [Tag.StudyInstanceUID]: text('UI', studyInstanceUid),
    [Tag.SeriesInstanceUID]: text('UI', uid('series')),
    [Tag.StudyDate]: date === null ? { vr: 'DA' } : text('DA', date.replaceAll('-', '')),
    [Tag.StudyTime]: { vr: 'TM' },
    [Tag.AccessionNumber]: { vr: 'SH' },
    [Tag.ReferringPhysicianName]: { vr: 'PN' },
    [Tag.StudyID]: { vr: 'SH' },
    [Tag.StudyDescription]: text('LO', cut(title, 64)),
    [Tag.SeriesNumber]: text('IS', 1),
    [Tag.InstanceNumber]: text('IS', 1),
    [Tag.Modality]: text('CS', 'DOC'),
    [Tag.Manufacturer]: text('LO', 'Isocenter'),
    [Tag.ConversionType]: text('CS', 'WSD'),
    [Tag.ContentDate]: text('DA', at.toISOString().slice(0, 10).replaceAll('-', '')),
    [Tag.ContentTime]: text('TM', at.toISOString().slice(11, 19).replaceAll(':', '')),
    [Tag.AcquisitionDateTime]: { vr: 'DT' },
    // Nobody has looked whether the pages name the patient: most do.
    [Tag.BurnedInAnnotation]: text('CS', 'YES'),
    [Tag.DocumentTitle]: text('ST', title),
    [Tag.ConceptNameCodeSequence]: { vr: 'SQ' },
    [Tag.MIMETypeOfEncapsulatedDocument]: text('LO', 'application/pdf'),
    [Tag.EncapsulatedDocumentLength]: { vr: 'UL', Value: [bytes.byteLength] },
    [Tag.EncapsulatedDocument]: { vr: 'OB', bytes: even(bytes) },
  };
  const sorted = Object.fromEntries(Object.entries(dataSet).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { part10: writePart10({ dataSet: sorted, transferSyntaxUid: ExplicitVrLittleEndian }), studyInstanceUid, sopInstanceUid };
}

function patientModule({ patient_id, issuer, name, birth_date, sex }: PatientRow): DataSet {
  const [Alphabetic, Ideographic, Phonetic] = name.split('=');
  const person: PersonName = {
    ...(Alphabetic ? { Alphabetic } : {}),
    ...(Ideographic ? { Ideographic } : {}),
    ...(Phonetic ? { Phonetic } : {}),
  };
  return {
    [Tag.PatientName]: name ? { vr: 'PN', Value: [person] } : { vr: 'PN' },
    [Tag.PatientID]: text('LO', patient_id),
    ...(issuer ? { [Tag.IssuerOfPatientID]: text('LO', issuer) } : {}),
    [Tag.PatientBirthDate]: birth_date === null ? { vr: 'DA' } : text('DA', birth_date),
    [Tag.PatientSex]: sex === null ? { vr: 'CS' } : text('CS', sex),
  };
}

/** OB has an even length; the true one stands beside it (PS3.5 7.1.1, PS3.3 C.24.2). */
function even(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
}

function cut(words: string, length: number): string {
  return [...words].slice(0, length).join('').trim();
}

function text(vr: Vr, value: string | number): { vr: Vr; Value: (string | number)[] } {
  return { vr, Value: [value] };
}

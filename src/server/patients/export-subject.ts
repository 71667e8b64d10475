import type { Selectable } from 'kysely';
import { disclosuresAsCsv } from '../audit/disclosures.ts';
import { patientPseudonym } from '../audit/patient-pseudonym.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import type { Scope } from '../platform/scope.ts';
import { type ZipFile, zipStream } from '../platform/zip-stream.ts';
import { rowsOfDocuments } from './document-repository.ts';
import { listRecordEntries } from './record-queries.ts';
import { findPatient, listStudiesOfPatient, rowsAboutPatient, rowsOfPatient, rowsOfStudy } from './recycle-repository.ts';
import { openContact, openEmergency } from './show-patient.ts';
import { reportPath, type Subject, type SubjectStudy, subjectBundle } from './subject-bundle.ts';
import { readSubjectStudy } from './subject-repository.ts';

export type SubjectDeps = Pick<Scope, 'db' | 'blobs' | 'keys' | 'tenant_id' | 'visibility'> & { now: () => Date; pseudonymKey: Uint8Array };
type Patient = Selectable<Tables['patient']>;

const README = `Everything that is stored of one patient.

patient.fhir.json   the record as a FHIR R4 bundle: patient, studies, findings, reports
dicom/              the images as they were stored, one DICOM file each, by study and series
documents/          what was uploaded about the patient, by the id that records.ndjson has of it, with its title and media type
reports/            the signed reports as PDF
records.ndjson      every record of the database about the patient, one JSON object a line
access.csv          who has seen or received something of it, when and why, from the audit trail
`;

/**
 * Everything that is stored of a patient, as a ZIP archive that is made while it is sent.
 *
 * @throws {AppError} `patient-not-found`, before anything is sent
 */
export async function exportSubject(deps: SubjectDeps, patientKey: string): Promise<AsyncIterable<Uint8Array>> {
  const patient = await findPatient(deps.db, patientKey);
  if (!patient) throw new AppError('patient-not-found', `No patient ${patientKey}`);
  return zipStream(filesOf(deps, patient));
}

/**
 * The patient, the structured record and the studies as a FHIR R4 bundle.
 *
 * @param views of the database, which show the studies and the reports that may be given
 * @throws {AppError} `patient-not-found`
 */
export async function exportBundle(
  deps: Pick<SubjectDeps, 'db' | 'keys' | 'now'>,
  { patientKey, studiesOf, reportsOf }: { patientKey: string; studiesOf: Db; reportsOf: Db },
): Promise<object> {
  const patient = await findPatient(deps.db, patientKey);
  if (!patient) throw new AppError('patient-not-found', `No patient ${patientKey}`);
  const studies: SubjectStudy[] = [];
  for (const study of await listStudiesOfPatient(studiesOf, patientKey)) studies.push(await readSubjectStudy(studiesOf, study, reportsOf));
  return subjectBundle(await readSubject(deps, patient), studies, deps.now().toISOString());
}

async function readSubject({ db, keys }: Pick<SubjectDeps, 'db' | 'keys'>, patient: Patient): Promise<Subject> {
  return {
    patient,
    contact: await openContact(keys, patient),
    emergency: await openEmergency(keys, patient),
    record: await listRecordEntries(db, patient.id),
  };
}

async function* filesOf(deps: SubjectDeps, patient: Patient): AsyncGenerator<ZipFile> {
  const { db, blobs, now } = deps;
  const studies: SubjectStudy[] = [];
  for (const study of await listStudiesOfPatient(db, patient.id)) studies.push(await readSubjectStudy(db, study));
  yield { name: 'README.txt', content: Buffer.from(README) };
  const bundle = subjectBundle(await readSubject(deps, patient), studies, now().toISOString());
  yield { name: 'patient.fhir.json', content: Buffer.from(JSON.stringify(bundle, null, 2)) };
  yield { name: 'records.ndjson', content: recordLines(db, patient, studies) };
  // The trail is of the whole patient: who sees only some of the studies does not get it.
  if (deps.visibility.kind === 'tenant') yield { name: 'access.csv', content: accessLines(deps, patient) };
  for await (const document of rowsOfDocuments(db, patient.id)) {
    const { stream, size } = await blobs.open(document.blob_key);
    yield { name: `documents/${document.id}`, content: stream, size };
  }
  for (const { study, reports } of studies) {
    for await (const { table, row } of rowsOfStudy(db, study.study_instance_uid)) {
      const key = row['blob_key'];
      if (table !== 'instance' || typeof key !== 'string') continue;
      const { stream, size } = await blobs.open(key);
      yield {
        name: `dicom/${study.study_instance_uid}/${row['series_instance_uid']}/${row['sop_instance_uid']}.dcm`,
        content: stream,
        size,
      };
    }
    for (const { id, pdf_blob_key } of reports) {
      if (pdf_blob_key === null) continue;
      const { stream, size } = await blobs.open(pdf_blob_key);
      yield { name: reportPath(id), content: stream, size };
    }
  }
}

async function* recordLines(db: Db, patient: Patient, studies: readonly SubjectStudy[]): AsyncGenerator<Uint8Array> {
  const sources = [
    rowsOfPatient(db, patient.id),
    ...studies.map(({ study }) => rowsOfStudy(db, study.study_instance_uid)),
    rowsAboutPatient(db, patient.id),
  ];
  for (const rows of sources) for await (const record of rows) yield Buffer.from(`${JSON.stringify(record)}\n`);
}

async function* accessLines({ db, tenant_id, pseudonymKey }: SubjectDeps, patient: Patient): AsyncGenerator<Uint8Array> {
  const pseudonym = patientPseudonym(pseudonymKey, tenant_id, patient.id);
  for await (const line of disclosuresAsCsv(db, { patient: pseudonym, staff: true })) yield Buffer.from(line);
}

import type { Selectable } from 'kysely';
import type { RecordEntry } from '../../contract/patient-record.ts';
import type { ContactInfo, EmergencyContact } from '../../contract/patients.ts';
import type { Tables } from '../platform/schema.ts';
import { recordResource } from './record-resources.ts';

type Patient = Selectable<Tables['patient']>;
type Study = Selectable<Tables['study']>;
type Series = Selectable<Tables['series']>;
type Instance = Pick<Selectable<Tables['instance']>, 'sop_instance_uid' | 'series_instance_uid' | 'sop_class_uid' | 'instance_number'>;
type Finding = Selectable<Tables['finding']>;
type Report = Selectable<Tables['report']>;
export type SubjectStudy = { study: Study; series: Series[]; instances: Instance[]; findings: Finding[]; reports: Report[] };

type Resource = { resourceType: string; id: string } & Record<string, unknown>;

const GENDERS: Readonly<Record<string, string>> = { M: 'male', F: 'female', O: 'other' };
const RECORD_NUMBER = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] };
const DCM = 'http://dicom.nema.org/resources/ontology/DCM';

/** A patient as the bundle says it. */
export type Subject = { patient: Patient; contact: ContactInfo; emergency: EmergencyContact; record: readonly RecordEntry[] };

/**
 * The record of a patient as a FHIR R4 bundle of the type `collection` (http://hl7.org/fhir/R4/bundle.html): the patient, a resource for each
 * fact of the structured record, an ImagingStudy for each study, an Observation for each finding that a person decided on, a DiagnosticReport for each signed report.
 *
 * @param at when it is made, ISO 8601
 */
export function subjectBundle({ patient, record, ...contacts }: Subject, studies: readonly SubjectStudy[], at: string): object {
  const subject = { reference: `Patient/${patient.id}` };
  const resources: Resource[] = [
    { ...patientResource(patient), ...contactParts(contacts) },
    ...record.map((entry) => recordResource(entry, subject)),
    ...studies.flatMap((held) => [
      imagingStudy(held, subject),
      ...held.findings.filter(({ status }) => status !== 'proposed').map((finding) => observation(finding, subject)),
      ...held.reports.filter(({ signed_at }) => signed_at !== null).map((report) => diagnosticReport(report, held, subject)),
    ]),
  ];
  return {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: at,
    entry: resources.map((resource) => ({ fullUrl: `urn:isocenter:${resource.resourceType}:${resource.id}`, resource })),
  };
}

function patientResource({ id, patient_id, issuer, name, birth_date, sex }: Patient): Resource {
  // DICOM: components of a name between carets, family name first (PS3.5 6.2.1.1).
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = (name.split('=')[0] ?? '').split('^');
  const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');
  return {
    resourceType: 'Patient',
    id,
    ...(patient_id
      ? { identifier: [{ type: RECORD_NUMBER, value: patient_id, ...(issuer ? { assigner: { display: issuer } } : {}) }] }
      : {}),
    name: [
      {
        text: words(`${prefix} ${given} ${middle} ${family} ${suffix}`).join(' '),
        ...(family ? { family } : {}),
        ...optional('given', words(`${given} ${middle}`)),
        ...optional('prefix', words(prefix)),
        ...optional('suffix', words(suffix)),
      },
    ],
    ...(sex && GENDERS[sex] ? { gender: GENDERS[sex] } : {}),
    ...(dateOf(birth_date) ? { birthDate: dateOf(birth_date) } : {}),
  };
}

function contactParts({ contact, emergency }: Pick<Subject, 'contact' | 'emergency'>): Record<string, unknown> {
  const telecom = (['phone', 'email'] as const).flatMap((system) => (contact[system] ? [{ system, value: contact[system] }] : []));
  const { name, phone, relationship } = emergency;
  const person = {
    ...(relationship ? { relationship: [{ text: relationship }] } : {}),
    ...(name ? { name: { text: name } } : {}),
    ...(phone ? { telecom: [{ system: 'phone', value: phone }] } : {}),
  };
  return {
    ...optional('telecom', telecom),
    ...(contact.address ? { address: [{ text: contact.address }] } : {}),
    ...(Object.keys(person).length > 0 ? { contact: [person] } : {}),
  };
}

function imagingStudy({ study, series, instances }: SubjectStudy, subject: object): Resource {
  return {
    resourceType: 'ImagingStudy',
    id: study.study_instance_uid,
    identifier: [
      { system: 'urn:dicom:uid', value: `urn:oid:${study.study_instance_uid}` },
      ...(study.accession_number ? [{ type: { text: 'Accession number' }, value: study.accession_number }] : []),
    ],
    status: 'available',
    subject,
    ...(dateOf(study.study_date) ? { started: dateOf(study.study_date) } : {}),
    ...(study.description ? { description: study.description } : {}),
    numberOfSeries: series.length,
    numberOfInstances: instances.length,
    series: series.map(({ series_instance_uid, modality, series_number, description }) => ({
      uid: series_instance_uid,
      modality: { system: DCM, code: modality },
      ...(series_number === null ? {} : { number: series_number }),
      ...(description ? { description } : {}),
      instance: instances
        .filter((instance) => instance.series_instance_uid === series_instance_uid)
        .map(({ sop_instance_uid, sop_class_uid, instance_number }) => ({
          uid: sop_instance_uid,
          sopClass: { system: 'urn:ietf:rfc:3986', code: `urn:oid:${sop_class_uid}` },
          ...(instance_number === null ? {} : { number: instance_number }),
        })),
    })),
  };
}

function observation(finding: Finding, subject: object): Resource {
  return {
    resourceType: 'Observation',
    id: finding.id,
    status: finding.status === 'rejected' ? 'cancelled' : 'final',
    code: { coding: [{ code: finding.code, display: finding.title }], text: finding.title },
    subject,
    partOf: [{ reference: `ImagingStudy/${finding.study_instance_uid}` }],
    ...(finding.reviewed_at ? { issued: finding.reviewed_at } : {}),
    ...(finding.text ? { valueString: finding.text } : {}),
    ...(finding.confidence === null ? {} : { note: [{ text: `Score of the model: ${finding.confidence}` }] }),
  };
}

function diagnosticReport(report: Report, { findings }: SubjectStudy, subject: object): Resource {
  const sections = JSON.parse(report.sections) as Record<string, unknown>;
  const impression = sections['impression'];
  return {
    resourceType: 'DiagnosticReport',
    id: report.id,
    status: report.status === 'amended' ? 'amended' : 'final',
    code: { text: 'Imaging report' },
    subject,
    ...(report.signed_at ? { issued: report.signed_at } : {}),
    imagingStudy: [{ reference: `ImagingStudy/${report.study_instance_uid}` }],
    ...optional(
      'result',
      findings.filter(({ status }) => status === 'accepted' || status === 'edited').map(({ id }) => ({ reference: `Observation/${id}` })),
    ),
    ...(typeof impression === 'string' && impression !== '' ? { conclusion: impression } : {}),
    ...(report.pdf_blob_key ? { presentedForm: [{ contentType: 'application/pdf', url: reportPath(report.id) }] } : {}),
  };
}

/** Where a report is in the archive. */
export function reportPath(id: string): string {
  return `reports/${id}.pdf`;
}

/** `YYYYMMDD` or a part of it, as FHIR writes dates; undefined for anything else. */
function dateOf(text: string | null): string | undefined {
  const [, year, month, day] = /^(\d{4})-?(\d{2})?-?(\d{2})?$/.exec(text ?? '') ?? [];
  return year && [year, month, day].filter(Boolean).join('-');
}

function optional<T>(name: string, values: T[]): Record<string, T[]> {
  return values.length > 0 ? { [name]: values } : {};
}

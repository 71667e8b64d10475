import type { ContactInfo, EmergencyContact, Patient, PatientSummary } from '../../contract/patients.ts';
import { listDiagnosisRows } from '../diagnosis/queries.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db } from '../platform/ports.ts';
import { openText, sealText } from '../platform/sealed-text.ts';
import type { TenantKeys } from '../platform/tenant-keys.ts';
import { ageOn, displayName, genderOf, isoDate, partsOfName } from './person.ts';
import { listHistory } from './record-queries.ts';
import type { PatientRow } from './repository.ts';

const NO_CONTACT: ContactInfo = { phone: null, email: null, address: null };
const NO_EMERGENCY: EmergencyContact = { name: null, phone: null, relationship: null };
/** Named in the record of a patient; the list of diagnoses has them all. */
const MOST_DIAGNOSES = 50;
const IS_OVER: ReadonlySet<string> = new Set(['inactive', 'resolved']);

/** @property mayReadDiagnoses whether the caller is shown what was asked for besides the record */
export type ShowDeps = { db: Db; keys: TenantKeys; now: () => Date; mayReadDiagnoses: boolean };

/** What a summary needs of the row: all but what is sealed. */
export type SummaryRow = Omit<PatientRow, 'contact_info' | 'emergency_contact' | 'name_search' | `name_${string}` | 'version'>;

export function summaryOf(row: SummaryRow, now: Date): PatientSummary {
  const { id, patient_id, issuer, risk_level, status, merged_into, created_by, created_at, updated_at } = row;
  return {
    id,
    patient_id,
    issuer,
    name: displayName(row.name),
    name_parts: partsOfName(row.name),
    date_of_birth: isoDate(row.birth_date),
    age: ageOn(row.birth_date, now),
    gender: genderOf(row.sex),
    risk_level,
    status,
    merged_into,
    created_by,
    created_at,
    updated_at,
  };
}

/** A patient with contacts and medical history. */
export async function patientOfRow({ db, keys, now, mayReadDiagnoses }: ShowDeps, row: PatientRow): Promise<Patient> {
  const history = (await listHistory(db, row.id)).filter(({ status }) => status !== 'refuted');
  const diagnoses = mayReadDiagnoses ? await listDiagnosisRows(db, { patient_key: row.id, limit: MOST_DIAGNOSES }) : [];
  const conditions = history.filter(({ kind }) => kind === 'condition');
  return {
    ...summaryOf(row, now()),
    contact_info: { ...NO_CONTACT, ...(await openContact(keys, row)) },
    emergency_contact: { ...NO_EMERGENCY, ...(await openEmergency(keys, row)) },
    medical_history: {
      conditions: conditions.filter(({ status }) => !IS_OVER.has(status)),
      allergies: history.filter(({ kind }) => kind === 'allergy'),
      medications: history.filter(({ kind }) => kind === 'medication'),
      previous_diagnoses: conditions.filter(({ status }) => IS_OVER.has(status)),
      diagnosis_records: diagnoses.map(({ id, status, created_at, completed_at }) => ({
        diagnosis_id: id,
        status,
        created_at,
        completed_at,
      })),
    },
  };
}

type Sealed = Pick<PatientRow, 'id' | 'contact_info' | 'emergency_contact'>;

export async function openContact(keys: TenantKeys, { id, contact_info }: Sealed): Promise<ContactInfo> {
  if (contact_info === null) return NO_CONTACT;
  return parseColumn(await openText(keys, { table: 'patient', column: 'contact_info', row: id }, contact_info));
}

export async function openEmergency(keys: TenantKeys, { id, emergency_contact }: Sealed): Promise<EmergencyContact> {
  if (emergency_contact === null) return NO_EMERGENCY;
  return parseColumn(await openText(keys, { table: 'patient', column: 'emergency_contact', row: id }, emergency_contact));
}

/** Null for contacts that say nothing. */
export function sealContact(keys: TenantKeys, id: string, contact: ContactInfo | null): string | null {
  return isEmpty(contact) ? null : sealText(keys, { table: 'patient', column: 'contact_info', row: id }, JSON.stringify(contact));
}

export function sealEmergency(keys: TenantKeys, id: string, contact: EmergencyContact | null): string | null {
  return isEmpty(contact) ? null : sealText(keys, { table: 'patient', column: 'emergency_contact', row: id }, JSON.stringify(contact));
}

function isEmpty(contact: Record<string, string | null | undefined> | null): boolean {
  return contact === null || Object.values(contact).every((text) => !text);
}

/** The version of a row, as `If-Match` names it. */
export function etagOf({ version }: Pick<PatientRow, 'version'>): string {
  return `"${version}"`;
}

import type { Patient, PatientChange } from '../../contract/patients.ts';

/** Everything of a patient that can be typed, as text. */
export type PatientForm = {
  patient_id: string;
  issuer: string;
  family: string;
  given: string;
  middle: string;
  prefix: string;
  suffix: string;
  date_of_birth: string;
  gender: '' | 'male' | 'female' | 'other';
  risk_level: '' | 'low' | 'medium' | 'high';
  status: 'active' | 'inactive';
  phone: string;
  email: string;
  address: string;
  emergency_name: string;
  emergency_relationship: string;
  emergency_phone: string;
};
export type PatientField = keyof PatientForm;

export function formOf(patient: Patient): PatientForm {
  const { name_parts: name, contact_info: contact, emergency_contact: emergency } = patient;
  return {
    patient_id: patient.patient_id,
    issuer: patient.issuer,
    family: name.family,
    given: name.given ?? '',
    middle: name.middle ?? '',
    prefix: name.prefix ?? '',
    suffix: name.suffix ?? '',
    date_of_birth: patient.date_of_birth ?? '',
    gender: patient.gender ?? '',
    risk_level: patient.risk_level ?? '',
    status: patient.status,
    phone: contact.phone ?? '',
    email: contact.email ?? '',
    address: contact.address ?? '',
    emergency_name: emergency.name ?? '',
    emergency_relationship: emergency.relationship ?? '',
    emergency_phone: emergency.phone ?? '',
  };
}

/** Fields in which two forms differ. */
export function differences(one: PatientForm, other: PatientForm): PatientField[] {
  // The keys are those of the type.
  return (Object.keys(one) as PatientField[]).filter((field) => one[field].trim() !== other[field].trim());
}

/**
 * What the server is asked to change: nothing that is as it was read, so that what somebody else has changed meanwhile stays. Parts of a name
 * go together, as do those of a contact.
 */
export function changeOf(read: Patient, form: PatientForm): PatientChange {
  const changed = new Set(differences(formOf(read), form));
  const has = (...fields: PatientField[]) => fields.some((field) => changed.has(field));
  const orNull = (value: string) => value.trim() || null;
  const { ideographic, phonetic } = read.name_parts;
  return {
    ...(has('patient_id') ? { patient_id: form.patient_id.trim() } : {}),
    ...(has('issuer') ? { issuer: form.issuer.trim() } : {}),
    ...(has('family', 'given', 'middle', 'prefix', 'suffix')
      ? {
          name_parts: {
            ...Object.fromEntries((['given', 'middle', 'prefix', 'suffix'] as const).map((part) => [part, form[part].trim()])),
            family: form.family.trim(),
            ...(ideographic ? { ideographic } : {}),
            ...(phonetic ? { phonetic } : {}),
          },
        }
      : {}),
    ...(has('date_of_birth') ? { date_of_birth: orNull(form.date_of_birth) } : {}),
    ...(has('gender') ? { gender: form.gender || null } : {}),
    ...(has('risk_level') ? { risk_level: form.risk_level || null } : {}),
    ...(has('status') ? { status: form.status } : {}),
    ...(has('phone', 'email', 'address')
      ? { contact_info: { phone: orNull(form.phone), email: orNull(form.email), address: orNull(form.address) } }
      : {}),
    ...(has('emergency_name', 'emergency_relationship', 'emergency_phone')
      ? {
          emergency_contact: {
            name: orNull(form.emergency_name),
            relationship: orNull(form.emergency_relationship),
            phone: orNull(form.emergency_phone),
          },
        }
      : {}),
  };
}

/** The field of the form that a refusal of the server (`body/name_parts/family`) is about; undefined for none of them. */
export function fieldOf(path: string): PatientField | undefined {
  const parts = path.replace(/^body\//, '').split('/');
  const [first = '', second = ''] = parts;
  if (first === 'name_parts') return second in NAMES ? (second as PatientField) : 'family';
  if (first === 'emergency_contact') return second ? (`emergency_${second}` as PatientField) : 'emergency_name';
  if (first === 'contact_info') return second === 'email' || second === 'address' ? second : 'phone';
  return first in PLAIN ? (first as PatientField) : undefined;
}

const NAMES = { family: true, given: true, middle: true, prefix: true, suffix: true };
const PLAIN = { patient_id: true, issuer: true, date_of_birth: true, gender: true, risk_level: true, status: true };

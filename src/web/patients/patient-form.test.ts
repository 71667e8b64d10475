import { expect, it } from 'vitest';
import type { Patient } from '../../contract/patients.ts';
import { changeOf, differences, fieldOf, formOf } from './patient-form.ts';

const READ: Patient = {
  id: '0'.repeat(32),
  patient_id: 'MRN-1',
  issuer: '',
  name: 'Maria Garcia',
  name_parts: { family: 'Garcia', given: 'Maria', ideographic: '山田^太郎' },
  date_of_birth: '1950-02-03',
  age: 76,
  gender: 'female',
  risk_level: null,
  status: 'active',
  merged_into: null,
  created_by: null,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  contact_info: { phone: '123', email: null, address: null },
  emergency_contact: { name: null, phone: null, relationship: null },
  medical_history: { conditions: [], allergies: [], medications: [], previous_diagnoses: [], diagnosis_records: [] },
};

it('what is as it was read is not sent', () => {
  expect(changeOf(READ, formOf(READ))).toEqual({});
  expect(changeOf(READ, { ...formOf(READ), risk_level: 'high', date_of_birth: ' ' })).toEqual({ risk_level: 'high', date_of_birth: null });
});

it('parts of a name go together, and keep the parts that are not shown', () => {
  expect(changeOf(READ, { ...formOf(READ), family: 'García' }).name_parts).toMatchObject({
    family: 'García',
    given: 'Maria',
    ideographic: '山田^太郎',
  });
});

it('a contact that is cleared keeps what else is in it', () => {
  const { contact_info } = changeOf(READ, { ...formOf(READ), email: 'm@example.org' });
  expect(contact_info).toEqual({ phone: '123', email: 'm@example.org', address: null });
});

it('two versions differ in the fields that somebody changed', () => {
  expect(differences(formOf(READ), { ...formOf(READ), phone: '124', gender: '' })).toEqual(['gender', 'phone']);
});

it('a refusal is told at its field', () => {
  const paths = ['body/name_parts/given', 'body/emergency_contact/phone', 'body/contact_info/email', 'body/date_of_birth', 'body/other'];
  expect(paths.map(fieldOf)).toEqual(['given', 'emergency_phone', 'email', 'date_of_birth', undefined]);
});

import type { EmergencyContact, NewPatient } from '../../contract/patients.ts';
import { child, children, codeAt, type Element, fault, requiredText, textAt } from './fhir-reader.ts';

/** Where in a Patient resource the fields of our record come from. */
export type PatientSource = { body: NewPatient; paths: Readonly<Record<string, string>> };

/** FHIR dates may be known in part; the record has days. */
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The record of a Patient resource (http://hl7.org/fhir/R4/patient.html): its medical record number (`MR`), or else its first number, its
 * official name or else its first.
 */
export function readPatient(of: Element, issuer: string): PatientSource {
  const identifiers = children(of, 'identifier');
  const number = identifiers.find(isRecordNumber) ?? identifiers.find(({ value }) => value['value'] !== undefined);
  if (!number) fault(of, `${of.path}.identifier`, 'has no medical record number');
  const names = children(of, 'name');
  const name = names.find((one) => textAt(one, 'use', 64) === 'official') ?? names[0];
  if (!name) fault(of, `${of.path}.name`, 'is missing');
  const born = textAt(of, 'birthDate', 10);
  if (born !== undefined && !/^\d{4}(-\d{2}){0,2}$/.test(born)) fault(of, `${of.path}.birthDate`, 'must be a date');
  const body: NewPatient = {
    patient_id: number ? requiredText(number, 'value', 64) : '',
    issuer,
    ...(name ? nameOf(name) : {}),
    date_of_birth: born !== undefined && DAY.test(born) ? born : null,
    gender: codeAt(of, 'gender', ['male', 'female', 'other', 'unknown'] as const) ?? null,
    contact_info: { phone: telecomOf(of, 'phone', 40), email: telecomOf(of, 'email', 254), address: addressOf(of) },
    emergency_contact: contactOf(of) ?? null,
    ...(of.value['active'] === false ? { status: 'inactive' as const } : {}),
  };
  return {
    body,
    paths: {
      'body/patient_id': number ? `${number.path}.value` : `${of.path}.identifier`,
      'body/name_parts': name?.path ?? `${of.path}.name`,
      'body/date_of_birth': `${of.path}.birthDate`,
      'body/contact_info': `${of.path}.telecom`,
      'body/emergency_contact': `${of.path}.contact`,
    },
  };
}

function isRecordNumber(identifier: Element): boolean {
  const type = child(identifier, 'type');
  return type !== undefined && children(type, 'coding').some(({ value }) => value['code'] === 'MR');
}

function nameOf(name: Element): Pick<NewPatient, 'name' | 'name_parts'> {
  const family = textAt(name, 'family', 64);
  const given = listAt(name, 'given');
  if (family === undefined && given.length === 0) {
    const text = textAt(name, 'text', 128);
    if (text === undefined) fault(name, name.path, 'says no name');
    return { name: text ?? '' };
  }
  const [first = '', ...middle] = given;
  return {
    name_parts: {
      family: family ?? '',
      given: first,
      middle: middle.join(' '),
      prefix: listAt(name, 'prefix').join(' '),
      suffix: listAt(name, 'suffix').join(' '),
    },
  };
}

function listAt(of: Element, name: string): string[] {
  const value = of.value[name];
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  fault(of, `${of.path}.${name}`, 'must be a list of texts');
  return [];
}

function telecomOf(of: Element, system: string, max: number): string | null {
  const found = children(of, 'telecom').find(({ value }) => value['system'] === system && value['value'] !== undefined);
  return (found && textAt(found, 'value', max)) ?? null;
}

function addressOf(of: Element): string | null {
  const [address] = children(of, 'address');
  if (!address) return null;
  const text = textAt(address, 'text', 500);
  if (text !== undefined) return text;
  const town = [textAt(address, 'postalCode', 100), textAt(address, 'city', 100)].filter(Boolean).join(' ');
  const lines = [...listAt(address, 'line'), town, textAt(address, 'state', 100), textAt(address, 'country', 100)];
  return lines.filter(Boolean).join('\n').slice(0, 500) || null;
}

function contactOf(of: Element): EmergencyContact | null {
  const [contact] = children(of, 'contact');
  if (!contact) return null;
  const name = child(contact, 'name');
  const [relationship] = children(contact, 'relationship');
  const said = name && (textAt(name, 'text', 200) ?? [...listAt(name, 'given'), textAt(name, 'family', 100)].filter(Boolean).join(' '));
  const [coding] = relationship ? children(relationship, 'coding') : [];
  return {
    name: said || null,
    phone: telecomOf(contact, 'phone', 40),
    relationship: (relationship && textAt(relationship, 'text', 100)) ?? (coding && textAt(coding, 'display', 100)) ?? null,
  };
}

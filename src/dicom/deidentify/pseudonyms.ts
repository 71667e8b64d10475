import { type DataSet, textOf } from '../data-set.ts';
import { Tag } from '../tags.ts';

/** HMAC-SHA-256 of a text (UTF-8) under the tenant's key: 32 bytes. The key itself never comes here. */
export type Mac = (text: string) => Uint8Array;

/** Shifts are at least this many days, so that no date stays, and at most as many as make ten years. */
const LEAST_SHIFT_DAYS = 30;
const SHIFT_RANGE_DAYS = 3650;

/** UIDs below this root are the standard's own (SOP classes, well-known frames of reference): they identify nobody. */
const DICOM_ROOT = '1.2.840.10008.';

/** Letters and digits that cannot be mistaken for each other (Crockford's base 32). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * Replaces a UID (action U): 2.25. and the number of a UUID of version 8 whose bits are the HMAC of the old one (PS3.5 B.2, RFC 9562
 * 5.8). The same key gives the same UID, so that the objects of a study stay linked, in any order and on any day.
 */
export function pseudonymUid(mac: Mac, uid: string): string {
  if (uid.startsWith(DICOM_ROOT)) return uid;
  const bytes = mac(`uid\n${uid}`).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  let number = 0n;
  for (const byte of bytes) number = (number << 8n) | BigInt(byte);
  return `2.25.${number}`;
}

/** How far the dates of the object's patient move to the past, in days; the same for all objects of the patient. */
export function shiftDaysOf(mac: Mac, dataSet: DataSet): number {
  const bytes = mac(`days\n${patientOf(dataSet)}`);
  const number = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return LEAST_SHIFT_DAYS + (number % SHIFT_RANGE_DAYS);
}

/** A patient ID that says nothing, the same for all objects of the patient: "P" and 12 characters. */
export function pseudonymPatientId(mac: Mac, dataSet: DataSet): string {
  return `P${characters(mac(`patient\n${patientOf(dataSet)}`), 12)}`;
}

/** An application entity title or device name in place of another: the same for the same device. */
export function pseudonymDevice(mac: Mac, name: string): string {
  return `D${characters(mac(`device\n${name.trim()}`), 10)}`;
}

/** Who the patient is as far as the object says; without an ID, its study stands for the patient. */
function patientOf(dataSet: DataSet): string {
  const id = textOf(dataSet, Tag.PatientID);
  if (id === undefined) return JSON.stringify(['study', textOf(dataSet, Tag.StudyInstanceUID) ?? '']);
  return JSON.stringify(['id', id, textOf(dataSet, Tag.IssuerOfPatientID) ?? '']);
}

function characters(bytes: Uint8Array, count: number): string {
  return Array.from(bytes.subarray(0, count), (byte) => ALPHABET[byte & 31]).join('');
}

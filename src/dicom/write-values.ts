import { encodeText } from './charset.ts';
import { type Attribute, DicomError, type PersonName, type Value, type Vr } from './data-set.ts';
import { formatDecimalString } from './numeric-strings.ts';
import { swapWords, type VrInfo } from './vr.ts';

/**
 * Value field of an attribute that is neither sequence nor encapsulated: even length, padded as PS3.5 6.2 asks (UIDs and binary with
 * zero, text with space). Text is UTF-8.
 * @throws {DicomError} if a value cannot stand in the attribute's VR
 */
export function encodeValue(attribute: Attribute, info: VrInfo, place: { littleEndian: boolean; tag: string }): Uint8Array {
  if (info.kind === 'bytes') return encodeBytes(attribute.bytes ?? new Uint8Array(0), info, place.littleEndian);
  const values = attribute.Value ?? [];
  if (info.kind === 'number') return encodeNumbers(values, info, place);
  const text = encodeText(values.map((value) => textOfValue(value, info.vr, place.tag)).join('\\'));
  return padded(text, info.vr === 'UI' ? 0x00 : 0x20);
}

/** Whether any text in the attribute's own values is outside of ASCII. */
export function hasNonAscii({ Value }: Attribute): boolean {
  return (Value ?? []).some((value) => {
    if (typeof value === 'string') return isNonAscii(value);
    if (value === null || typeof value !== 'object') return false;
    return Object.values(value).some((group) => typeof group === 'string' && isNonAscii(group));
  });
}

function isNonAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) >= 0x80) return true;
  return false;
}

function textOfValue(value: Value, vr: Vr, tag: string): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return numberText(value, vr, tag);
  if (vr !== 'PN') throw new DicomError(`${vr} holds neither items nor person names`, { tag });
  const { Alphabetic = '', Ideographic = '', Phonetic = '' } = value as PersonName;
  return [Alphabetic, Ideographic, Phonetic].join('=').replace(/=+$/, '');
}

function numberText(value: number, vr: Vr, tag: string): string {
  if (vr === 'IS' && !Number.isSafeInteger(value)) throw new DicomError('IS holds integers only', { tag });
  const text = vr === 'DS' ? formatDecimalString(value) : String(value);
  if (text === undefined) throw new DicomError('DS holds finite numbers only', { tag });
  return text;
}

function encodeBytes(bytes: Uint8Array, info: VrInfo, littleEndian: boolean): Uint8Array {
  return padded(littleEndian || info.size === 1 ? bytes : swapWords(bytes, info.size), 0x00);
}

function padded(bytes: Uint8Array, padding: number): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const even = new Uint8Array(bytes.length + 1);
  even.set(bytes);
  even[bytes.length] = padding;
  return even;
}

function encodeNumbers(values: readonly Value[], info: VrInfo, { littleEndian, tag }: { littleEndian: boolean; tag: string }): Uint8Array {
  const bytes = new Uint8Array(values.length * info.size);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) {
    if (!fits(value, info.vr)) throw new DicomError(`a value is not one of ${info.vr}`, { tag });
    const put = { view, position: index * info.size, littleEndian };
    if (info.vr === 'AT') putTag(put, String(value));
    else if (typeof value === 'bigint') putBigInt(put, value, info.vr);
    else putNumber(put, Number(value), info.vr);
  }
  return bytes;
}

/** Smallest and largest value of the integer VRs. */
const ranges: Partial<Record<Vr, readonly [number, number]>> = {
  US: [0, 0xffff],
  SS: [-0x8000, 0x7fff],
  UL: [0, 0xffffffff],
  SL: [-0x80000000, 0x7fffffff],
};

function fits(value: Value, vr: Vr): boolean {
  if (vr === 'AT') return typeof value === 'string' && /^[0-9A-Fa-f]{8}$/.test(value);
  if (vr === 'UV') return typeof value === 'bigint' && BigInt.asUintN(64, value) === value;
  if (vr === 'SV') return typeof value === 'bigint' && BigInt.asIntN(64, value) === value;
  if (typeof value !== 'number') return false;
  const range = ranges[vr];
  return range === undefined || (Number.isInteger(value) && value >= range[0] && value <= range[1]);
}

type Put = { view: DataView; position: number; littleEndian: boolean };

function putNumber({ view, position, littleEndian }: Put, value: number, vr: Vr): void {
  if (vr === 'US') view.setUint16(position, value, littleEndian);
  else if (vr === 'SS') view.setInt16(position, value, littleEndian);
  else if (vr === 'UL') view.setUint32(position, value, littleEndian);
  else if (vr === 'SL') view.setInt32(position, value, littleEndian);
  else if (vr === 'FL') view.setFloat32(position, value, littleEndian);
  else view.setFloat64(position, value, littleEndian);
}

function putBigInt({ view, position, littleEndian }: Put, value: bigint, vr: Vr): void {
  if (vr === 'SV') view.setBigInt64(position, value, littleEndian);
  else view.setBigUint64(position, value, littleEndian);
}

function putTag({ view, position, littleEndian }: Put, tag: string): void {
  view.setUint16(position, Number.parseInt(tag.slice(0, 4), 16), littleEndian);
  view.setUint16(position + 2, Number.parseInt(tag.slice(4), 16), littleEndian);
}

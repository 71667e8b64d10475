import { decodeText } from './charset.ts';
import type { Attribute, PersonName, Value, Vr } from './data-set.ts';
import { swapWords, type VrInfo } from './vr.ts';

/** A value field and what is needed to read it. `view` covers the same memory as `bytes`. */
export type ValueField = {
  bytes: Uint8Array;
  view: DataView;
  /** Position and length of the field in `bytes`; the caller has checked that they are inside. */
  start: number;
  length: number;
  littleEndian: boolean;
  specificCharacterSet: readonly string[];
};

const SPACE = 0x20;
const ESCAPE = 0x1b;

/** PS3.5 6.2: at most 16 characters of a fixed or floating point number. */
const decimalString = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const integerString = /^[+-]?\d+$/;
const DECIMAL_LENGTH = 16;
const INTEGER_LENGTH = 12;
/** Below this length, adding character to character beats a TextDecoder. */
const SHORT_TEXT = 48;

const latin1 = new TextDecoder('windows-1252');
const characters = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));

/**
 * Reads the values of a field that is no sequence. Padding at the end of each text value is dropped; DS and IS become numbers where
 * they are valid (PS3.5 6.2) and stay text where not; binary values are views unless their byte order must change. A field of
 * numbers whose length is no multiple of theirs is kept as UN.
 */
export function decodeValue(field: ValueField, info: VrInfo): Attribute {
  if (field.length === 0) return { vr: info.vr };
  if (info.kind === 'text') return decodeTexts(field, info);
  if (info.kind === 'bytes' || field.length % info.size !== 0) return decodeBytes(field, info);
  return { vr: info.vr, Value: decodeNumbers(field, info) };
}

/** PersonName of one value: component groups between `=`, empty ones left out; null if all are empty. */
export function parsePersonName(text: string): PersonName | null {
  const [alphabetic = '', ideographic = '', phonetic = ''] = text.split('=').map(trimPadding);
  const name: PersonName = {};
  if (alphabetic !== '') name.Alphabetic = alphabetic;
  if (ideographic !== '') name.Ideographic = ideographic;
  if (phonetic !== '') name.Phonetic = phonetic;
  return alphabetic === '' && ideographic === '' && phonetic === '' ? null : name;
}

/** Number of a DS or IS value; undefined if the text is not one (too long, out of range, other characters). */
export function parseNumericString(text: string, vr: 'DS' | 'IS'): number | undefined {
  const trimmed = text.trim();
  const isValid =
    vr === 'IS'
      ? trimmed.length <= INTEGER_LENGTH && integerString.test(trimmed)
      : trimmed.length <= DECIMAL_LENGTH && decimalString.test(trimmed);
  if (!isValid) return undefined;
  const number = Number(trimmed);
  if (!Number.isFinite(number)) return undefined;
  // Minus zero has no form of its own in JSON.
  return number === 0 ? 0 : number;
}

function decodeTexts(field: ValueField, info: VrInfo): Attribute {
  const { vr } = info;
  const text = trimPadding(textOfField(field, vr));
  if (text === '') return { vr };
  if (!info.multiple) return { vr, Value: [text] };
  if (!text.includes('\\')) {
    const value = textValue(text, vr);
    return value === null ? { vr } : { vr, Value: [value] };
  }
  return { vr, Value: text.split('\\').map((part) => textValue(trimPadding(part), vr)) };
}

function textValue(text: string, vr: Vr): Value {
  if (text === '') return null;
  if (vr === 'PN') return parsePersonName(text);
  if (vr === 'DS' || vr === 'IS') return parseNumericString(text, vr) ?? text;
  return text;
}

/** ASCII, nearly always, is the same in every character set; the rest goes through the sets. */
function textOfField(field: ValueField, vr: Vr): string {
  const { bytes, start, length } = field;
  const end = start + length;
  let text = '';
  for (let index = start; index < end; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte >= 0x80 || byte === ESCAPE) return decodeText(bytes.subarray(start, end), field.specificCharacterSet, vr);
    if (length <= SHORT_TEXT) text += characters[byte];
  }
  return length <= SHORT_TEXT ? text : latin1.decode(bytes.subarray(start, end));
}

function trimPadding(text: string): string {
  let end = text.length;
  while (end > 0) {
    const code = text.charCodeAt(end - 1);
    if (code !== SPACE && code !== 0) break;
    end -= 1;
  }
  return end === text.length ? text : text.slice(0, end);
}

function decodeBytes({ bytes, start, length, littleEndian }: ValueField, info: VrInfo): Attribute {
  const value = bytes.subarray(start, start + length);
  const vr = info.kind === 'bytes' ? info.vr : 'UN';
  return { vr, bytes: littleEndian || vr === 'UN' ? value : swapWords(value, info.size) };
}

function decodeNumbers(field: ValueField, info: VrInfo): Value[] {
  const values: Value[] = [];
  const end = field.start + field.length;
  for (let position = field.start; position < end; position += info.size) values.push(numberAt(field, position, info.vr));
  return values;
}

function numberAt({ view, littleEndian }: ValueField, position: number, vr: Vr): Value {
  switch (vr) {
    case 'US':
      return view.getUint16(position, littleEndian);
    case 'SS':
      return view.getInt16(position, littleEndian);
    case 'UL':
      return view.getUint32(position, littleEndian);
    case 'SL':
      return view.getInt32(position, littleEndian);
    case 'FL':
      return view.getFloat32(position, littleEndian);
    case 'FD':
      return view.getFloat64(position, littleEndian);
    case 'SV':
      return view.getBigInt64(position, littleEndian);
    case 'UV':
      return view.getBigUint64(position, littleEndian);
    default:
      return tagText(view.getUint16(position, littleEndian) * 0x10000 + view.getUint16(position + 2, littleEndian));
  }
}

const tagTexts = new Map<number, string>();
/** Enough for every tag of the dictionary; a bound, because files choose the tags. */
const TAG_TEXTS_LIMIT = 8192;

/** Tag number as 8 upper-case hex digits. */
export function tagText(tag: number): string {
  const known = tagTexts.get(tag);
  if (known !== undefined) return known;
  const text = tag.toString(16).toUpperCase().padStart(8, '0');
  if (tagTexts.size < TAG_TEXTS_LIMIT) tagTexts.set(tag, text);
  return text;
}

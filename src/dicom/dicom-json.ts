import { type Attribute, type DataSet, DicomError, itemsOf, type PersonName, type Value, type Vr } from './data-set.ts';
import { MAX_DEPTH } from './parse-elements.ts';
import { Tag, tagsInOrder } from './tags.ts';
import { isVr, vrInfo } from './vr.ts';

/** One attribute of the DICOM JSON Model (PS3.18 F.2.2). */
export type DicomJsonAttribute = { vr: Vr; Value?: DicomJsonValue[]; BulkDataURI?: string; InlineBinary?: string };
export type DicomJsonValue = string | number | null | PersonName | DicomJson;
/** A data set in the DICOM JSON Model. */
export type DicomJson = { [tag: string]: DicomJsonAttribute };

export type DicomJsonOptions = {
  /**
   * Where a binary value can be had: called with its path ("7FE00010"; "54000100/1/54001010" in the first item of a sequence) and
   * its length in bytes. Undefined: the value goes into the JSON as base64.
   */
  bulkDataUri?: ((path: string, byteLength: number) => string | undefined) | undefined;
};

/** Characters of one call of String.fromCharCode: engines limit the number of arguments. */
const CHUNK = 0x2000;

/**
 * The data set in the DICOM JSON Model. Text is Unicode, so Specific Character Set, where present, says ISO_IR 192. NaN and the
 * infinities, which JSON numbers cannot be, are the strings "NaN", "Infinity", "-Infinity"; 64-bit integers beyond 2^53 are strings.
 * Encapsulated Pixel Data has no inline form: without a bulk data URI it is left out.
 */
export function toDicomJson(dataSet: DataSet, options: DicomJsonOptions = {}): DicomJson {
  return dataSetToJson(dataSet, '', options);
}

/**
 * A data set of the DICOM JSON Model. Attributes that only have a BulkDataURI are left out, because their values are not here.
 * @throws {DicomError} if `json` is not of the model
 */
export function fromDicomJson(json: unknown): DataSet {
  return dataSetFromJson(json, 0);
}

/** The model as text, its attributes in ascending order at every level, as F.2.2 asks and plain JSON.stringify does not keep. */
export function stringifyDicomJson(json: DicomJson): string {
  const members = Object.keys(json)
    .sort()
    .map((tag) => `"${tag}":${stringifyAttribute(json[tag])}`);
  return `{${members.join(',')}}`;
}

/** The attribute at a path as `bulkDataUri` is called with; undefined if there is none. */
export function attributeAt(dataSet: DataSet, path: string): Attribute | undefined {
  const steps = path.split('/');
  let inner: DataSet | undefined = dataSet;
  for (let index = 0; index + 2 < steps.length; index += 2) {
    inner = inner === undefined ? undefined : itemsOf(inner, steps[index] ?? '')[Number(steps[index + 1]) - 1];
  }
  const tag = steps[steps.length - 1] ?? '';
  return steps.length % 2 === 1 && inner !== undefined && Object.hasOwn(inner, tag) ? inner[tag] : undefined;
}

function dataSetToJson(dataSet: DataSet, prefix: string, options: DicomJsonOptions): DicomJson {
  const json: DicomJson = {};
  for (const tag of tagsInOrder(dataSet)) {
    const attribute = dataSet[tag];
    const written = attribute === undefined ? undefined : attributeToJson(attribute, `${prefix}${tag}`, options);
    if (written !== undefined) json[tag] = written;
  }
  const characterSet = json[Tag.SpecificCharacterSet];
  if (characterSet?.Value !== undefined) characterSet.Value = ['ISO_IR 192'];
  return json;
}

function attributeToJson(attribute: Attribute, path: string, options: DicomJsonOptions): DicomJsonAttribute | undefined {
  const { vr, Value, bytes, fragments } = attribute;
  if (fragments !== undefined) {
    const length = fragments.reduce((sum, fragment) => sum + fragment.length, 0);
    const uri = options.bulkDataUri?.(path, length);
    return uri === undefined ? undefined : { vr, BulkDataURI: uri };
  }
  if (bytes !== undefined && bytes.length > 0) {
    const uri = options.bulkDataUri?.(path, bytes.length);
    return uri === undefined ? { vr, InlineBinary: toBase64(bytes) } : { vr, BulkDataURI: uri };
  }
  if (Value === undefined || Value.length === 0) return { vr };
  return { vr, Value: Value.map((value, index) => valueToJson(value, vr, { path: `${path}/${index + 1}/`, options })) };
}

function valueToJson(value: Value, vr: Vr, inner: { path: string; options: DicomJsonOptions }): DicomJsonValue {
  // By the definition of Attribute, objects are items in a sequence and person names elsewhere.
  if (vr === 'SQ') return dataSetToJson((value ?? {}) as DataSet, inner.path, inner.options);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return value !== null && typeof value === 'object' ? { ...(value as PersonName) } : value;
}

function stringifyAttribute(attribute: DicomJsonAttribute | undefined): string {
  if (attribute?.vr !== 'SQ' || attribute.Value === undefined) return JSON.stringify(attribute);
  const items = attribute.Value.map((item) => stringifyDicomJson(item as DicomJson));
  return `{"vr":"SQ","Value":[${items.join(',')}]}`;
}

function dataSetFromJson(json: unknown, depth: number): DataSet {
  if (!isObject(json)) throw new DicomError('a DICOM JSON data set is an object');
  if (depth > MAX_DEPTH) throw new DicomError(`sequences nest deeper than ${MAX_DEPTH} levels`);
  const dataSet: DataSet = {};
  for (const tag of Object.keys(json).sort()) {
    if (!/^[0-9A-Fa-f]{8}$/.test(tag)) throw new DicomError('a DICOM JSON attribute is named by 8 hex digits');
    const attribute = attributeFromJson(json[tag], tag, depth);
    if (attribute !== undefined) dataSet[tag.toUpperCase()] = attribute;
  }
  return dataSet;
}

function attributeFromJson(json: unknown, tag: string, depth: number): Attribute | undefined {
  if (!isObject(json) || !isVr(json['vr'])) throw new DicomError('a DICOM JSON attribute has a vr', { tag });
  const { vr, Value, InlineBinary, BulkDataURI } = json as { vr: Vr; Value?: unknown; InlineBinary?: unknown; BulkDataURI?: unknown };
  if (BulkDataURI !== undefined) return undefined;
  if (vrInfo[vr].kind === 'bytes') {
    if (Value !== undefined) throw new DicomError(`${vr} has no Value`, { tag });
    return InlineBinary === undefined ? { vr } : bytesAttribute(vr, InlineBinary, tag);
  }
  if (InlineBinary !== undefined) throw new DicomError(`${vr} has no InlineBinary`, { tag });
  if (Value === undefined) return { vr };
  if (!Array.isArray(Value)) throw new DicomError('Value is an array', { tag });
  if (Value.length === 0 || (Value.length === 1 && Value[0] === null)) return { vr };
  if (vr === 'SQ') return { vr, Value: Value.map((item) => dataSetFromJson(item ?? {}, depth + 1)) };
  return { vr, Value: Value.map((value) => valueFromJson(value, vr, tag)) };
}

function bytesAttribute(vr: Vr, base64: unknown, tag: string): Attribute {
  const bytes = typeof base64 === 'string' ? fromBase64(base64) : undefined;
  if (bytes === undefined) throw new DicomError('InlineBinary is base64', { tag });
  return bytes.length === 0 ? { vr } : { vr, bytes };
}

function valueFromJson(value: unknown, vr: Vr, tag: string): Value {
  if (value === null) return null;
  const read = vr === 'PN' ? personNameFromJson(value) : vrInfo[vr].kind === 'number' ? numberFromJson(value, vr) : textFromJson(value, vr);
  if (read === undefined) throw new DicomError(`a value is not one of ${vr}`, { tag });
  return read;
}

function textFromJson(value: unknown, vr: Vr): Value | undefined {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' && (vr === 'DS' || vr === 'IS') ? value : undefined;
}

function numberFromJson(value: unknown, vr: Vr): Value | undefined {
  if (vr === 'AT') return typeof value === 'string' && /^[0-9A-Fa-f]{8}$/.test(value) ? value.toUpperCase() : undefined;
  if (vr === 'SV' || vr === 'UV') {
    const isInteger = typeof value === 'string' ? /^-?\d{1,20}$/.test(value) : Number.isSafeInteger(value);
    return isInteger ? BigInt(value as string | number) : undefined;
  }
  if (typeof value === 'number') return value;
  const isSpecial = (vr === 'FL' || vr === 'FD') && (value === 'NaN' || value === 'Infinity' || value === '-Infinity');
  return isSpecial ? Number(value) : undefined;
}

function personNameFromJson(value: unknown): PersonName | null | undefined {
  if (!isObject(value)) return undefined;
  const name: PersonName = {};
  for (const group of ['Alphabetic', 'Ideographic', 'Phonetic'] as const) {
    const text = value[group];
    if (typeof text === 'string' && text !== '') name[group] = text;
    else if (text !== undefined && text !== null && text !== '') return undefined;
  }
  return Object.keys(name).length === 0 ? null : name;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += CHUNK) binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  return btoa(binary);
}

function fromBase64(base64: string): Uint8Array | undefined {
  let binary: string;
  try {
    binary = atob(base64);
  } catch {
    return undefined;
  }
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

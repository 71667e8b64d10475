import { type Attribute, type DataSet, DicomError, type Vr } from './data-set.ts';
import { vrOf } from './dictionary.ts';
import { decodeValue, tagText, type ValueField } from './parse-values.ts';
import { type VrInfo, vrInfo, vrOfBytes } from './vr.ts';

/** Sequences may nest this deep; what the standard defines nests below 20. */
export const MAX_DEPTH = 64;
/** Attributes and items of one file; bounds memory at a small multiple of a real object's needs. */
const MAX_ELEMENTS = 4_000_000;

const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = 0xfffee000;
const ITEM_DELIMITER = 0xfffee00d;
const SEQUENCE_DELIMITER = 0xfffee0dd;
const META_GROUP = 0x0002;
const SPECIFIC_CHARACTER_SET = 0x00080005;
const PIXEL_REPRESENTATION = 0x00280103;
const PIXEL_DATA = 0x7fe00010;

/** How elements are encoded. */
export type Encoding = { explicit: boolean; littleEndian: boolean };

const IMPLICIT: Encoding = { explicit: false, littleEndian: true };

/** Header of one element: tag number, VR, and where its value field stands. */
export type ElementHeader = { tag: number; info: VrInfo; start: number; offset: number; length: number };

/** State of reading one buffer. */
export type Reading = {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** False if `bytes` are only the head of a file: then their end is no error but needs more bytes. */
  readonly complete: boolean;
  /** The first root attribute with this tag number or a higher one ends the reading. */
  readonly stopAt: number;
  /** The group that root attributes must be of; another one ends the reading. Undefined: any. */
  readonly group: number | undefined;
  position: number;
  elementsLeft: number;
  /** The root attribute that ended the reading. */
  stoppedAt: ElementHeader | undefined;
};

/** One data set on the way: the root (depth 0) or an item. */
type Scope = {
  encoding: Encoding;
  /** Position that nothing in this data set may pass. */
  end: number;
  /** Whether an item delimiter ends it. */
  delimited: boolean;
  depth: number;
  specificCharacterSet: readonly string[];
  pixelRepresentation: number;
};

/** Thrown where the head of a file ends too early; `atLeast` bytes from its start are needed. */
export class NeedMore extends Error {
  readonly atLeast: number;
  constructor(atLeast: number) {
    super('the head of the file is too short');
    this.atLeast = atLeast;
  }
}

/** Starts reading `bytes` at `position`. */
export function openReading(bytes: Uint8Array, start: Pick<Reading, 'position' | 'complete' | 'stopAt' | 'group'>): Reading {
  // Views of Node's Buffer would be Buffers, which copy and print differently.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { ...start, bytes: plain, view, elementsLeft: MAX_ELEMENTS, stoppedAt: undefined };
}

/** Reads the data set from the current position to the end of the bytes or to `stopAt`. @throws {DicomError} @throws {NeedMore} */
export function readRoot(reading: Reading, encoding: Encoding): DataSet {
  const end = reading.bytes.length;
  return readElements(reading, { encoding, end, delimited: false, depth: 0, specificCharacterSet: [], pixelRepresentation: 0 });
}

function readElements(reading: Reading, scope: Scope): DataSet {
  const dataSet: DataSet = {};
  let last = -1;
  while (reading.position < scope.end) {
    const start = reading.position;
    if (scope.depth === 0 && isPadding(reading, scope)) return dataSet;
    const tag = readTag(reading, scope);
    if (scope.depth === 0 && (tag >= reading.stopAt || isOtherGroup(reading, tag))) {
      stop(reading, scope, start);
      return dataSet;
    }
    // Written again, it would become part of the file meta group (PS3.10 7.1).
    if (tag >>> 16 === META_GROUP && reading.group === undefined) {
      throw new DicomError('file meta information stands in a data set', where(tag, start));
    }
    if (tag === ITEM_DELIMITER && scope.delimited) {
      take(reading, scope, 8);
      return dataSet;
    }
    const header = readHeader(reading, scope);
    const key = tagText(tag);
    // In ascending order a tag cannot come twice; only what is out of order needs the look-up.
    if (tag <= last && Object.hasOwn(dataSet, key))
      throw new DicomError('the attribute stands twice in one data set', { tag: key, offset: start });
    if (tag > last) last = tag;
    const attribute = readAttribute(reading, scope, header);
    if ((tag & 0xffff) === 0) continue; // Group lengths are retired and would be wrong after any change.
    dataSet[key] = attribute;
    if (tag === SPECIFIC_CHARACTER_SET || tag === PIXEL_REPRESENTATION) learn(scope, tag, attribute);
  }
  if (scope.delimited || (scope.depth === 0 && !reading.complete)) throw pastEnd(reading, scope, 8);
  return dataSet;
}

/** What the attributes so far say about those to come. */
function learn(scope: Scope, tag: number, attribute: Attribute): void {
  const values = attribute.Value ?? [];
  if (tag === PIXEL_REPRESENTATION) scope.pixelRepresentation = values[0] === 1 ? 1 : 0;
  else scope.specificCharacterSet = values.map((value) => (typeof value === 'string' ? value : ''));
}

function isOtherGroup({ group }: Reading, tag: number): boolean {
  return group !== undefined && tag >>> 16 !== group;
}

function stop(reading: Reading, scope: Scope, start: number): void {
  // What follows a group may be in another encoding.
  reading.stoppedAt = reading.group === undefined ? readHeader(reading, scope) : undefined;
  reading.position = start;
}

/** Tag number at the position, which stays. */
function readTag(reading: Reading, scope: Scope): number {
  if (reading.position + 8 > scope.end) throw pastEnd(reading, scope, 8);
  const { littleEndian } = scope.encoding;
  return reading.view.getUint16(reading.position, littleEndian) * 0x10000 + reading.view.getUint16(reading.position + 2, littleEndian);
}

/** Reads an element's tag, VR and length, and moves to its value field. */
function readHeader(reading: Reading, scope: Scope): ElementHeader {
  const start = take(reading, scope, 8);
  reading.elementsLeft -= 1;
  if (reading.elementsLeft < 0) throw new DicomError('more attributes than any object has', { offset: start });
  const { view, bytes } = reading;
  const { explicit, littleEndian } = scope.encoding;
  const tag = view.getUint16(start, littleEndian) * 0x10000 + view.getUint16(start + 2, littleEndian);
  if (tag >= ITEM && tag <= SEQUENCE_DELIMITER)
    throw new DicomError('an item or delimiter stands outside of a sequence', where(tag, start));
  const named = explicit ? vrOfBytes(bytes[start + 4] ?? 0, bytes[start + 5] ?? 0) : null;
  // No VR where one must be: some writers mix in elements of implicit VR.
  if (named === null) {
    const info = vrInfo[vrOf(tagText(tag), scope)];
    return { tag, info, start, offset: start + 8, length: view.getUint32(start + 4, littleEndian) };
  }
  if (named !== undefined && !named.long)
    return { tag, info: named, start, offset: start + 8, length: view.getUint16(start + 6, littleEndian) };
  // A VR of a later edition has the long form (PS3.5 6.2).
  const lengthAt = take(reading, scope, 4);
  return { tag, info: named ?? vrInfo.UN, start, offset: start + 12, length: view.getUint32(lengthAt, littleEndian) };
}

function readAttribute(reading: Reading, scope: Scope, header: ElementHeader): Attribute {
  const isUnknown = header.info.vr === 'UN';
  if (header.length === UNDEFINED_LENGTH) return readUndefined(reading, scope, header);
  const end = header.offset + header.length;
  if (end > scope.end) throw pastEnd(reading, scope, header.length, header);
  const info = isUnknown ? knownInfo(header.tag, scope) : header.info;
  if (info.kind === 'sequence') {
    return readSequence(reading, isUnknown ? { ...scope, encoding: IMPLICIT } : scope, { header, end });
  }
  reading.position = end;
  const field: ValueField = {
    bytes: reading.bytes,
    view: reading.view,
    start: header.offset,
    length: header.length,
    littleEndian: scope.encoding.littleEndian,
    specificCharacterSet: scope.specificCharacterSet,
  };
  return decodeValue(field, info);
}

/** Proxies write UN for what they do not know; if the dictionary knows it, its VR is taken. Big endian leaves the byte order open. */
function knownInfo(tag: number, scope: Scope): VrInfo {
  return scope.encoding.littleEndian ? vrInfo[vrOf(tagText(tag), scope)] : vrInfo.UN;
}

function readUndefined(reading: Reading, scope: Scope, header: ElementHeader): Attribute {
  const { vr } = header.info;
  const isPixelData = header.tag === PIXEL_DATA || vr === 'OB' || vr === 'OW';
  if (isPixelData && vr !== 'SQ') return readFragments(reading, scope, header);
  if (vr === 'SQ') return readSequence(reading, scope, { header, end: undefined });
  // PS3.5 6.2.2: what is inside of UN is implicit VR little endian.
  if (vr === 'UN') return readSequence(reading, { ...scope, encoding: IMPLICIT }, { header, end: undefined });
  throw new DicomError('only sequences and encapsulated data may have an undefined length', where(header.tag, header.start));
}

/** Items up to `end`, or up to the delimiter where the length is undefined. */
function readSequence(reading: Reading, scope: Scope, { header, end }: { header: ElementHeader; end: number | undefined }): Attribute {
  if (scope.depth >= MAX_DEPTH) throw new DicomError(`sequences nest deeper than ${MAX_DEPTH} levels`, where(header.tag, header.start));
  const inner: Scope = { ...scope, end: end ?? scope.end };
  const items: DataSet[] = [];
  while (end === undefined || reading.position < end) {
    const start = reading.position;
    const { tag, length } = readItemHeader(reading, inner);
    if (tag === SEQUENCE_DELIMITER && end === undefined) return sequenceOf(items);
    if (tag !== ITEM) throw new DicomError('a sequence holds something else than items', where(header.tag, start));
    items.push(readItem(reading, inner, length));
  }
  return sequenceOf(items);
}

function sequenceOf(items: DataSet[]): Attribute {
  const vr: Vr = 'SQ';
  return items.length === 0 ? { vr } : { vr, Value: items };
}

function readItem(reading: Reading, scope: Scope, length: number): DataSet {
  const delimited = length === UNDEFINED_LENGTH;
  const end = delimited ? scope.end : reading.position + length;
  if (end > scope.end) throw pastEnd(reading, scope, length);
  return readElements(reading, { ...scope, end, delimited, depth: scope.depth + 1 });
}

/** Fragments of encapsulated Pixel Data; the first item is the basic offset table (PS3.5 A.4). */
function readFragments(reading: Reading, scope: Scope, header: ElementHeader): Attribute {
  const items: Uint8Array[] = [];
  while (true) {
    const start = reading.position;
    const { tag, length } = readItemHeader(reading, scope);
    if (tag === SEQUENCE_DELIMITER) break;
    if (tag !== ITEM || length === UNDEFINED_LENGTH)
      throw new DicomError('encapsulated data hold something else than fragments', where(header.tag, start));
    const offset = take(reading, scope, length);
    items.push(reading.bytes.subarray(offset, offset + length));
  }
  const [offsetTable, ...fragments] = items;
  const attribute: Attribute = { vr: header.info.vr === 'UN' ? 'OB' : header.info.vr, fragments };
  if (offsetTable !== undefined && offsetTable.length > 0) attribute.offsetTable = offsetTable;
  return attribute;
}

function readItemHeader(reading: Reading, scope: Scope): { tag: number; length: number } {
  const tag = readTag(reading, scope);
  const start = take(reading, scope, 8);
  reading.elementsLeft -= 1;
  if (reading.elementsLeft < 0) throw new DicomError('more items than any object has', { offset: start });
  return { tag, length: reading.view.getUint32(start + 4, scope.encoding.littleEndian) };
}

/** Moves over `length` bytes and gives the position before. */
function take(reading: Reading, scope: Scope, length: number): number {
  const start = reading.position;
  if (start + length > scope.end) throw pastEnd(reading, scope, length);
  reading.position = start + length;
  return start;
}

/** Zeros after the last attribute: writers fill up to a block. Looked for once, because a tag of zero that is none is an error. */
function isPadding(reading: Reading, scope: Scope): boolean {
  const { bytes, position } = reading;
  for (let index = position; index < position + 8 && index < scope.end; index += 1) if (bytes[index] !== 0) return false;
  for (let index = position; index < scope.end; index += 1) {
    if (bytes[index] !== 0) throw new DicomError('an attribute without a tag', { offset: position });
  }
  if (!reading.complete) throw new NeedMore(scope.end + 8);
  reading.position = scope.end;
  return true;
}

function pastEnd(reading: Reading, scope: Scope, length: number, header?: ElementHeader): Error {
  const start = header?.offset ?? reading.position;
  if (!reading.complete && scope.end === reading.bytes.length) return new NeedMore(start + length);
  const reason =
    scope.end === reading.bytes.length ? 'the data end inside of an attribute' : 'an attribute runs past the end of what holds it';
  return new DicomError(reason, header === undefined ? { offset: start } : where(header.tag, header.start));
}

function where(tag: number, offset: number): { tag: string; offset: number } {
  return { tag: tagText(tag), offset };
}

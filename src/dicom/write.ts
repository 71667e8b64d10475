import { type Attribute, type DataSet, DicomError, itemsOf, type Part10, textOf } from './data-set.ts';
import { vrOf } from './dictionary.ts';
import { Tag, tagsInOrder } from './tags.ts';
import { isValidUid, transferSyntaxOf } from './uids.ts';
import { type VrInfo, vrInfo } from './vr.ts';
import { encodeValue, hasNonAscii } from './write-values.ts';

/** Compresses to a raw deflate stream (RFC 1951). */
export type DeflateRaw = (bytes: Uint8Array) => Uint8Array;

/** What names the writer in file meta: one UID under 2.25 for this product (PS3.5 B.2), and its name. */
export const IMPLEMENTATION_CLASS_UID = '2.25.203008952760534113230387663797694926747';
export const IMPLEMENTATION_VERSION_NAME = 'ISOCENTER_0_1';

const PREAMBLE_LENGTH = 128;
const UNDEFINED_LENGTH = 0xffffffff;
const LONGEST_SHORT_FIELD = 0xfffe;
const LONGEST_FIELD = 0xfffffffe;
const ITEM = 'FFFEE000';
const SEQUENCE_DELIMITER = 'FFFEE0DD';
const EMPTY = new Uint8Array(0);

type Encoding = { explicit: boolean; littleEndian: boolean };
const META_ENCODING: Encoding = { explicit: true, littleEndian: true };
/** Bytes as they grow. */
type Sink = { bytes: Uint8Array; view: DataView; length: number; encoding: Encoding };

/**
 * Writes a file of PS3.10 in `transferSyntaxUid`. File meta is made anew from the data set (of `meta`, the AE titles and private
 * information stay), sequences and items have defined lengths, attributes stand in ascending order. If any text is outside of ASCII,
 * all text is UTF-8 and (0008,0005) says ISO_IR 192. Pixel Data must already be in the syntax: native bytes or fragments.
 * @throws {DicomError} if the data set does not name its SOP class and instance, or a value cannot stand in its VR
 */
export function writePart10(
  part10: Omit<Part10, 'meta'> & Partial<Pick<Part10, 'meta'>>,
  { deflateRaw }: { deflateRaw?: DeflateRaw } = {},
): Uint8Array {
  const { dataSet, meta = {}, transferSyntaxUid } = part10;
  const body = writeDataSet(dataSet, transferSyntaxUid);
  const group = writeMeta(dataSet, meta, transferSyntaxUid);
  const content = transferSyntaxOf(transferSyntaxUid).deflated ? deflated(body, deflateRaw) : body;
  const file = new Uint8Array(PREAMBLE_LENGTH + 4 + group.length + content.length);
  file.set([0x44, 0x49, 0x43, 0x4d], PREAMBLE_LENGTH);
  file.set(group, PREAMBLE_LENGTH + 4);
  file.set(content, PREAMBLE_LENGTH + 4 + group.length);
  return file;
}

/** Writes a data set alone, not deflated, as DIMSE sends it. @throws {DicomError} */
export function writeDataSet(dataSet: DataSet, transferSyntaxUid: string): Uint8Array {
  const { explicit, bigEndian, encapsulated } = transferSyntaxOf(transferSyntaxUid);
  if (!encapsulated && dataSet[Tag.PixelData]?.fragments !== undefined) {
    throw new DicomError('fragments cannot stand in a native transfer syntax', { tag: Tag.PixelData });
  }
  return elementBytes(isAscii(dataSet) ? dataSet : inUtf8(dataSet), { explicit, littleEndian: !bigEndian });
}

/**
 * A file of PS3.10 without its Pixel Data, for who writes these piece by piece: preamble and file meta, then the attributes before and
 * after them, which are not deflated. Text as in `writePart10`.
 * @throws {DicomError} as `writePart10`
 */
export function writeAroundPixelData({ dataSet, meta, transferSyntaxUid }: Part10): {
  head: Uint8Array;
  before: Uint8Array;
  after: Uint8Array;
} {
  const { explicit, bigEndian } = transferSyntaxOf(transferSyntaxUid);
  const encoding = { explicit, littleEndian: !bigEndian };
  const { [Tag.PixelData]: _, ...rest } = isAscii(dataSet) ? dataSet : inUtf8(dataSet);
  const part = (isPart: (tag: string) => boolean): Uint8Array =>
    elementBytes(Object.fromEntries(Object.entries(rest).filter(([tag]) => isPart(tag))), encoding);
  const group = writeMeta(dataSet, meta, transferSyntaxUid);
  const head = new Uint8Array(PREAMBLE_LENGTH + 4 + group.length);
  head.set([0x44, 0x49, 0x43, 0x4d], PREAMBLE_LENGTH);
  head.set(group, PREAMBLE_LENGTH + 4);
  return { head, before: part((tag) => tag < Tag.PixelData), after: part((tag) => tag > Tag.PixelData) };
}

function elementBytes(dataSet: DataSet, encoding: Encoding): Uint8Array {
  const sink = openSink(dataSet, encoding);
  putElements(sink, dataSet);
  return sink.bytes.subarray(0, sink.length);
}

function writeMeta(dataSet: DataSet, meta: DataSet, transferSyntaxUid: string): Uint8Array {
  const sopClassUid = textOf(dataSet, Tag.SOPClassUID) ?? textOf(meta, Tag.MediaStorageSOPClassUID);
  const sopInstanceUid = textOf(dataSet, Tag.SOPInstanceUID) ?? textOf(meta, Tag.MediaStorageSOPInstanceUID);
  const group: DataSet = {
    ...meta,
    [Tag.FileMetaInformationVersion]: { vr: 'OB', bytes: Uint8Array.of(0, 1) },
    [Tag.MediaStorageSOPClassUID]: uidAttribute(sopClassUid, Tag.SOPClassUID),
    [Tag.MediaStorageSOPInstanceUID]: uidAttribute(sopInstanceUid, Tag.SOPInstanceUID),
    [Tag.TransferSyntaxUID]: uidAttribute(transferSyntaxUid, Tag.TransferSyntaxUID),
    [Tag.ImplementationClassUID]: { vr: 'UI', Value: [IMPLEMENTATION_CLASS_UID] },
    [Tag.ImplementationVersionName]: { vr: 'SH', Value: [IMPLEMENTATION_VERSION_NAME] },
  };
  delete group[Tag.FileMetaInformationGroupLength];
  const rest = elementBytes(group, META_ENCODING);
  const length = elementBytes({ [Tag.FileMetaInformationGroupLength]: { vr: 'UL', Value: [rest.length] } }, META_ENCODING);
  const whole = new Uint8Array(length.length + rest.length);
  whole.set(length);
  whole.set(rest, length.length);
  return whole;
}

function uidAttribute(uid: string | undefined, tag: string): Attribute {
  if (uid === undefined || !isValidUid(uid)) throw new DicomError('a file must name its object with valid UIDs', { tag });
  return { vr: 'UI', Value: [uid] };
}

function deflated(body: Uint8Array, deflateRaw: DeflateRaw | undefined): Uint8Array {
  if (deflateRaw === undefined) throw new DicomError('deflated data sets cannot be written here');
  const content = deflateRaw(body);
  if (content.length % 2 === 0) return content;
  const even = new Uint8Array(content.length + 1);
  even.set(content);
  return even;
}

function isAscii(dataSet: DataSet): boolean {
  return Object.entries(dataSet).every(([tag, attribute]) =>
    attribute.vr === 'SQ' ? itemsOf(dataSet, tag).every(isAscii) : !hasNonAscii(attribute),
  );
}

/** The data set as it is written in UTF-8: said once at the root, and no item says otherwise. */
function inUtf8(dataSet: DataSet): DataSet {
  return { ...withoutCharacterSet(dataSet), [Tag.SpecificCharacterSet]: { vr: 'CS', Value: ['ISO_IR 192'] } };
}

function withoutCharacterSet(dataSet: DataSet): DataSet {
  const result: DataSet = {};
  for (const [tag, attribute] of Object.entries(dataSet)) {
    if (tag === Tag.SpecificCharacterSet) continue;
    const isSequence = attribute.vr === 'SQ' && attribute.Value !== undefined;
    result[tag] = isSequence ? { ...attribute, Value: itemsOf(dataSet, tag).map(withoutCharacterSet) } : attribute;
  }
  return result;
}

function openSink(dataSet: DataSet, encoding: Encoding): Sink {
  let estimate = 4096;
  for (const attribute of Object.values(dataSet)) {
    estimate += 16 + (attribute.bytes?.length ?? 0);
    for (const fragment of attribute.fragments ?? []) estimate += 16 + fragment.length;
  }
  const bytes = new Uint8Array(estimate);
  return { bytes, view: new DataView(bytes.buffer), length: 0, encoding };
}

/** Makes room for `count` bytes and gives their position. */
function reserve(sink: Sink, count: number): number {
  const start = sink.length;
  sink.length += count;
  if (sink.length <= sink.bytes.length) return start;
  const grown = new Uint8Array(Math.max(sink.length, 2 * sink.bytes.length));
  grown.set(sink.bytes.subarray(0, start));
  sink.bytes = grown;
  sink.view = new DataView(grown.buffer);
  return start;
}

/** Writes `bytes` into a room of `length` bytes. */
function putBytes(sink: Sink, bytes: Uint8Array, length: number): void {
  // The room first: making it may replace the sink's bytes.
  const start = reserve(sink, length);
  sink.bytes.set(bytes, start);
}

function putElements(sink: Sink, dataSet: DataSet): void {
  for (const tag of tagsInOrder(dataSet)) {
    const attribute = dataSet[tag];
    if (attribute === undefined) continue;
    if (!/^[0-9A-F]{8}$/.test(tag) || !Object.hasOwn(vrInfo, attribute.vr)) throw new DicomError('not an attribute', { tag });
    putAttribute(sink, tag, attribute);
  }
}

function putAttribute(sink: Sink, tag: string, attribute: Attribute): void {
  const info = vrInfo[attribute.vr];
  if (attribute.fragments !== undefined) {
    putFragments(sink, tag, attribute);
    return;
  }
  if (info.kind === 'sequence') {
    putSequence(sink, tag, attribute);
    return;
  }
  const value = encodeValue(attribute, info, { littleEndian: sink.encoding.littleEndian, tag });
  if (value.length > LONGEST_FIELD) throw new DicomError('the value is longer than a field can be', { tag });
  // A field too long for a 16-bit length is written as UN (PS3.5 6.2.2 note).
  putHeader(sink, tag, info.long || value.length <= LONGEST_SHORT_FIELD ? info : vrInfo.UN, value.length);
  putBytes(sink, value, value.length);
}

/** Implicit VR does not say that an attribute unknown to the dictionary is a sequence: its undefined length does (PS3.5 6.2.2). */
function putSequence(sink: Sink, tag: string, { Value = [] }: Attribute): void {
  const isDelimited = !sink.encoding.explicit && vrOf(tag) !== 'SQ';
  const lengthAt = putHeader(sink, tag, vrInfo.SQ, isDelimited ? UNDEFINED_LENGTH : 0);
  // The values of a sequence are items by the definition of Attribute.
  for (const item of Value as DataSet[]) {
    const itemLengthAt = putItemHeader(sink, ITEM, 0);
    putElements(sink, item);
    patchLength(sink, itemLengthAt, tag);
  }
  if (isDelimited) putItemHeader(sink, SEQUENCE_DELIMITER, 0);
  else patchLength(sink, lengthAt, tag);
}

function putFragments(sink: Sink, tag: string, { vr, fragments = [], offsetTable = EMPTY }: Attribute): void {
  if (!sink.encoding.explicit) throw new DicomError('fragments cannot stand in implicit VR', { tag });
  putHeader(sink, tag, vrInfo[vr], UNDEFINED_LENGTH);
  for (const fragment of [offsetTable, ...fragments]) {
    const length = fragment.length + (fragment.length % 2);
    putItemHeader(sink, ITEM, length);
    putBytes(sink, fragment, length);
  }
  putItemHeader(sink, SEQUENCE_DELIMITER, 0);
}

/** Writes tag, VR and length; gives the position after, where a length of 32 bits ends. */
function putHeader(sink: Sink, tag: string, info: VrInfo, length: number): number {
  if (!sink.encoding.explicit) return putItemHeader(sink, tag, length);
  const start = reserve(sink, info.long ? 12 : 8);
  putTag(sink, start, tag);
  sink.bytes[start + 4] = info.vr.charCodeAt(0);
  sink.bytes[start + 5] = info.vr.charCodeAt(1);
  if (info.long) sink.view.setUint32(start + 8, length, sink.encoding.littleEndian);
  else sink.view.setUint16(start + 6, length, sink.encoding.littleEndian);
  return sink.length;
}

/** Tag and 32-bit length; gives the position after. */
function putItemHeader(sink: Sink, tag: string, length: number): number {
  const start = reserve(sink, 8);
  putTag(sink, start, tag);
  sink.view.setUint32(start + 4, length, sink.encoding.littleEndian);
  return sink.length;
}

function putTag(sink: Sink, position: number, tag: string): void {
  sink.view.setUint16(position, Number.parseInt(tag.slice(0, 4), 16), sink.encoding.littleEndian);
  sink.view.setUint16(position + 2, Number.parseInt(tag.slice(4), 16), sink.encoding.littleEndian);
}

/** Writes the length of what has come since `start` into the four bytes before it. */
function patchLength(sink: Sink, start: number, tag: string): void {
  const length = sink.length - start;
  if (length > LONGEST_FIELD) throw new DicomError('the sequence is longer than a field can be', { tag });
  sink.view.setUint32(start - 4, length, sink.encoding.littleEndian);
}

import { type DataSet, DicomError, type Part10, type PixelDataLocation, textOf } from './data-set.ts';
import { type ElementHeader, type Encoding, NeedMore, openReading, type Reading, readRoot } from './parse-elements.ts';
import { tagText } from './parse-values.ts';
import { Tag } from './tags.ts';
import { ExplicitVrBigEndian, ExplicitVrLittleEndian, ImplicitVrLittleEndian, isValidUid, transferSyntaxOf } from './uids.ts';
import { vrOfBytes } from './vr.ts';

/** Inflates a raw deflate stream (RFC 1951); throws if the result would be longer than `maxLength` bytes. */
export type InflateRaw = (bytes: Uint8Array, maxLength: number) => Uint8Array;

export type ParseOptions = {
  /** Needed for the deflated transfer syntax only; on a server `(bytes, maxOutputLength) => inflateRawSync(bytes, { maxOutputLength })`. */
  inflateRaw?: InflateRaw | undefined;
  /** Stops before the first root attribute with this tag ("7FE00010") or a higher one. */
  until?: string | undefined;
  /** Takes a data set without file meta group where it begins like one and names its SOP class and instance; true unless told. */
  allowBare?: boolean | undefined;
};

export type HeaderOptions = Omit<ParseOptions, 'until'> & {
  /** Whether the head is the entire file; then an end too early is an error. */
  complete: boolean;
};

/**
 * `header`: everything before Pixel Data; `pixelData` null if there is none, or if the data set is deflated, where its value has no
 * place in the file. `need-more`: the head must have at least so many bytes; Infinity means the entire file. It asks for at least
 * twice what it had, so that reading again and again stays linear. If the file is shorter than that, come back with all of it.
 */
export type HeaderResult = { kind: 'header'; part10: Part10; pixelData: PixelDataLocation | null } | { kind: 'need-more'; atLeast: number };

/** A deflated data set may grow to this, not further. */
const INFLATED_LIMIT = 512 * 1024 * 1024;
const PREAMBLE_LENGTH = 128;
const MAGIC = [0x44, 0x49, 0x43, 0x4d];
const META_GROUP = 0x0002;
const FLOAT_PIXEL_DATA = 0x7fe00008;
const DOUBLE_FLOAT_PIXEL_DATA = 0x7fe00009;
const PIXEL_DATA = 0x7fe00010;
const NEVER = 0x1_0000_0000;
const UNDEFINED_LENGTH = 0xffffffff;
const META_ENCODING: Encoding = { explicit: true, littleEndian: true };

/**
 * Reads a file of PS3.10: preamble, file meta group, data set. Binary values are views of `bytes`.
 *
 * Accepts what archives hold although it is not quite right: no preamble or no meta group (see `allowBare`), attributes out of order,
 * elements of implicit VR among explicit ones, zeros at the end, odd lengths. Group lengths are dropped.
 * @throws {DicomError} with tag and offset, never a value
 */
export function parsePart10(bytes: Uint8Array, options: ParseOptions = {}): Part10 {
  const stopAt = options.until === undefined ? NEVER : Number.parseInt(options.until, 16);
  return readFile(bytes, { ...options, complete: true, stopAt }).part10;
}

/**
 * Reads the head of a file up to Pixel Data (7FE0,0010; also 7FE0,0008 and 7FE0,0009), or to where it would stand.
 * @throws {DicomError} with tag and offset, never a value
 */
export function readHeader(head: Uint8Array, options: HeaderOptions): HeaderResult {
  try {
    const { part10, stoppedAt } = readFile(head, { ...options, stopAt: FLOAT_PIXEL_DATA });
    return { kind: 'header', part10, pixelData: stoppedAt === undefined ? null : locationOf(stoppedAt) };
  } catch (error) {
    if (!(error instanceof NeedMore)) throw error;
    return { kind: 'need-more', atLeast: Math.max(error.atLeast, 2 * head.length) };
  }
}

/** Checks that Pixel Data of a defined length are all in the file. @throws {DicomError} */
export function checkPixelDataLength(location: PixelDataLocation, fileSize: number): void {
  // Of an undefined length, at least the empty offset table and the delimiter must be there.
  const end = location.offset + (location.length ?? 16);
  if (end > fileSize) throw new DicomError('Pixel Data run past the end of the file', { tag: Tag.PixelData, offset: location.offset });
}

/** Reads a data set alone, without preamble and meta group, as DIMSE sends it. @throws {DicomError} */
export function parseDataSet(bytes: Uint8Array, transferSyntaxUid: string, inflateRaw?: InflateRaw): DataSet {
  const source = { bytes, position: 0, stopAt: NEVER, complete: true, inflateRaw };
  return readDataSet(source, transferSyntaxUid).dataSet;
}

type Source = { bytes: Uint8Array; position: number; stopAt: number; complete: boolean; inflateRaw: InflateRaw | undefined };
type FileOptions = HeaderOptions & { stopAt: number };

function readFile(bytes: Uint8Array, options: FileOptions): { part10: Part10; stoppedAt: ElementHeader | undefined } {
  const { meta, position } = readMeta(bytes, options.complete);
  const source: Source = { bytes, position, stopAt: options.stopAt, complete: options.complete, inflateRaw: options.inflateRaw };
  const declared = textOf(meta, Tag.TransferSyntaxUID);
  if (declared !== undefined && !isValidUid(declared)) throw new DicomError('not a UID', { tag: Tag.TransferSyntaxUID });
  const transferSyntaxUid = declared ?? guessTransferSyntax(source, options.allowBare ?? true);
  const { dataSet, stoppedAt } = readDataSet(source, transferSyntaxUid);
  if (declared === undefined) checkIdentified(dataSet);
  return { part10: { meta, dataSet, transferSyntaxUid }, stoppedAt };
}

/** File meta group, and where the data set begins. Empty if the bytes begin with a data set. */
function readMeta(bytes: Uint8Array, complete: boolean): { meta: DataSet; position: number } {
  if (bytes.length < PREAMBLE_LENGTH + MAGIC.length && !complete) throw new NeedMore(PREAMBLE_LENGTH + MAGIC.length);
  const start = MAGIC.every((byte, index) => bytes[PREAMBLE_LENGTH + index] === byte) ? PREAMBLE_LENGTH + MAGIC.length : 0;
  const isMeta = bytes[start] === 0x02 && bytes[start + 1] === 0x00;
  if (!isMeta) return { meta: {}, position: start };
  const reading = openReading(bytes, { position: start, complete, stopAt: NEVER, group: META_GROUP });
  return { meta: readRoot(reading, META_ENCODING), position: reading.position };
}

function readDataSet(source: Source, transferSyntaxUid: string): { dataSet: DataSet; stoppedAt: ElementHeader | undefined } {
  if (transferSyntaxOf(transferSyntaxUid).deflated) return { dataSet: readDeflated(source), stoppedAt: undefined };
  const reading = openReading(source.bytes, { ...source, group: undefined });
  const dataSet = readRoot(reading, encodingOf(source, transferSyntaxUid));
  return { dataSet, stoppedAt: reading.stoppedAt };
}

function readDeflated({ bytes, position, stopAt, complete, inflateRaw }: Source): DataSet {
  if (!complete) throw new NeedMore(Number.POSITIVE_INFINITY);
  if (inflateRaw === undefined) throw new DicomError('deflated data sets cannot be read here', { offset: position });
  const inflated = inflate(inflateRaw, bytes.subarray(position), position);
  const reading: Reading = openReading(inflated, { position: 0, complete: true, stopAt, group: undefined });
  return readRoot(reading, META_ENCODING);
}

function inflate(inflateRaw: InflateRaw, bytes: Uint8Array, offset: number): Uint8Array {
  try {
    return inflateRaw(bytes, INFLATED_LIMIT);
  } catch {
    throw new DicomError('the deflated data set is damaged or too long', { offset });
  }
}

/** What the syntax says; except that some writers declare implicit VR and write explicit, which the first element shows. */
function encodingOf({ bytes, position }: Source, transferSyntaxUid: string): Encoding {
  const { explicit, bigEndian } = transferSyntaxOf(transferSyntaxUid);
  return { explicit: explicit || beginsExplicit(bytes, position), littleEndian: !bigEndian };
}

/** Whether the element at `position` names a VR; as the length of an implicit element the letters would mean more than 16 KiB. */
function beginsExplicit(bytes: Uint8Array, position: number): boolean {
  return Boolean(vrOfBytes(bytes[position + 4] ?? 0, bytes[position + 5] ?? 0));
}

/** Bytes that say nothing of their syntax: accepted where they begin with group 0008, as data sets do. */
function guessTransferSyntax({ bytes, position, complete }: Source, allowBare: boolean): string {
  if (bytes.length < position + 8 && !complete) throw new NeedMore(position + 8);
  const [first, second] = [bytes[position] ?? 0, bytes[position + 1] ?? 0];
  const isLittle = first === 0x08 && second === 0x00;
  const isBig = first === 0x00 && second === 0x08;
  if (!allowBare || !(isLittle || isBig)) throw new DicomError('neither a DICOM file nor a DICOM data set', { offset: position });
  if (isBig) return ExplicitVrBigEndian;
  return beginsExplicit(bytes, position) ? ExplicitVrLittleEndian : ImplicitVrLittleEndian;
}

/** Without a meta group, only the SOP common module shows that the bytes are an object at all. */
function checkIdentified(dataSet: DataSet): void {
  for (const tag of [Tag.SOPClassUID, Tag.SOPInstanceUID]) {
    if (!isValidUid(textOf(dataSet, tag) ?? '')) throw new DicomError('a data set without file meta group must name its object', { tag });
  }
}

function locationOf({ tag, offset, length, info }: ElementHeader): PixelDataLocation | null {
  if (tag !== PIXEL_DATA && tag !== FLOAT_PIXEL_DATA && tag !== DOUBLE_FLOAT_PIXEL_DATA) return null;
  const { vr } = info;
  if (vr === 'OW' || vr === 'OF' || vr === 'OD') return { offset, length: definedLength(length), vr };
  if (vr === 'OB' || vr === 'UN') return { offset, length: definedLength(length), vr: 'OB' };
  throw new DicomError('Pixel Data have a VR that they cannot have', { tag: tagText(tag), offset });
}

function definedLength(length: number): number | null {
  return length === UNDEFINED_LENGTH ? null : length;
}

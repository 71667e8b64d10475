import { type Attribute, type DataSet, DicomError, itemsOf, numberOf, textOf } from '../../dicom/data-set.ts';
import { type DicomJson, fromDicomJson } from '../../dicom/dicom-json.ts';
import { decodeValue } from '../../dicom/parse-values.ts';
import { Tag } from '../../dicom/tags.ts';
import { ExplicitVrLittleEndian, transferSyntaxOf } from '../../dicom/uids.ts';
import { vrInfo } from '../../dicom/vr.ts';
import { encapsulated, offsetTablesOf } from '../../imaging/encapsulate.ts';
import { fileAround, type Pieces, pixelElement } from '../../imaging/file-pieces.ts';
import { ImagingError } from '../../imaging/imaging-error.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore } from '../platform/ports.ts';
import { type ArrivedBulk, bulkAt, type StoreParts } from './store-parts.ts';
import { defaultSyntaxOf } from './stored-frames.ts';

/** Bulk data other than pixels that one object may have in memory. */
const MAX_BULK_BYTES = 268_435_456;
const OCTETS = 'application/octet-stream';

type Link = { steps: string[]; vr: Attribute['vr']; uri: string };

/**
 * A file of PS3.10 out of attributes in the DICOM JSON Model and the bulk data that they link to. Native pixels come as octets; compressed
 * ones in parts of their media type, one for each frame. Pixels go through piece by piece.
 *
 * @throws {AppError} `invalid-dicom` if the attributes are not of the model, or what they link to is not there
 */
export async function assembleObject(blobs: BlobStore, json: DicomJson, parts: StoreParts): Promise<AsyncIterable<Uint8Array>> {
  try {
    const dataSet = fromDicomJson(json);
    const links = linksOf(json, []);
    const pixels = links.find(({ steps }) => steps.length === 1 && steps[0] === Tag.PixelData);
    await fillIn(blobs, dataSet, { links: links.filter((link) => link !== pixels), parts });
    // File meta is made anew.
    const body: DataSet = Object.fromEntries(Object.entries(dataSet).filter(([tag]) => tag > '0002FFFF'));
    const found = pixels && bulkOf(parts, pixels);
    const transferSyntaxUid = (found && syntaxOf(found)) ?? ExplicitVrLittleEndian;
    const inline = body[Tag.PixelData]?.bytes;
    const element = found
      ? pixelsOf(blobs, found, { body, transferSyntaxUid })
      : inline
        ? pixelElement(transferSyntaxUid, { vr: vrOf(body), length: inline.length, pieces: [inline] })
        : [];
    return refusing(fileAround({ meta: {}, dataSet: body, transferSyntaxUid }, element));
  } catch (error) {
    throw error instanceof DicomError ? new AppError('invalid-dicom', error.message, { cause: error }) : error;
  }
}

/** What shows while the file is written is as much the request's fault. */
async function* refusing(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces;
  } catch (error) {
    if (!(error instanceof DicomError || error instanceof ImagingError)) throw error;
    throw new AppError('invalid-dicom', error.message, { cause: error });
  }
}

/** Every attribute that is linked, with the tags and item numbers on the way to it. */
function linksOf(json: DicomJson, steps: readonly string[]): Link[] {
  return Object.entries(json).flatMap(([tag, { vr, BulkDataURI: uri, Value }]): Link[] => {
    const here = [...steps, tag.toUpperCase()];
    if (uri !== undefined) return [{ steps: here, vr, uri }];
    if (vr !== 'SQ') return [];
    // Values of a sequence are items.
    return ((Value ?? []) as (DicomJson | null)[]).flatMap((item, index) => linksOf(item ?? {}, [...here, String(index)]));
  });
}

async function fillIn(blobs: BlobStore, dataSet: DataSet, { links, parts }: { links: readonly Link[]; parts: StoreParts }): Promise<void> {
  let size = 0;
  for (const link of links) {
    const [part, ...more] = bulkOf(parts, link);
    if (!part || more.length > 0) throw new DicomError('bulk data other than pixels come in one part', { tag: link.steps.at(-1) ?? '' });
    size += part.blob.size;
    if (size > MAX_BULK_BYTES) throw new AppError('too-large', `Bulk data other than pixels take more than ${MAX_BULK_BYTES} bytes`);
    setAt(dataSet, link, await blobs.read(part.blob.key));
  }
}

function setAt(dataSet: DataSet, { steps, vr }: Link, bytes: Uint8Array): void {
  const tag = steps.at(-1) ?? '';
  let inner = dataSet;
  for (let index = 0; index + 2 < steps.length; index += 2) {
    const item = itemsOf(inner, steps[index] ?? '')[Number(steps[index + 1])];
    if (!item) throw new DicomError('a sequence lacks an item', { tag });
    inner = item;
  }
  if (vr === 'SQ') throw new DicomError('a sequence is no bulk data', { tag });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const field = { bytes, view, start: 0, length: bytes.length, littleEndian: true, specificCharacterSet: ['ISO_IR 192'] };
  inner[tag] = decodeValue(field, vrInfo[vr]);
}

/** What is there under the link. */
function bulkOf(parts: StoreParts, { uri, steps }: Link): ArrivedBulk[] {
  const found = bulkAt(parts, uri);
  if (found.length === 0) throw new DicomError('no part of the request is what BulkDataURI names', { tag: steps.at(-1) ?? '' });
  return found;
}

/** Transfer syntax of the pixels: as the part says, or as its media type means. */
function syntaxOf([first]: readonly ArrivedBulk[]): string | undefined {
  if (!first) return undefined;
  if (first.transferSyntaxUid !== undefined) return first.transferSyntaxUid;
  if (first.type === undefined || first.type === OCTETS) return ExplicitVrLittleEndian;
  const syntax = defaultSyntaxOf(first.type);
  if (syntax === undefined) throw new AppError('unsupported-media-type', 'Pixels are not taken in this media type');
  return syntax;
}

type Target = { body: DataSet; transferSyntaxUid: string };

function pixelsOf(blobs: BlobStore, found: readonly ArrivedBulk[], { body, transferSyntaxUid }: Target): Pieces {
  const frames = found.map(({ blob }) => ({ length: blob.size, pieces: piecesOf(blobs, blob.key) }));
  if (!transferSyntaxOf(transferSyntaxUid).encapsulated) {
    const length = frames.reduce((sum, frame) => sum + frame.length, 0);
    // Octets are little endian words, which big endian files do not hold.
    if (transferSyntaxOf(transferSyntaxUid).bigEndian) throw new AppError('invalid-dicom', 'Pixels do not come in big endian');
    return pixelElement(transferSyntaxUid, { vr: vrOf(body), length, pieces: chained(frames.map(({ pieces }) => pieces)) });
  }
  if (frames.length !== (numberOf(body, Tag.NumberOfFrames) ?? 1))
    throw new DicomError('compressed pixels come in one part for each frame', { tag: Tag.PixelData });
  const { basic, extended } = offsetTablesOf(frames.map(({ length }) => length));
  if (extended) Object.assign(body, { [Tag.ExtendedOffsetTable]: extended.offsets, [Tag.ExtendedOffsetTableLengths]: extended.lengths });
  return pixelElement(transferSyntaxUid, { vr: 'OB', pieces: encapsulated(basic, frames) });
}

function vrOf(dataSet: DataSet): 'OB' | 'OW' {
  return (numberOf(dataSet, Tag.BitsAllocated) ?? 8) > 8 ? 'OW' : 'OB';
}

async function* piecesOf(blobs: BlobStore, key: string): AsyncGenerator<Uint8Array> {
  const { stream } = await blobs.open(key);
  yield* stream as AsyncIterable<Uint8Array>;
}

async function* chained(parts: readonly Pieces[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield* part;
}

/** SOP Instance UID of attributes in the JSON model, for naming what failed. */
export function namedIn(json: DicomJson): { sopClassUid?: string; sopInstanceUid?: string } {
  try {
    const dataSet = fromDicomJson(
      Object.fromEntries(Object.entries(json).filter(([tag]) => tag === Tag.SOPClassUID || tag === Tag.SOPInstanceUID)),
    );
    const [sopClassUid, sopInstanceUid] = [textOf(dataSet, Tag.SOPClassUID), textOf(dataSet, Tag.SOPInstanceUID)];
    return { ...(sopClassUid ? { sopClassUid } : {}), ...(sopInstanceUid ? { sopInstanceUid } : {}) };
  } catch {
    return {};
  }
}

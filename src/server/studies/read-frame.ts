import { type DataSet, DicomError, type Part10 } from '../../dicom/data-set.ts';
import { fromDicomJson } from '../../dicom/dicom-json.ts';
import { pixelFrames } from '../../dicom/frames.ts';
import { parsePart10 } from '../../dicom/parse.ts';
import { describePixels, type PixelDescription } from '../../dicom/pixel-description.ts';
import { Tag } from '../../dicom/tags.ts';
import { DeflatedExplicitVrLittleEndian, ExplicitVrBigEndian } from '../../dicom/uids.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore } from '../platform/ports.ts';
import { readEncapsulatedFrame } from './frame-regions.ts';
import type { InstanceRow } from './queries.ts';
import { inflateRaw } from './read-arrival.ts';

export type StoredFrame = { description: PixelDescription; frame: Uint8Array; dataSet: DataSet };

/**
 * One stored frame, undecoded, with the attributes that say how to read it: by one ranged read where the file says where the frame
 * stands; deflated and big endian objects are read whole.
 *
 * @param number 1 for the first
 * @throws {AppError} `no-pixels`, `invalid-request` if there is no such frame
 */
export async function readFrame(blobs: BlobStore, instance: InstanceRow, number: number): Promise<StoredFrame> {
  if (instance.pixel_offset === null) throw new AppError('no-pixels', `Instance ${instance.sop_instance_uid} holds no picture`);
  if (number > instance.number_of_frames)
    throw new AppError('invalid-request', `Instance ${instance.sop_instance_uid} has ${instance.number_of_frames} frames`);
  return (await readRange(blobs, instance, number)) ?? (await readWhole(blobs, instance, number));
}

async function readRange(blobs: BlobStore, instance: InstanceRow, number: number): Promise<StoredFrame | undefined> {
  if (instance.pixel_offset === null || WHOLE_ONLY.has(instance.transfer_syntax_uid)) return undefined;
  // Written by `storeInstance` from a data set.
  const dataSet = fromDicomJson(JSON.parse(instance.dicom_json) as object);
  const description = describePixels({ meta: {}, dataSet, transferSyntaxUid: instance.transfer_syntax_uid });
  const frame = description && (await readFrameBytes(blobs, instance, { description, number }));
  if (!description || !frame) return undefined;
  if (!LINKED_TABLE.test(instance.dicom_json)) return { description, frame, dataSet };
  const header = await blobs.readRange(instance.blob_key, { start: 0, end: instance.pixel_offset - 1 });
  return { description, frame, dataSet: parsePart10(header, { until: Tag.FloatPixelData }).dataSet };
}

/**
 * The bytes of one frame alone, undecoded; undefined where the file must be read whole for them.
 *
 * @param number 1 for the first
 */
export async function readFrameBytes(
  blobs: BlobStore,
  instance: Pick<InstanceRow, 'blob_key' | 'blob_size' | 'pixel_offset' | 'pixel_length' | 'number_of_frames' | 'transfer_syntax_uid'>,
  { description, number }: { description: PixelDescription; number: number },
): Promise<Uint8Array | undefined> {
  if (WHOLE_ONLY.has(instance.transfer_syntax_uid)) return undefined;
  if (instance.pixel_length === null) return readEncapsulatedFrame(blobs, instance, number);
  const bits = description.rows * description.columns * description.samplesPerPixel * description.bitsAllocated;
  // Frames of one-bit pixels, and of 4:2:2 color, do not begin on a byte that is known from here.
  if (instance.pixel_offset === null || bits % 8 !== 0 || description.photometricInterpretation === 'YBR_FULL_422') return undefined;
  const length = bits / 8;
  const start = instance.pixel_offset + (number - 1) * length;
  return blobs.readRange(instance.blob_key, { start, end: start + length - 1 });
}

/**
 * The bytes of one frame, undecoded, found by the columns of its row alone; undefined where the header or the file must be read for them.
 *
 * @param number 1 for the first
 */
export async function readFrameByRow(blobs: BlobStore, instance: InstanceRow, number: number): Promise<Uint8Array | undefined> {
  const { pixel_offset: offset, pixel_length: all, number_of_frames: count, blob_key } = instance;
  if (offset === null || number < 1 || number > count || WHOLE_ONLY.has(instance.transfer_syntax_uid)) return undefined;
  if (all === null) return readEncapsulatedFrame(blobs, instance, number);
  const length = ((instance.rows ?? 0) * (instance.columns ?? 0) * (instance.bits_allocated ?? 0)) / 8;
  // Pixels of one sample each fill all of it, but for the byte that makes it even: no other kind of frame is as long.
  const isGray = length > 0 && Number.isInteger(length) && all >= length * count && all <= length * count + 1;
  const start = offset + (number - 1) * length;
  return isGray ? blobs.readRange(blob_key, { start, end: start + length - 1 }) : undefined;
}

/** Palettes and look-up tables, in sequences too, that are too long for the stored JSON, and without which the pixels look otherwise. */
const LINKED_TABLE = /"BulkDataURI":"#(?:[0-9A-F]{8}\/\d+\/)*0028/;

/** Deflated objects have no place in the file to read from; big endian pixels are swapped by the parser. */
const WHOLE_ONLY = new Set([DeflatedExplicitVrLittleEndian, ExplicitVrBigEndian]);

async function readWhole(blobs: BlobStore, instance: InstanceRow, number: number): Promise<StoredFrame> {
  const part10 = parsePart10(await blobs.read(instance.blob_key), { inflateRaw });
  const description = describePixels(part10);
  const frame = description && framesOf(part10)[number - 1];
  if (!description || !frame)
    throw new AppError('no-pixels', `Frame ${number} of instance ${instance.sop_instance_uid} cannot be found in its file`);
  return { description, frame, dataSet: part10.dataSet };
}

function framesOf(part10: Part10): Uint8Array[] {
  try {
    return pixelFrames(part10);
  } catch (error) {
    throw error instanceof DicomError ? new AppError('no-pixels', error.message, { cause: error }) : error;
  }
}

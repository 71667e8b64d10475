import { DicomError } from '../../dicom/data-set.ts';
import { attributeAt } from '../../dicom/dicom-json.ts';
import { parsePart10 } from '../../dicom/parse.ts';
import { Tag } from '../../dicom/tags.ts';
import { DeflatedExplicitVrLittleEndian, ExplicitVrBigEndian } from '../../dicom/uids.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore } from '../platform/ports.ts';
import { inflateRaw } from '../studies/read-arrival.ts';
import { type ByteSource, bytesSource, rangeSource } from './byte-source.ts';
import type { HeldInstance } from './retrieve-repository.ts';

/**
 * The binary value that metadata links to.
 *
 * @param path tags and item numbers, separated by dots: `7FE00010`, `54000100.1.54001010`
 * @returns one source; of encapsulated Pixel Data, one for each fragment
 * @throws {AppError} `not-found` if the object has no such value
 */
export async function findBulkData(blobs: BlobStore, instance: HeldInstance, path: string): Promise<ByteSource[]> {
  const isSwapped = instance.transfer_syntax_uid === ExplicitVrBigEndian;
  const isDeflated = instance.transfer_syntax_uid === DeflatedExplicitVrLittleEndian;
  if (path === Tag.PixelData && instance.pixel_offset !== null && instance.pixel_length !== null && !isSwapped && !isDeflated)
    return [rangeSource(blobs, instance.blob_key, { start: instance.pixel_offset, size: instance.pixel_length })];
  try {
    const { dataSet } = parsePart10(await blobs.read(instance.blob_key), { inflateRaw });
    const attribute = attributeAt(dataSet, path.replaceAll('.', '/'));
    const parts = attribute?.fragments ?? (attribute?.bytes ? [attribute.bytes] : []);
    if (parts.length > 0) return parts.map(bytesSource);
  } catch (error) {
    throw error instanceof DicomError ? new AppError('internal', 'The stored file cannot be read', { cause: error }) : error;
  }
  throw new AppError('not-found', `Instance ${instance.sop_instance_uid} has no binary value of that path`);
}

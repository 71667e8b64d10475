import type { DataSet, Part10 } from '../../dicom/data-set.ts';
import { stringifyDicomJson, toDicomJson } from '../../dicom/dicom-json.ts';
import { describePixels, type PixelDescription } from '../../dicom/pixel-description.ts';
import { Tag } from '../../dicom/tags.ts';
import { ExplicitVrLittleEndian, transferSyntaxOf } from '../../dicom/uids.ts';
import type { PixelSource } from '../../imaging/transcode.ts';
import { AppError, type ErrorKind } from '../platform/errors.ts';
import type { BlobStore, CommitGroup, Db, StoredBlob } from '../platform/ports.ts';
import { findInstance, type InstanceRow } from '../studies/queries.ts';
import { readStoredHeader } from '../studies/read-arrival.ts';
import { fileColumnsOf } from '../studies/store-instance.ts';
import { openStored } from './open-stored.ts';
import { listInstanceUids, replaceFile } from './repository.ts';
import { canGiveObject, transcodeStored } from './transcode-stored.ts';
import type { Transcoder } from './transcoder.ts';

/** What the option `htj2k-lossless` stores: High-Throughput JPEG 2000 (Lossless Only). */
const HTJ2K_LOSSLESS = '1.2.840.10008.1.2.4.201';

export type CompressDeps = { db: Db; blobs: BlobStore; commit: CommitGroup; transcoder: Transcoder; now: () => Date };

/**
 * Stores the pixels of a study as lossless HTJ2K. A file takes the place of the stored one when its pixels have been decoded again and are
 * the same bit for bit, its attributes are the same, and it is smaller; the digest of the file that came is kept. Anything else stays as
 * it is. Idempotent; the bytes of the former files are swept later, so that whoever reads them now is not disturbed.
 *
 * @throws {AppError} `storage-full`
 */
export async function compressStudy(
  deps: CompressDeps,
  studyInstanceUid: string,
  signal: AbortSignal,
): Promise<{ compressed: number; kept: number }> {
  const counts = { compressed: 0, kept: 0 };
  for (const uid of await listInstanceUids(deps.db, studyInstanceUid)) {
    signal.throwIfAborted();
    const instance = await findInstance(deps.db, uid);
    const isCompressed = instance !== undefined && isCandidate(instance) && (await compressInstance(deps, instance));
    counts[isCompressed ? 'compressed' : 'kept'] += 1;
  }
  return counts;
}

/** What is lossy stays what it is: compressing it again would make it larger. */
function isCandidate(instance: InstanceRow): boolean {
  const { transfer_syntax_uid: syntax } = instance;
  const isHtj2k = /^1\.2\.840\.10008\.1\.2\.4\.20[123]$/.test(syntax);
  return !isHtj2k && !transferSyntaxOf(syntax).lossy && canGiveObject(instance, HTJ2K_LOSSLESS);
}

async function compressInstance(deps: CompressDeps, instance: InstanceRow): Promise<boolean> {
  const blob = await written(deps, instance);
  if (!blob) return false;
  const forget = async (): Promise<void> => {
    if (!blob.existed) await deps.blobs.delete(blob.key, { unmodifiedSince: blob.modifiedAt });
  };
  try {
    const isReplaced = blob.size < instance.blob_size && (await replaceIfEqual(deps, instance, blob));
    if (!isReplaced) await forget();
    return isReplaced;
  } catch (error) {
    await forget();
    throw error;
  }
}

const UNREADABLE: ReadonlySet<ErrorKind> = new Set(['not-acceptable', 'not-found', 'internal'] as const);

async function written(deps: CompressDeps, instance: InstanceRow): Promise<StoredBlob | undefined> {
  try {
    return await deps.blobs.put(transcodeStored(deps, instance, HTJ2K_LOSSLESS));
  } catch (error) {
    // Pixels that cannot be decoded, or do not fit, stay as they came; so does a file that is damaged, for whoever mends it.
    if (error instanceof AppError && UNREADABLE.has(error.kind)) return undefined;
    throw error;
  }
}

async function replaceIfEqual(deps: CompressDeps, instance: InstanceRow, { key, size }: StoredBlob): Promise<boolean> {
  const header = await readStoredHeader(deps.blobs, { key, size });
  const file = { ...fileColumnsOf(header), blob_key: key, blob_size: size };
  const [original, compressed] = [await openStored(deps.blobs, instance), await openStored(deps.blobs, { ...instance, ...file })];
  if (attributesOf(original.part10) !== attributesOf(compressed.part10)) return false;
  if (!(await areEqual(deps.transcoder, original, compressed))) return false;
  const at = deps.now().toISOString();
  return deps.commit((tx) => replaceFile(tx, instance, { file, at }));
}

type Opened = { part10: Part10; pixels: PixelSource };

/** Every frame of both, decoded in threads, as the bytes that native Pixel Data would have. */
async function areEqual(transcoder: Transcoder, a: Opened, b: Opened): Promise<boolean> {
  const [first, second] = [describePixels(a.part10), describePixels(b.part10)];
  if (!first || !second || first.numberOfFrames !== second.numberOfFrames) return false;
  const decoded = async (description: PixelDescription, { pixels }: Opened, index: number) =>
    transcoder.transcodeFrame(description, await pixels.frameAt(index), { target: ExplicitVrLittleEndian });
  for (let index = 0; index < first.numberOfFrames; index += 1) {
    const [x, y] = await Promise.all([decoded(first, a, index), decoded(second, b, index)]);
    if (x.photometricInterpretation !== y.photometricInterpretation || Buffer.compare(x.bytes, y.bytes) !== 0) return false;
  }
  return true;
}

/** What compression changes: how pixels are described, and where they stand. */
const CHANGED: ReadonlySet<string> = new Set([
  Tag.PhotometricInterpretation,
  Tag.PlanarConfiguration,
  Tag.HighBit,
  Tag.ExtendedOffsetTable,
  Tag.ExtendedOffsetTableLengths,
  Tag.PixelData,
]);

function attributesOf({ dataSet }: Part10): string {
  const kept: DataSet = Object.fromEntries(Object.entries(dataSet).filter(([tag]) => !CHANGED.has(tag)));
  const { [Tag.SpecificCharacterSet]: _, ...json } = toDicomJson(kept);
  return stringifyDicomJson(json);
}

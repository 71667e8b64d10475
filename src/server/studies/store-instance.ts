import { DicomError, numberOf, type Part10, textsOf } from '../../dicom/data-set.ts';
import { stringifyDicomJson, toDicomJson } from '../../dicom/dicom-json.ts';
import { type Identity, readIdentity } from '../../dicom/identity.ts';
import { describePixels } from '../../dicom/pixel-description.ts';
import { Tag } from '../../dicom/tags.ts';
import { DeflatedExplicitVrLittleEndian } from '../../dicom/uids.ts';
import { noteMatches } from '../patients/note-matches.ts';
import { AppError } from '../platform/errors.ts';
import type { AtEnd, BlobStore, CommitGroup, Scan, TenantJobs, Tx } from '../platform/ports.ts';
import { hasArrivalRules } from '../routing/queries.ts';
import { isSameObject } from '../transcoding/same-object.ts';
import type { Transcoder } from '../transcoding/transcoder.ts';
import { findSeries, insertParents, recountSeries, recountStudy } from './parents-repository.ts';
import { issuerOf, patientOf } from './patient-identity.ts';
import { isKnownAs, type PatientFields } from './patient-repository.ts';
import { findInstance, type InstanceRow } from './queries.ts';
import { type Header, readArrival } from './read-arrival.ts';
import { findHeldInstance, findOriginalDigest, findStudyPatient, insertInstance, putSource, touchStudy } from './repository.ts';

/** Media Storage Directory: an index of files, not an object to keep. */
const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';
/** Binary attributes beyond this size are named, not repeated, in the stored DICOM JSON. */
const MAX_INLINE_BYTES = 1024;

export type StoreDeps = {
  blobs: BlobStore;
  jobs: TenantJobs;
  commit: CommitGroup;
  now: () => Date;
  studyQuietMs: number;
  /** Scans what arrives for viruses, if there is a scanner. */
  scan?: Scan | undefined;
  /** Tells whether what comes again in other bytes is the same object. */
  transcoder: Transcoder;
  /** Stores complete studies as lossless HTJ2K. */
  compressesStudies?: boolean;
  /** Title of the application whose association brings the object: routing rules can ask for it. */
  sender?: string;
  /** Refuses objects of any other study. */
  onlyStudy?: string;
  /** Refuses new objects of any other patient record. */
  onlyPatient?: string;
  /**
   * For what this program itself says of a study that is read already: the study does not count as growing, so no model looks at it again.
   * What it writes commits with the object.
   */
  tell?: (tx: Tx) => Promise<void>;
};
export type StoreResult = Pick<InstanceRow, 'study_instance_uid' | 'series_instance_uid' | 'sop_instance_uid' | 'sop_class_uid'> & {
  status: 'stored' | 'already_held';
};

/**
 * Takes in one DICOM object. Every door ends here.
 *
 * Idempotent: a SOP Instance UID that we hold changes nothing if its object is the same, be it with another file meta group or in another
 * transfer syntax. The bytes are durable before the row: a crash in between leaves a blob without a row (swept later), never a row without
 * its bytes. The row, the event and the analysis job commit together, sharing a transaction with other arrivals. Memory does not grow
 * with the object.
 *
 * @param part10 the file as it arrives: preamble, "DICM", file meta group, data set (PS3.10 7.1)
 * @throws {AppError} `invalid-dicom`, `conflicting-instance`, `too-large`, `storage-full`, `infected`
 */
export async function storeInstance(deps: StoreDeps, part10: AsyncIterable<Uint8Array>): Promise<StoreResult> {
  const arrival = await readArrival(deps, part10, (header) => describe(deps, header));
  try {
    const { described, blobKey, blobSize } = arrival;
    const row = { ...described.row, blob_key: blobKey, blob_size: blobSize };
    const { status, other, isSpare } = await deps.commit((tx, done, atEnd) => keep(tx, { ...deps, ...described, row, done, atEnd }));
    if (other && !(await isSameObject(deps, other, row)))
      throw new AppError('conflicting-instance', `Instance ${row.sop_instance_uid} is held with other bytes`);
    if (isSpare) await arrival.takeBack();
    const { study_instance_uid, series_instance_uid, sop_instance_uid, sop_class_uid } = row;
    return { study_instance_uid, series_instance_uid, sop_instance_uid, sop_class_uid, status };
  } catch (error) {
    if (error instanceof AppError) await arrival.takeBack();
    throw error;
  }
}

type Described = { identity: Identity; patient: PatientFields; row: Omit<InstanceRow, 'blob_key' | 'blob_size'> };

/** All that the header tells. @throws {AppError} `invalid-dicom`, `conflicting-instance` */
function describe({ onlyStudy, now }: StoreDeps, header: Header): Described {
  const identity = identityOf(header.part10);
  if (onlyStudy && identity.studyInstanceUid !== onlyStudy)
    throw new AppError('conflicting-instance', 'The object belongs to another study');
  return { identity, patient: patientOf(identity), row: instanceRow(header, identity, now().toISOString()) };
}

type Keeping = StoreDeps & Described & { row: InstanceRow; done: Set<string>; atEnd: AtEnd };

/** `isSpare`: the instance is held in other bytes; `other`: these are to be compared. */
type Kept = { status: StoreResult['status']; isSpare?: true; other?: InstanceRow };

async function keep(tx: Tx, keeping: Keeping): Promise<Kept> {
  const { row, done, atEnd } = keeping;
  const held = await findHeldInstance(tx, row.sop_instance_uid);
  if (held?.blob_key === row.blob_key) return { status: 'already_held' };
  if (held) return { status: 'already_held', isSpare: true, ...(await otherThan(tx, row)) };

  // Of the instances of one series that share a transaction, the first does what is the same for all.
  const parents = `${keeping.sender ?? ''} ${keeping.patient.id} ${row.study_instance_uid} ${row.series_instance_uid} ${row.sop_class_uid}`;
  if (!done.has(parents)) await keepParents(tx, keeping);
  done.add(parents);
  await insertInstance(tx, row);
  await keeping.tell?.(tx);
  if (keeping.onlyPatient !== undefined) await requirePatient(tx, row, keeping.onlyPatient);
  // A study is counted after its series.
  atEnd(`series ${row.series_instance_uid}`, (last) => recountSeries(last, row.series_instance_uid));
  atEnd(`study ${row.study_instance_uid}`, (last) => recountStudy(last, row.study_instance_uid));
  return { status: 'stored' };
}

/** The instance as it is held, to be compared outside of the transaction; nothing if the file that came first was this one. */
async function otherThan(tx: Tx, row: InstanceRow): Promise<{ other?: InstanceRow }> {
  const other = await findInstance(tx, row.sop_instance_uid);
  const isOfStudy = other?.study_instance_uid === row.study_instance_uid && other.series_instance_uid === row.series_instance_uid;
  if (!isOfStudy) throw new AppError('conflicting-instance', `Instance ${row.sop_instance_uid} is held in another study or series`);
  return (await findOriginalDigest(tx, row.sop_instance_uid)) === row.blob_key ? {} : { other };
}

async function keepParents(tx: Tx, keeping: Keeping): Promise<void> {
  const { now, row, identity, patient } = keeping;
  const { study_instance_uid, series_instance_uid } = row;
  const holder = await findStudyPatient(tx, study_instance_uid);
  if (holder && !(await isOfHolder(tx, holder, identity))) {
    throw new AppError('conflicting-instance', `Study ${study_instance_uid} is held for another patient ID`);
  }
  const held = await findSeries(tx, series_instance_uid);
  if (held && held.study_instance_uid !== study_instance_uid) {
    throw new AppError('conflicting-instance', `Series ${series_instance_uid} is held in another study`);
  }
  const isSynthetic = identity.patientId === SYNTHETIC_PATIENT_ID;
  const isNewPatient = await insertParents(tx, {
    patient,
    identity,
    isSynthetic,
    row,
    held: { study: holder !== undefined, series: held },
  });
  if (keeping.sender) await putSource(tx, { study_instance_uid, ae_title: keeping.sender, created_at: row.created_at });
  if (isNewPatient) await noteMatches(tx, patient, now());
  if (!keeping.tell) await growStudy(tx, keeping);
  if (await hasArrivalRules(tx))
    await keeping.jobs.enqueue(tx, 'route-arrivals', { study_instance_uid }, { key: study_instance_uid, runAt: now() });
}

/** Marks the study as growing, to be looked at once it is quiet. */
async function growStudy(tx: Tx, { jobs, now, studyQuietMs, compressesStudies, row }: Keeping): Promise<void> {
  const { study_instance_uid, created_at } = row;
  await touchStudy(tx, study_instance_uid, created_at);
  const runAt = new Date(now().getTime() + studyQuietMs);
  const quiet = { key: study_instance_uid, runAt };
  await jobs.enqueue(tx, 'analyze-study', { study_instance_uid }, quiet);
  if (compressesStudies) await jobs.enqueue(tx, 'compress-study', { study_instance_uid }, { ...quiet, priority: COMPRESS_PRIORITY });
}

/** The number of a record may have been corrected, or the record merged, since the study began to arrive. */
async function isOfHolder(tx: Tx, holder: NonNullable<Awaited<ReturnType<typeof findStudyPatient>>>, identity: Identity): Promise<boolean> {
  const [patientId, issuer] = [identity.patientId ?? '', issuerOf(identity)];
  if (holder.patient_id === patientId && holder.issuer === issuer) return true;
  return isKnownAs(tx, { key: holder.patient_key, patientId, issuer });
}

/** Nobody waits for it. */
const COMPRESS_PRIORITY = -10;

/** The patient ID of every phantom that this program writes. */
export const SYNTHETIC_PATIENT_ID = 'SYNTHETIC-PHANTOM';

function identityOf(part10: Part10): Identity {
  try {
    const identity = readIdentity(part10);
    if (identity.sopClassUid === MEDIA_STORAGE_DIRECTORY)
      throw new AppError('invalid-dicom', 'A DICOMDIR is an index of files, not an image object');
    return identity;
  } catch (error) {
    throw error instanceof DicomError ? new AppError('invalid-dicom', error.message, { cause: error }) : error;
  }
}

/** What the row of an instance tells of its file. @throws {AppError} `invalid-dicom` */
export function fileColumnsOf({ part10, pixelData }: Header): FileColumns {
  const hasPixels = hasPicture(part10, pixelData) && describedPixels(part10) !== undefined;
  return {
    transfer_syntax_uid: part10.transferSyntaxUid,
    // The pixels of a deflated object stand nowhere in the file itself: 0 says that they are there.
    pixel_offset: pixelData?.offset ?? (hasPixels ? 0 : null),
    pixel_length: pixelData?.length ?? null,
    dicom_json: stringifyDicomJson(
      toDicomJson(
        { ...part10.meta, ...part10.dataSet },
        { bulkDataUri: (path, length) => (length > MAX_INLINE_BYTES ? `#${path}` : undefined) },
      ),
    ),
  };
}

type FileColumns = Pick<InstanceRow, 'transfer_syntax_uid' | 'pixel_offset' | 'pixel_length' | 'dicom_json'>;

function instanceRow(header: Header, identity: Identity, createdAt: string): Described['row'] {
  const { part10, pixelData } = header;
  const pixels = hasPicture(part10, pixelData) ? describedPixels(part10) : undefined;
  const { dataSet } = part10;
  return {
    ...fileColumnsOf(header),
    sop_instance_uid: identity.sopInstanceUid,
    series_instance_uid: identity.seriesInstanceUid,
    study_instance_uid: identity.studyInstanceUid,
    sop_class_uid: identity.sopClassUid,
    instance_number: identity.instanceNumber ?? null,
    number_of_frames: pixels?.numberOfFrames ?? 1,
    rows: pixels?.rows ?? null,
    columns: pixels?.columns ?? null,
    bits_allocated: numberOf(dataSet, Tag.BitsAllocated) ?? null,
    window_center: numberOf(dataSet, Tag.WindowCenter) ?? null,
    window_width: numberOf(dataSet, Tag.WindowWidth) ?? null,
    is_derived: textsOf(dataSet, Tag.ImageType)[0] === 'DERIVED' ? 1 : 0,
    created_at: createdAt,
  };
}

/** Whether the object holds pixels that this program can describe: 64-bit ones are kept, but not shown. */
function hasPicture({ dataSet, transferSyntaxUid }: Part10, pixelData: Header['pixelData']): boolean {
  if (transferSyntaxUid === DeflatedExplicitVrLittleEndian) return numberOf(dataSet, Tag.Rows) !== undefined;
  return pixelData !== null && pixelData.vr !== 'OD';
}

function describedPixels(part10: Part10): ReturnType<typeof describePixels> {
  try {
    return describePixels(part10);
  } catch (error) {
    throw error instanceof DicomError ? new AppError('invalid-dicom', error.message, { cause: error }) : error;
  }
}

/** Takes the instance back, by failing, if its study belongs to another patient's record. */
async function requirePatient(tx: Tx, { study_instance_uid }: InstanceRow, patientKey: string): Promise<void> {
  const holder = await findStudyPatient(tx, study_instance_uid);
  if (holder?.patient_key !== patientKey) throw new AppError('conflicting-instance', 'The object belongs to another patient');
}

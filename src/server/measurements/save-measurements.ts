import { Readable } from 'node:stream';
import type { Measurement, MeasurementInput } from '../../contract/measurements.ts';
import { textOf } from '../../dicom/data-set.ts';
import { fromDicomJson } from '../../dicom/dicom-json.ts';
import { parsePart10 } from '../../dicom/parse.ts';
import { Tag } from '../../dicom/tags.ts';
import { ExplicitVrLittleEndian } from '../../dicom/uids.ts';
import { writePart10 } from '../../dicom/write.ts';
import { canonicalMeasurement, problemOfMeasurement, writeMeasurements } from '../../reporting/write-measurements.ts';
import { appendEvent } from '../events/append-event.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError, type FieldError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { findInstance } from '../studies/queries.ts';
import { type StoreDeps, storeInstance } from '../studies/store-instance.ts';
import { findAnyImage, type ImageRow, listHeaders, listImages } from './queries.ts';
import { type PresentReport, readPresentReport, reportOf } from './read-measurements.ts';
import { measurementSeriesUid, nextReportUid } from './report-chain.ts';

export type MeasurementDeps = StoreDeps & { db: Db };
type Saving = { studyInstanceUid: string; items: readonly MeasurementInput[]; ifMatch: string | undefined; principal: Principal };

/** The ETag of a version of a study's measurements. */
export function etagOf(version: string | null): string {
  return `"${version ?? 'none'}"`;
}

/**
 * Saves the measurements of a study as a new report after the one that they were made from. What did not change keeps its author. Saving
 * what is saved already makes no report.
 *
 * @throws {AppError} `study-not-found`, `precondition-required` without `ifMatch`, `precondition-failed` if somebody else was first,
 * `invalid-request` with the items
 */
export async function saveMeasurements(deps: MeasurementDeps, saving: Saving): Promise<PresentReport> {
  const { studyInstanceUid, ifMatch } = saving;
  const image = await findAnyImage(deps.db, studyInstanceUid);
  if (!image) throw new AppError('study-not-found', `No study ${studyInstanceUid}`);
  if (ifMatch === undefined) throw new AppError('precondition-required', 'Name the version that was read in If-Match');
  const images = await requireImages(deps.db, saving);
  const present = await readPresentReport(deps, studyInstanceUid);
  const items = authored(saving, present.items, deps.now());
  if (isSame(items, present.items)) return present;
  if (ifMatch !== etagOf(present.version)) throw lostRace();
  const document = writeMeasurements({
    studyInstanceUid,
    seriesInstanceUid: measurementSeriesUid(studyInstanceUid),
    sopInstanceUid: nextReportUid(studyInstanceUid, present.version),
    predecessor: present.version,
    at: deps.now().toISOString(),
    observer: saving.principal.full_name,
    items,
    images: new Map(images.map((row) => [row.sop_instance_uid, row])),
    // Written by `storeInstance` from a data set.
    of: fromDicomJson(JSON.parse(image.dicom_json) as object),
  });
  const part10 = writePart10({ dataSet: document, transferSyntaxUid: ExplicitVrLittleEndian });
  await store(deps, { studyInstanceUid, part10, sopInstanceUid: nextReportUid(studyInstanceUid, present.version), count: items.length });
  return reportOf(parsePart10(part10).dataSet);
}

type Storing = { studyInstanceUid: string; sopInstanceUid: string; part10: Uint8Array; count: number };

async function store(deps: MeasurementDeps, { studyInstanceUid, sopInstanceUid, part10, count }: Storing): Promise<void> {
  const tell: StoreDeps['tell'] = async (tx) => {
    tellAudit(tx, { details: { measurements: count } });
    const at = deps.now().toISOString();
    await appendEvent(tx, {
      type: 'measurements_saved',
      study_instance_uid: studyInstanceUid,
      at,
      ids: { sop_instance_uid: sopInstanceUid },
    });
  };
  try {
    // What this program has just written holds no virus.
    await storeInstance({ ...deps, scan: undefined, tell, onlyStudy: studyInstanceUid }, Readable.from([part10]));
  } catch (error) {
    const isTaken = error instanceof AppError && error.kind === 'conflicting-instance' && (await findInstance(deps.db, sopInstanceUid));
    throw isTaken ? lostRace() : error;
  }
}

function lostRace(): AppError {
  return new AppError('precondition-failed', 'Somebody has saved measurements since these were read; read them again');
}

/** @throws {AppError} `invalid-request` that names each item which cannot be saved */
async function requireImages(db: Db, { studyInstanceUid, items }: Saving): Promise<ImageRow[]> {
  const images = await listImages(db, studyInstanceUid, [...new Set(items.map((item) => item.sop_instance_uid))]);
  const inSpace = items.filter((item) => item.frame_of_reference_uid !== undefined).map((item) => item.sop_instance_uid);
  const spaces = await framesOfReference(db, { studyInstanceUid, sopInstanceUids: [...new Set(inSpace)] });
  const frames = new Map(images.map((row) => [row.sop_instance_uid, row.number_of_frames]));
  const fields = items.flatMap((item, index): FieldError[] => {
    const problem = problemOfMeasurement(item);
    if (problem) return [{ field: `body/items/${index}/${problem.field}`, message: problem.message }];
    const count = frames.get(item.sop_instance_uid);
    if (count === undefined) return [{ field: `body/items/${index}/sop_instance_uid`, message: 'is no picture of this study' }];
    if (item.frame > count) return [{ field: `body/items/${index}/frame`, message: `the picture has ${count}` }];
    const space = item.frame_of_reference_uid;
    if (space === undefined || spaces.get(item.sop_instance_uid) === space) return [];
    return [{ field: `body/items/${index}/frame_of_reference_uid`, message: 'is not that of the picture' }];
  });
  if (fields.length > 0) throw new AppError('invalid-request', 'Some measurements cannot be saved', { fields });
  return images;
}

/** Of the named instances, by SOP Instance UID. */
async function framesOfReference(
  db: Db,
  { studyInstanceUid, sopInstanceUids }: { studyInstanceUid: string; sopInstanceUids: readonly string[] },
): Promise<Map<string, string | undefined>> {
  const rows = await listHeaders(db, studyInstanceUid, sopInstanceUids);
  return new Map(
    rows.map(({ sop_instance_uid, dicom_json }) => {
      // Written by `storeInstance` from a data set.
      const dataSet = fromDicomJson(JSON.parse(dicom_json) as object);
      return [sop_instance_uid, textOf(dataSet, Tag.FrameOfReferenceUID)];
    }),
  );
}

/** The items with who made each: whoever did, as long as it stays as it was. */
function authored({ items, principal }: Saving, present: readonly Measurement[], now: Date): Measurement[] {
  const known = new Map(present.map((item) => [keyOf(item), item]));
  return items.map((item) => {
    const canonical = canonicalMeasurement(item);
    const held = known.get(keyOf(canonical));
    return held ?? { ...canonical, author: principal.full_name, measured_at: now.toISOString() };
  });
}

function keyOf({
  tracking_uid,
  label,
  kind,
  sop_instance_uid,
  frame,
  frame_of_reference_uid,
  points,
  values,
  comment,
}: MeasurementInput): string {
  const numbers = values.map(({ quantity, value, unit }) => [quantity, value, unit]);
  return JSON.stringify([tracking_uid, label, kind, sop_instance_uid, frame, frame_of_reference_uid, points, numbers, comment]);
}

function isSame(items: readonly Measurement[], present: readonly Measurement[]): boolean {
  return items.length === present.length && items.every((item, index) => item === present[index]);
}

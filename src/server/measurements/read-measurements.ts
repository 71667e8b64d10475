import type { ForeignMeasurement, StudyMeasurements } from '../../contract/measurements.ts';
import { type DataSet, textOf } from '../../dicom/data-set.ts';
import { fromDicomJson } from '../../dicom/dicom-json.ts';
import { parsePart10 } from '../../dicom/parse.ts';
import { Tag } from '../../dicom/tags.ts';
import { predecessorsOf, readForeignMeasurements, readMeasurements } from '../../reporting/read-measurements.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore, Db } from '../platform/ports.ts';
import { findInstance, hasStudy } from '../studies/queries.ts';
import { listReportsOfOthers } from './queries.ts';
import { findPresentReport, measurementSeriesUid } from './report-chain.ts';

export type PresentReport = Omit<StudyMeasurements, 'others'>;

/** The measurements of a study and those that other programs report. @throws {AppError} `study-not-found` */
export async function readStudyMeasurements(deps: { db: Db; blobs: BlobStore }, studyInstanceUid: string): Promise<StudyMeasurements> {
  if (!(await hasStudy(deps.db, studyInstanceUid))) throw new AppError('study-not-found', `No study ${studyInstanceUid}`);
  return { ...(await readPresentReport(deps, studyInstanceUid)), others: await readOthers(deps.db, studyInstanceUid) };
}

/** What the present report of the study holds, read from its file. */
export async function readPresentReport({ db, blobs }: { db: Db; blobs: BlobStore }, studyInstanceUid: string): Promise<PresentReport> {
  const uid = await findPresentReport(db, studyInstanceUid);
  const instance = uid === null ? undefined : await findInstance(db, uid);
  if (!instance) return { version: null, saved_at: null, items: [] };
  return reportOf(parsePart10(await blobs.read(instance.blob_key)).dataSet);
}

/** A report of ours as the contract has it. */
export function reportOf(document: DataSet): PresentReport {
  const [date, time] = [textOf(document, Tag.ContentDate) ?? '', textOf(document, Tag.ContentTime) ?? ''];
  const at = new Date(
    `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`,
  );
  return {
    version: textOf(document, Tag.SOPInstanceUID) ?? null,
    saved_at: Number.isNaN(at.getTime()) ? null : at.toISOString(),
    items: readMeasurements(document),
  };
}

async function readOthers(db: Db, studyInstanceUid: string): Promise<ForeignMeasurement[]> {
  const exceptSeries = measurementSeriesUid(studyInstanceUid);
  const reports = (await listReportsOfOthers(db, { studyInstanceUid, exceptSeries })).map((json) =>
    // Written by `storeInstance` from a data set.
    fromDicomJson(JSON.parse(json) as object),
  );
  const superseded = new Set(reports.flatMap(predecessorsOf));
  return reports.filter((report) => !superseded.has(textOf(report, Tag.SOPInstanceUID) ?? '')).flatMap(readForeignMeasurements);
}

import type { DeidentificationReport } from '../../contract/deidentification.ts';
import { readIdentity } from '../../dicom/identity.ts';
import { parsePart10 } from '../../dicom/parse.ts';
import type { BlobStore, Db } from '../platform/ports.ts';
import { inflateRaw } from '../studies/read-arrival.ts';
import { deidentifyInstance, type InstanceDeps, type InstanceRequest } from './deidentify-instance.ts';
import { listObjects, listStudyUids } from './repository.ts';

/** A file of an export: its place below the folder, without anything that names a patient, and its bytes; or why it is left out. */
export type ExportedFile =
  | { status: 'exported'; path: string; bytes: Uint8Array; report?: DeidentificationReport }
  | { status: 'refused'; sop_instance_uid: string; reason: string };

/** All studies of the tenant, for an export of everything. */
export async function listExportableStudies(db: Db): Promise<string[]> {
  return listStudyUids(db);
}

/** The objects of a study as they are stored, one file each. */
export async function* exportStudy({ db, blobs }: { db: Db; blobs: BlobStore }, studyInstanceUid: string): AsyncGenerator<ExportedFile> {
  for (const { series_instance_uid, sop_instance_uid, blob_key } of await listObjects(db, studyInstanceUid)) {
    const path = pathOf(studyInstanceUid, series_instance_uid, sop_instance_uid);
    yield { status: 'exported', path, bytes: await blobs.read(blob_key) };
  }
}

/** The objects of a study de-identified, in any order, as many in work as there are threads. Nothing is stored. */
export async function* exportDeidentified(
  deps: InstanceDeps,
  studyInstanceUid: string,
  request: InstanceRequest,
): AsyncGenerator<ExportedFile> {
  const waiting = await listObjects(deps.db, studyInstanceUid);
  const running: Promise<ExportedFile>[] = [];
  const begin = (): void => {
    const object = waiting.shift();
    if (object !== undefined) running.push(exportObject(deps, object, request));
  };
  for (let thread = 0; thread < deps.deidentifier.threads; thread += 1) begin();
  for (let next = running.shift(); next !== undefined; next = running.shift()) {
    const file = await next;
    begin();
    yield file;
  }
}

async function exportObject(
  deps: InstanceDeps,
  { sop_instance_uid, blob_key }: { sop_instance_uid: string; blob_key: string },
  request: InstanceRequest,
): Promise<ExportedFile> {
  const outcome = await deidentifyInstance(deps, blob_key, request);
  if (outcome.status === 'refused') return { status: 'refused', sop_instance_uid, reason: outcome.reason };
  const identity = readIdentity(parsePart10(outcome.file, { inflateRaw, until: '7FE00008' }));
  const path = pathOf(identity.studyInstanceUid, identity.seriesInstanceUid, identity.sopInstanceUid);
  return { status: 'exported', path, bytes: outcome.file, report: outcome.report };
}

function pathOf(study: string, series: string, instance: string): string {
  return `${study}/${series}/${instance}.dcm`;
}

import {
  BASIC_PROFILE,
  type Deidentification,
  type DeidentificationOptions,
  type DeidentificationReport,
  type NewDeidentification,
} from '../../contract/deidentification.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, TenantJobs } from '../platform/ports.ts';
import { openText, sealText } from '../platform/sealed-text.ts';
import type { TenantKeys } from '../platform/tenant-keys.ts';
import { markDeidentified } from '../studies/label-study.ts';
import { hasStudy } from '../studies/queries.ts';
import { type StoreDeps, storeInstance } from '../studies/store-instance.ts';
import { deidentifyInstance, type InstanceDeps } from './deidentify-instance.ts';
import {
  type DeidentificationRow,
  deidentificationOf,
  getDeidentification,
  insertDeidentification,
  listObjects,
  type StoredObject,
  updateDeidentification,
} from './repository.ts';

type RequestDeps = { db: Db; jobs: TenantJobs; keys: TenantKeys; now: () => Date };
export type StudyDeps = InstanceDeps & StoreDeps;

/**
 * Asks for a de-identified copy of a study; a job makes it.
 *
 * @throws {AppError} `study-not-found`; `invalid-request` where UIDs are to be retained: two objects cannot have one UID
 */
export async function requestDeidentification(
  deps: RequestDeps,
  principal: Pick<Principal, 'user_id'>,
  { studyInstanceUid, body }: { studyInstanceUid: string; body: NewDeidentification },
): Promise<Deidentification> {
  const options: DeidentificationOptions = { ...BASIC_PROFILE, ...body.options };
  if (options.retain_uids)
    throw new AppError('invalid-request', 'A copy that is stored here needs UIDs of its own; exports may retain them');
  if (!(await hasStudy(deps.db, studyInstanceUid))) throw new AppError('study-not-found', `No study ${studyInstanceUid}`);
  const now = deps.now();
  const row = newId(now);
  const secret = body.secret === undefined ? null : sealText(deps.keys, { table: 'deidentification', column: 'secret', row }, body.secret);
  const made: DeidentificationRow = {
    id: row,
    study_instance_uid: studyInstanceUid,
    options: JSON.stringify(options),
    project: body.project ?? '',
    patient_id: body.patient_id ?? null,
    secret,
    status: 'queued',
    result_study_instance_uid: null,
    stored_count: 0,
    refused: '[]',
    report_blob_key: null,
    requested_by: principal.user_id,
    created_at: now.toISOString(),
    finished_at: null,
  };
  await deps.db.transaction().execute(async (tx) => {
    await insertDeidentification(tx, made);
    await deps.jobs.enqueue(tx, 'deidentify-study', { deidentification_id: row }, { key: row });
  });
  return deidentificationOf(made);
}

/**
 * Makes the copy: each object is de-identified, searched and stored; the study then gets its label. What is refused is told and left out.
 * Safe to repeat: the same objects become the same copies, which are held already.
 */
export async function runDeidentification(deps: StudyDeps, id: string, signal?: AbortSignal): Promise<void> {
  const asked = await getDeidentification(deps.db, id);
  if (asked.finished_at !== null) return;
  await deps.db.transaction().execute((tx) => updateDeidentification(tx, id, { status: 'running' }));
  const row = id;
  const secret =
    asked.secret === null ? undefined : await openText(deps.keys, { table: 'deidentification', column: 'secret', row }, asked.secret);
  const done = await copyObjects(deps, await listObjects(deps.db, asked.study_instance_uid), {
    options: parseColumn<DeidentificationOptions>(asked.options),
    project: asked.project,
    patientId: asked.patient_id ?? undefined,
    secret,
    signal,
  });
  const report = await deps.blobs.put(once(Buffer.from(JSON.stringify({ items: done.reports }))));
  const at = deps.now().toISOString();
  await deps.db.transaction().execute(async (tx) => {
    if (done.studyInstanceUid !== null) await markDeidentified(tx, done.studyInstanceUid, at);
    await updateDeidentification(tx, id, {
      status: done.stored === 0 ? 'failed' : done.refused.length > 0 ? 'incomplete' : 'complete',
      result_study_instance_uid: done.studyInstanceUid,
      stored_count: done.stored,
      refused: JSON.stringify(done.refused),
      report_blob_key: report.key,
      secret: null,
      finished_at: at,
    });
  });
}

type Copied = { stored: number; studyInstanceUid: string | null; refused: Deidentification['refused']; reports: DeidentificationReport[] };
type CopyRequest = Parameters<typeof deidentifyInstance>[2];

/** As many at a time as there are threads. */
async function copyObjects(deps: StudyDeps, objects: readonly StoredObject[], request: CopyRequest): Promise<Copied> {
  const copied: Copied = { stored: 0, studyInstanceUid: null, refused: [], reports: [] };
  const waiting = [...objects];
  const work = async (): Promise<void> => {
    for (let object = waiting.shift(); object !== undefined; object = waiting.shift()) {
      request.signal?.throwIfAborted();
      await copyObject(deps, object, { request, copied });
    }
  };
  await Promise.all(Array.from({ length: deps.deidentifier.threads }, work));
  return copied;
}

async function copyObject(
  deps: StudyDeps,
  { sop_instance_uid, blob_key }: StoredObject,
  { request, copied }: { request: CopyRequest; copied: Copied },
): Promise<void> {
  const outcome = await deidentifyInstance(deps, blob_key, request);
  if (outcome.report) copied.reports.push(outcome.report);
  if (outcome.status === 'refused') {
    copied.refused.push({ sop_instance_uid, reason: outcome.reason });
    return;
  }
  try {
    const stored = await storeInstance(deps, once(outcome.file));
    copied.stored += 1;
    copied.studyInstanceUid = stored.study_instance_uid;
  } catch (error) {
    // The same object, de-identified otherwise before: another project gives it other UIDs.
    if (!(error instanceof AppError) || error.kind !== 'conflicting-instance') throw error;
    copied.refused.push({ sop_instance_uid, reason: 'held already, de-identified with other options; name another project' });
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

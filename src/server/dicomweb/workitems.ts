import type { DicomJson } from '../../dicom/dicom-json.ts';
import { AppError } from '../platform/errors.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, TenantJobs, Tx } from '../platform/ports.ts';
import { canceledAt, changedBy, createdFrom, isComplete, startOf, studyOf, textOf, Ups } from './workitem-attributes.ts';
import { type Report, reportsOf, tellSubscribers, wakeChannels } from './workitem-events.ts';
import { findWorkitem, insertWorkitem, listSubscribers, replaceWorkitem, type WorkitemRow } from './workitem-repository.ts';
import { ANALYSIS_PERFORMER, isFinal, refused, requireUpdatable, transitionOf, type WorkitemState } from './workitem-state.ts';
import { subscribersOfNew } from './workitem-subscriptions.ts';

export type WorkitemDeps = {
  db: Db;
  now: () => Date;
  jobs: TenantJobs;
};
/** Work that an analysis of ours does, named by what it works on. */
export type OwnWork = { inputDigest: string };

/**
 * Creates a workitem, for which everybody who subscribes to the worklist is subscribed.
 *
 * @throws {AppError} `invalid-request`, `wrong-state` if there is one of that UID
 */
export async function createWorkitem(
  { db, now }: WorkitemDeps,
  { uid, json: given, own }: { uid: string; json: DicomJson; own?: OwnWork },
): Promise<DicomJson> {
  const at = now();
  const json = createdFrom(given, uid, at);
  await db.transaction().execute(async (tx) => {
    if (await findWorkitem(tx, uid)) throw refused('The Workitem already exists');
    await insertWorkitem(tx, {
      sop_instance_uid: uid,
      study_instance_uid: studyOf(json) ?? null,
      state: 'SCHEDULED',
      transaction_uid: null,
      performer: null,
      input_digest: own?.inputDigest ?? null,
      start_at: startOf(json),
      attributes: JSON.stringify(json),
      revision: 0,
      created_at: at.toISOString(),
      finished_at: null,
    });
    await subscribersOfNew(tx, uid, json);
    await tellSubscribers(tx, uid, { reports: reportsOf(undefined, json), now: at });
  });
  wakeChannels();
  return json;
}

/** @throws {AppError} `not-found` */
export async function getWorkitem(db: Db | Tx, uid: string): Promise<{ row: WorkitemRow; json: DicomJson }> {
  const row = await findWorkitem(db, uid);
  if (!row) throw new AppError('not-found', `No workitem ${uid}`);
  return { row, json: parseColumn<DicomJson>(row.attributes) };
}

/**
 * Replaces attributes of a workitem.
 *
 * @param transaction of the performer, once the workitem is claimed
 * @throws {AppError} `not-found`, `invalid-request`, `wrong-state`
 */
export async function updateWorkitem(
  deps: WorkitemDeps,
  uid: string,
  { changes, transaction }: { changes: DicomJson; transaction: string | undefined },
): Promise<void> {
  await change(deps, uid, ({ row, json }, at) => {
    requireUpdatable(row, transaction);
    return { json: changedBy(json, changes, at) };
  });
}

export type StateChange = { state: WorkitemState; transaction: string | undefined; performer: string };

/**
 * Claims, completes or cancels a workitem.
 *
 * @returns `done` if it is in that state already
 * @throws {AppError} `not-found`, `wrong-state`
 */
export async function changeWorkitemState(
  deps: WorkitemDeps,
  uid: string,
  { state, transaction, performer }: StateChange,
): Promise<'change' | 'done'> {
  let result: 'change' | 'done' = 'change';
  await change(deps, uid, async ({ row, json }, at, tx) => {
    result = transitionOf(row, state, transaction);
    if (result === 'done') return undefined;
    if (state === 'COMPLETED' && !isComplete(json)) throw refused('The final state requirements are not met');
    if (state === 'CANCELED') await analyzeInstead(tx, deps, row);
    const claim = state === 'IN PROGRESS' ? { transaction_uid: transaction ?? null, performer } : {};
    return { json: inState(state === 'CANCELED' ? canceledAt(json, at) : json, state), columns: claim };
  });
  return result;
}

/**
 * Cancels a workitem that nobody has claimed; of one in progress, tells the performer that somebody wishes so (PS3.4 CC.2.2).
 *
 * @param wish the reason, and whom to ask about it
 * @throws {AppError} `not-found`, `wrong-state` if it is finished, or the performer cannot be reached
 */
export async function requestCancellation(deps: WorkitemDeps, uid: string, wish: DicomJson): Promise<void> {
  await change(deps, uid, async ({ row, json }, at, tx) => {
    if (row.state === 'COMPLETED') throw refused('The UPS is already COMPLETED');
    if (row.state === 'CANCELED') throw refused('The UPS is already in the requested state of CANCELED');
    if (row.performer === ANALYSIS_PERFORMER) throw refused('The performer chooses not to cancel');
    if (row.state === 'SCHEDULED') return { json: inState(canceledAt(json, at, wish), 'CANCELED') };
    if ((await listSubscribers(tx, uid)).length === 0) throw refused('The performer cannot be contacted');
    return { reports: [{ kind: 'cancel', json: wish }] };
  });
}

/** What another performer gives up of the analysis, this server does. */
async function analyzeInstead(tx: Tx, { jobs }: WorkitemDeps, { input_digest, performer, study_instance_uid }: WorkitemRow): Promise<void> {
  if (input_digest === null || performer === ANALYSIS_PERFORMER || study_instance_uid === null) return;
  await jobs.enqueue(tx, 'analyze-study', { study_instance_uid }, { key: study_instance_uid });
}

type Held = { row: WorkitemRow; json: DicomJson };
/** What becomes of a workitem; without `json` it stays as it is. */
type Outcome = { json?: DicomJson; columns?: Partial<WorkitemRow>; reports?: Report[] } | undefined;

async function change(
  { db, now }: WorkitemDeps,
  uid: string,
  decide: (held: Held, at: Date, tx: Tx) => Outcome | Promise<Outcome>,
): Promise<void> {
  const at = now();
  await db.transaction().execute(async (tx) => {
    const held = await getWorkitem(tx, uid);
    const outcome = await decide(held, at, tx);
    if (!outcome) return;
    const { json, columns = {}, reports = json ? reportsOf(held.json, json) : [] } = outcome;
    if (json && !(await replaceWorkitem(tx, held.row, { ...columnsOf(json, at), ...columns })))
      throw refused('The workitem was changed at the same time');
    await tellSubscribers(tx, uid, { reports, now: at });
  });
  wakeChannels();
}

function columnsOf(json: DicomJson, at: Date): Partial<WorkitemRow> {
  // Written by `inState` alone.
  const state = textOf(json, Ups.ProcedureStepState) as WorkitemState;
  return {
    state,
    study_instance_uid: studyOf(json) ?? null,
    start_at: startOf(json),
    attributes: JSON.stringify(json),
    finished_at: isFinal(state) ? at.toISOString() : null,
  };
}

function inState(json: DicomJson, state: WorkitemState): DicomJson {
  return { ...json, [Ups.ProcedureStepState]: { vr: 'CS', Value: [state] } };
}

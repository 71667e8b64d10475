import type {
  CriticalResult,
  ListedCriticalResult,
  listCriticalResults,
  markCriticalResult,
  tellCriticalResult,
} from '../../contract/critical-results.ts';
import type { Input } from '../../contract/endpoint.ts';
import { appendEvent } from '../events/append-event.ts';
import { listFindings } from '../findings/queries.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Db } from '../platform/ports.ts';
import { hasStudy } from '../studies/queries.ts';
import { type CriticalRow, findCritical, insertCritical, listCriticalRows, listStudyNames, updateCritical } from './critical-repository.ts';

/** Minutes in which somebody has to be told, by category. */
export type CriticalLimits = Readonly<Record<CriticalRow['category'], number>>;
export type CriticalDeps = { db: Db; now: () => Date };

/** Somebody has yet to be told, or to confirm it. */
const WAITING = ['open', 'told'] as const;
const PAGE = 50;
const MINUTE_MS = 60_000;
/** Clocks of two computers differ. */
const AHEAD_MS = 2 * MINUTE_MS;

export async function listCritical(
  { db, now }: CriticalDeps,
  query: Input<typeof listCriticalResults>['query'],
): Promise<{ items: ListedCriticalResult[]; next_cursor: string | null }> {
  const limit = query.limit ?? PAGE;
  const at = now().toISOString();
  const rows = await listCriticalRows(db, {
    statuses: query.status === undefined ? undefined : query.status === 'waiting' ? WAITING : [query.status],
    dueBefore: query.overdue ? at : undefined,
    studyInstanceUid: query.study_instance_uid,
    after: query.cursor === undefined ? undefined : readCursor(query.cursor),
    limit: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const names = new Map((await listStudyNames(db, [...new Set(page.map(uidOf))])).map((study) => [uidOf(study), study]));
  // A study that was deleted in between has none: its results are nobody's.
  const items = page.flatMap((row) => {
    const study = names.get(uidOf(row));
    if (!study) return [];
    const { name, patient_id, description, modalities } = study;
    return [
      {
        ...resultOf(row, at),
        patient_name: name,
        patient_id,
        study_description: description,
        modalities: modalities.split(',').filter(Boolean),
      },
    ];
  });
  return { items, next_cursor: rows.length > limit && last ? `${last.due_at}_${last.id}` : null };
}

/** @throws {AppError} `study-not-found`, `finding-not-found` for a finding that is not of the study */
export async function markCritical(
  { db, now, limits }: CriticalDeps & { limits: CriticalLimits },
  principal: Principal,
  { studyInstanceUid, category, text, finding_id }: { studyInstanceUid: string } & Input<typeof markCriticalResult>['body'],
): Promise<CriticalResult> {
  return db.transaction().execute(async (tx) => {
    if (!(await hasStudy(tx, studyInstanceUid))) throw new AppError('study-not-found', `No study ${studyInstanceUid}`);
    const isOfStudy = finding_id === undefined || (await listFindings(tx, studyInstanceUid)).some(({ id }) => id === finding_id);
    if (!isOfStudy) throw new AppError('finding-not-found', `No finding ${finding_id} of this study`);
    const at = now();
    const row: CriticalRow = {
      id: newId(at),
      study_instance_uid: studyInstanceUid,
      finding_id: finding_id ?? null,
      category,
      text,
      status: 'open',
      due_at: new Date(at.getTime() + limits[category] * MINUTE_MS).toISOString(),
      marked_by: principal.full_name,
      marked_at: at.toISOString(),
      told_to: null,
      told_by: null,
      told_at: null,
      told_how: null,
      read_back: 0,
      acknowledged_by: null,
      acknowledged_at: null,
      reason: null,
    };
    await insertCritical(tx, row);
    tellAudit(tx, { details: { decision: category } });
    await appendEvent(tx, {
      type: 'critical_result_marked',
      study_instance_uid: studyInstanceUid,
      at: row.marked_at,
      ids: { critical_result_id: row.id },
    });
    return resultOf(row, row.marked_at);
  });
}

/** @throws {AppError} `not-found`, `wrong-state` unless it is open or told, `invalid-request` for a time before it was marked or that is to come */
export async function tellCritical(
  deps: CriticalDeps,
  principal: Principal,
  { id, told_at, ...told }: { id: string } & Input<typeof tellCriticalResult>['body'],
): Promise<CriticalResult> {
  const at = deps.now();
  const when = told_at === undefined ? at : new Date(told_at);
  if (when.getTime() > at.getTime() + AHEAD_MS) throw new AppError('invalid-request', 'The time is still to come');
  return changeCritical(deps, { id, from: ['open', 'told'], event: 'critical_result_told', at }, (row) => {
    if (when.getTime() < Date.parse(row.marked_at) - AHEAD_MS) throw new AppError('invalid-request', 'The time is before it was marked');
    return { ...told, read_back: told.read_back ? 1 : 0, told_at: when.toISOString(), told_by: principal.full_name, status: 'told' };
  });
}

/** @throws {AppError} `not-found`, `wrong-state` unless somebody was told */
export async function acknowledgeCritical(
  deps: CriticalDeps,
  { id, acknowledged_by }: { id: string; acknowledged_by: string },
): Promise<CriticalResult> {
  const at = deps.now();
  return changeCritical(deps, { id, from: ['told'], event: 'critical_result_acknowledged', at }, () => ({
    status: 'acknowledged',
    acknowledged_by,
    acknowledged_at: at.toISOString(),
  }));
}

/** @throws {AppError} `not-found`, `wrong-state` if it is closed */
export async function withdrawCritical(deps: CriticalDeps, { id, reason }: { id: string; reason: string }): Promise<CriticalResult> {
  const at = deps.now();
  return changeCritical(deps, { id, from: ['open', 'told'], event: 'critical_result_withdrawn', at }, () => ({
    status: 'withdrawn',
    reason,
  }));
}

type Step = {
  id: string;
  from: readonly CriticalRow['status'][];
  event: 'critical_result_told' | 'critical_result_acknowledged' | 'critical_result_withdrawn';
  at: Date;
};

async function changeCritical(
  { db }: CriticalDeps,
  { id, from, event, at }: Step,
  change: (row: CriticalRow) => Partial<CriticalRow>,
): Promise<CriticalResult> {
  return db.transaction().execute(async (tx) => {
    const row = await findCritical(tx, id);
    if (!row) throw new AppError('not-found', `No critical result ${id}`);
    const changed = { ...row, ...change(row) };
    if (!(await updateCritical(tx, { id, from }, changed))) throw new AppError('wrong-state', `It is ${row.status} already`);
    tellAudit(tx, { details: { decision: changed.status } });
    const time = at.toISOString();
    await appendEvent(tx, { type: event, study_instance_uid: row.study_instance_uid, at: time, ids: { critical_result_id: id } });
    return resultOf(changed, time);
  });
}

function resultOf(row: CriticalRow, at: string): CriticalResult {
  return { ...row, read_back: row.read_back === 1, is_overdue: row.status === 'open' && row.due_at < at };
}

function uidOf({ study_instance_uid }: { study_instance_uid: string }): string {
  return study_instance_uid;
}

function readCursor(cursor: string): { due: string; id: string } {
  const match = /^(\d{4}-\d{2}-\d{2}T[\d:.]+Z)_([0-9a-f-]{36})$/.exec(cursor);
  if (!match?.[1] || !match[2]) throw new AppError('invalid-request', 'The cursor is not one of this list');
  return { due: match[1], id: match[2] };
}

import type { Input } from '../../contract/endpoint.ts';
import type { BreakGlass, breakGlass } from '../../contract/identity-users.ts';
import { reachOf } from '../../contract/permission.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Scope } from '../platform/scope.ts';
import {
  assignForEmergency,
  type BreakGlassRow,
  endBreakGlass,
  findBreakGlass,
  hasStudies,
  insertBreakGlass,
  insertNotice,
  listBreakGlass,
  listExpired,
  listUnassignedStudies,
} from './break-glass-repository.ts';
import type { Identity } from './identity.ts';

const DEFAULT_MINUTES = 60;

/**
 * Lets somebody who sees only assigned studies see a study, or all present studies of a patient, for a limited time. The access, its
 * reason and the notice to the administrators are written in one transaction.
 *
 * @throws {AppError} `study-not-found`, `wrong-state` if the studies are assigned already or the role needs no assignment, `invalid-request` unless exactly one of study and patient is named
 */
export async function openBreakGlass(
  { now }: Pick<Identity, 'now'>,
  { db }: Pick<Scope, 'db'>,
  { principal, wanted }: { principal: Principal; wanted: Input<typeof breakGlass>['body'] },
): Promise<BreakGlass> {
  const { study_instance_uid: study = null, patient_id: patient = null, reason, minutes = DEFAULT_MINUTES } = wanted;
  if (principal.kind !== 'user') throw new AppError('forbidden', 'Emergency access is for people');
  if (reachOf(principal.role, 'study:read') !== 'assigned')
    throw new AppError('wrong-state', `What the role ${principal.role} sees does not depend on assignment`);
  if ((study === null) === (patient === null)) throw new AppError('invalid-request', 'Name a study or a patient, and not both');
  const at = now();
  const row: BreakGlassRow = {
    id: newId(at),
    user_id: principal.user_id,
    study_instance_uid: study,
    patient_key: patient,
    reason,
    created_at: at.toISOString(),
    expires_at: new Date(at.getTime() + minutes * 60_000).toISOString(),
    ended_at: null,
  };
  await db.transaction().execute(async (tx) => {
    if (!(await hasStudies(tx, { study, patient })))
      throw new AppError('study-not-found', 'There is no such study, or the patient has none');
    const studies = await listUnassignedStudies(tx, { userId: principal.user_id, study, patient });
    if (studies.length === 0) throw new AppError('wrong-state', 'These studies are assigned to you already');
    await insertBreakGlass(tx, row);
    await assignForEmergency(tx, studies, { userId: principal.user_id, breakGlassId: row.id, at: row.created_at });
    await insertNotice(tx, row);
  });
  return breakGlassOf({ ...row, username: principal.username });
}

/** Ends the own emergency access. @throws {AppError} `not-found`, for that of others as well */
export async function closeBreakGlass(
  { now }: Pick<Identity, 'now'>,
  { db }: Pick<Scope, 'db'>,
  principal: Principal,
  id: string,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = await findBreakGlass(tx, id);
    if (row?.user_id !== principal.user_id) throw new AppError('not-found', `No emergency access ${id}`);
    await endBreakGlass(tx, id, now().toISOString());
  });
}

/** Takes back access whose time is over, before its holder is served again. */
export async function endExpiredBreakGlass({ systemDb, scope, now }: Identity, { tenant_id, user_id }: Principal): Promise<void> {
  const at = now().toISOString();
  const expired = await listExpired(systemDb, { tenantId: tenant_id, userId: user_id, now: at });
  if (expired.length === 0) return;
  const { db } = await scope(tenant_id);
  await db.transaction().execute(async (tx) => {
    for (const { id, expires_at } of expired) await endBreakGlass(tx, id, expires_at);
  });
}

/** The last first. @param cursor id of the last that was told before */
export async function readBreakGlass(
  { db }: Pick<Scope, 'db'>,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: BreakGlass[]; next_cursor: string | null }> {
  const rows = await listBreakGlass(db, { limit, before: cursor });
  const items = rows.slice(0, limit).map(breakGlassOf);
  return { items, next_cursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

function breakGlassOf({ patient_key, username, ...row }: BreakGlassRow & { username: string | null }): BreakGlass {
  return { ...row, patient_id: patient_key, username: username ?? '' };
}

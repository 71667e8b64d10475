import type { ReadingLock } from '../../contract/reading-list.ts';
import { appendEvent } from '../events/append-event.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { hasStudy } from '../studies/queries.ts';
import { deleteLock, findLock, type LockRow, listReaders, noteFirstOpened, putLock } from './repository.ts';

export type HoldDeps = { db: Db; now: () => Date };
type Held = { lock: ReadingLock; is_own: boolean };

/** A reader whose computer died does not keep a study for longer. The web app renews each minute. */
const HOLD_MS = 5 * 60_000;

/**
 * Opens a study for reading, and says so. Called again it lasts longer, and tells nobody. While another person holds it nothing changes,
 * unless it is taken over: then that person is told. A lock warns; it keeps nobody from writing, as reports guard themselves by their state.
 *
 * @throws {AppError} `study-not-found`, `forbidden` for who is no person of the tenant
 */
export async function holdStudy({ db, now }: HoldDeps, principal: Principal, hold: { uid: string; takeOver: boolean }): Promise<Held> {
  const at = now();
  return db.transaction().execute(async (tx) => {
    if (!(await hasStudy(tx, hold.uid))) throw new AppError('study-not-found', `No study ${hold.uid}`);
    const [self] = await listReaders(tx, principal.id);
    if (!self) throw new AppError('forbidden', 'Only a person who writes reports opens a study for reading');
    const before = await findLock(tx, hold.uid);
    const isHeld = before !== undefined && before.until > at.toISOString();
    if (isHeld && before.user_id !== self.id && !hold.takeOver) return { lock: await lockOf(tx, before), is_own: false };
    const isOwn = isHeld && before.user_id === self.id;
    const row: LockRow = {
      study_instance_uid: hold.uid,
      user_id: self.id,
      since: isOwn ? before.since : at.toISOString(),
      until: new Date(at.getTime() + HOLD_MS).toISOString(),
    };
    await putLock(tx, row);
    if (!isOwn) await tell(tx, row, isHeld ? 'reading_taken_over' : 'reading_begun');
    return { lock: { user_id: self.id, full_name: self.full_name, since: row.since, until: row.until }, is_own: true };
  });
}

/** Ends the own reading of a study. @returns whether it was the own */
export async function releaseStudy({ db, now }: HoldDeps, principal: Principal, uid: string): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const lock = await findLock(tx, uid);
    if (lock?.user_id !== principal.id) return false;
    return endReading(tx, uid, now());
  });
}

/** Ends the reading of a study, whosever it is. @returns whether there was one */
export async function endReading(tx: Tx, uid: string, at: Date): Promise<boolean> {
  if (!(await deleteLock(tx, uid))) return false;
  await appendEvent(tx, { type: 'reading_ended', study_instance_uid: uid, at: at.toISOString() });
  return true;
}

async function tell(tx: Tx, { study_instance_uid, user_id, since }: LockRow, type: 'reading_begun' | 'reading_taken_over'): Promise<void> {
  await noteFirstOpened(tx, study_instance_uid, since);
  await appendEvent(tx, { type, study_instance_uid, at: since, ids: { user_id } });
}

async function lockOf(tx: Tx, { user_id, since, until }: LockRow): Promise<ReadingLock> {
  const [holder] = await listReaders(tx, user_id);
  return { user_id, full_name: holder?.full_name ?? '', since, until };
}

import type { ReadingLevel } from '../../contract/reading-list.ts';
import { appendEvent } from '../events/append-event.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { hasStudy } from '../studies/queries.ts';
import { putLevel } from './repository.ts';
import { placeStudy } from './track-study.ts';

/**
 * Sets the priority of a study by hand, or leaves it to the rules again, and puts it where it then belongs.
 *
 * @throws {AppError} `study-not-found`
 */
export async function setLevel(
  { db, now }: { db: Db; now: () => Date },
  principal: Principal,
  { uid, level }: { uid: string; level: ReadingLevel | null },
): Promise<void> {
  const at = now();
  await db.transaction().execute(async (tx) => {
    if (!(await hasStudy(tx, uid))) throw new AppError('study-not-found', `No study ${uid}`);
    await putLevel(tx, uid, { level, by: principal.full_name, at: at.toISOString() });
    await placeStudy(tx, uid, at);
    tellAudit(tx, { details: { decision: level ?? 'by the rules' } });
    await appendEvent(tx, { type: 'reading_priority_changed', study_instance_uid: uid, at: at.toISOString() });
  });
}

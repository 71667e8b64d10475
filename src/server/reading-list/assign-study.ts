import { appendEvent } from '../events/append-event.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { hasStudy } from '../studies/queries.ts';
import { listReaders, putReader } from './repository.ts';

/**
 * Gives a study to a person to read, or to nobody. It says who is to read; who may see it is another matter (`study_assignment`).
 *
 * @throws {AppError} `study-not-found`, `invalid-request` for an account that writes no reports
 */
export async function assignStudy(
  { db, now }: { db: Db; now: () => Date },
  principal: Principal,
  { uid, readerId }: { uid: string; readerId: string | null },
): Promise<void> {
  const at = now().toISOString();
  await db.transaction().execute(async (tx) => {
    if (!(await hasStudy(tx, uid))) throw new AppError('study-not-found', `No study ${uid}`);
    if (readerId !== null && (await listReaders(tx, readerId)).length === 0)
      throw new AppError('invalid-request', 'Nobody with this id writes reports here', {
        fields: [{ field: 'body/user_id', message: 'is no reader' }],
      });
    await putReader(tx, uid, { readerId, by: principal.full_name, at });
    tellAudit(tx, { details: { reader: readerId ?? 'nobody' } });
    await appendEvent(tx, {
      type: 'reading_assigned',
      study_instance_uid: uid,
      at,
      ...(readerId === null ? {} : { ids: { user_id: readerId } }),
    });
  });
}

import { newId } from '../src/server/platform/ids.ts';
import type { Scope } from '../src/server/platform/scope.ts';
import { sealText } from '../src/server/platform/sealed-text.ts';

const AT = '2030-01-01T00:00:00.000Z';

/** Ids of a deleted study, a retention hold that was released, and an erasure that was asked for. */
export type PrivacyObjects = Record<'recycled' | 'hold' | 'erasure', string>;

/** One of each in a tenant, of patients who have nothing else there; `owner` stands in whatever text there is. */
export async function makePrivacyObjects({ db, keys }: Pick<Scope, 'db' | 'keys'>, owner: string): Promise<PrivacyObjects> {
  const [recycled, hold, erasure] = [newId(), newId(), newId()];
  const counts = { study_count: 0, instance_count: 0 };
  const deleted = { deleted_by: owner, deleted_at: AT, purge_after: AT };
  await db
    .insertInto('recycled')
    .values({ id: recycled, study_instance_uid: null, patient_key: newId(), patient_id: owner, patient_name: owner, ...counts, ...deleted })
    .execute();
  const sealed = (table: string, row: string): string => sealText(keys, { table, column: 'reason', row }, owner);
  const released = { released_by: owner, released_at: AT };
  await db
    .insertInto('retention_hold')
    .values({ id: hold, patient_key: newId(), reason: sealed('retention_hold', hold), placed_by: owner, placed_at: AT, ...released })
    .execute();
  const asked = { status: 'requested', requested_by: owner, requested_at: AT, finished_at: null } as const;
  await db
    .insertInto('erasure')
    .values({
      id: erasure,
      patient_key: newId(),
      pseudonym: owner,
      reason: sealed('erasure', erasure),
      ...asked,
      study_count: null,
      instance_count: null,
    })
    .execute();
  return { recycled, hold, erasure };
}

import type { Selectable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import { prepared } from '../platform/prepared.ts';
import type { Tables } from '../platform/schema.ts';
import type { PatientRow } from './repository.ts';

export type MatchRow = Selectable<Tables['patient_match']>;
/** What of a record is compared. */
export type Candidate = Pick<PatientRow, 'id' | 'patient_id' | 'issuer' | 'name_search' | 'birth_date'>;

/** Records of one number, or born on one day, that are looked at: more say nothing of a person. */
const MOST = 500;

/** Other records in use that have the number now or had it. */
export async function listOfNumber(tx: Tx, { id, patient_id, issuer }: Candidate): Promise<Candidate[]> {
  const now = await selectOfNumber(tx, { id, patient_id, issuer });
  const before = await selectKnownBy(tx, { id, patient_id, issuer });
  return [...new Map([...now, ...before].map((row) => [row.id, row])).values()];
}
const selectOfNumber = prepared<Tx, { id: string; patient_id: string; issuer: string }, Candidate>((tx, value) =>
  tx
    .selectFrom('patient')
    .select(['id', 'patient_id', 'issuer', 'name_search', 'birth_date'])
    .where('patient_id', '=', value('patient_id'))
    .where('issuer', '=', value('issuer'))
    .where('merged_into', 'is', null)
    .where('id', '<>', value('id'))
    .limit(MOST),
);
const selectKnownBy = prepared<Tx, { id: string; patient_id: string; issuer: string }, Candidate>((tx, value) =>
  tx
    .selectFrom('patient_identity')
    .innerJoin('patient', 'patient.id', 'patient_identity.patient_key')
    .select(['patient.id', 'patient.patient_id', 'patient.issuer', 'patient.name_search', 'patient.birth_date'])
    .where('patient_identity.patient_id', '=', value('patient_id'))
    .where('patient_identity.issuer', '=', value('issuer'))
    .where('patient.merged_into', 'is', null)
    .where('patient.id', '<>', value('id'))
    .limit(MOST),
);

/** Other records in use of who was born on the day. */
export async function listBornOn(tx: Tx, { id, birth_date }: { id: string; birth_date: string }): Promise<Candidate[]> {
  return selectBornOn(tx, { id, birth_date });
}
const selectBornOn = prepared<Tx, { id: string; birth_date: string }, Candidate>((tx, value) =>
  tx
    .selectFrom('patient')
    .select(['id', 'patient_id', 'issuer', 'name_search', 'birth_date'])
    .where('birth_date', '=', value('birth_date'))
    .where('merged_into', 'is', null)
    .where('id', '<>', value('id'))
    .limit(MOST),
);

/** A pair that is known stays as it is. */
export async function insertMatches(tx: Tx, rows: readonly MatchRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insertInto('patient_match')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['patient_key', 'other_key']).doNothing())
    .execute();
}

export async function findMatch(db: Db | Tx, id: string): Promise<MatchRow | undefined> {
  return db.selectFrom('patient_match').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Pairs of records that are both in use, the latest first; those that were decided on whatever became of the records. */
export async function listMatchRows(
  db: Db,
  { status, before, limit }: { status: MatchRow['status']; before?: string | undefined; limit: number },
): Promise<MatchRow[]> {
  let query = db
    .selectFrom('patient_match')
    .innerJoin('patient as one', 'one.id', 'patient_match.patient_key')
    .innerJoin('patient as other', 'other.id', 'patient_match.other_key')
    .selectAll('patient_match')
    .where('patient_match.status', '=', status);
  if (status === 'open') query = query.where('one.merged_into', 'is', null).where('other.merged_into', 'is', null);
  if (before !== undefined) query = query.where('patient_match.id', '<', before);
  return query.orderBy('patient_match.id', 'desc').limit(limit).execute();
}

export async function listPatientsOf(db: Db | Tx, ids: readonly string[]): Promise<PatientRow[]> {
  return ids.length === 0 ? [] : db.selectFrom('patient').selectAll().where('id', 'in', ids).execute();
}

/** @returns whether it was open */
export async function decideMatch(tx: Tx, id: string, decision: Pick<MatchRow, 'status' | 'decided_by' | 'decided_at'>): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('patient_match')
    .set(decision)
    .where('id', '=', id)
    .where('status', '=', 'open')
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** What was decided of a pair by merging it, or left open again by taking it apart. */
export async function updatePair(tx: Tx, pair: readonly [string, string], change: Partial<MatchRow>): Promise<void> {
  const [patient_key, other_key] = pair;
  await tx.updateTable('patient_match').set(change).where('patient_key', '=', patient_key).where('other_key', '=', other_key).execute();
}

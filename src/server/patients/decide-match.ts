import type { PatientMatch, PatientMerge } from '../../contract/patients-merge.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import { AppError } from '../platform/errors.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { decideMatch, findMatch, listMatchRows, listPatientsOf, type MatchRow } from './match-repository.ts';
import { type MergeDeps, mergeIn } from './merge-patients.ts';
import { claimRecords } from './merge-repository.ts';
import { summaryOf } from './show-patient.ts';

type MatchQuery = { status?: MatchRow['status']; limit?: number; cursor?: string };

/** A page of the pairs that may be one person. */
export async function listMatches(
  { db, now }: MergeDeps,
  { status = 'open', limit = 50, cursor }: MatchQuery,
): Promise<{ items: PatientMatch[]; next_cursor: string | null }> {
  const rows = await listMatchRows(db, { status, before: cursor, limit: limit + 1 });
  const items = await matchesOf(db, rows.slice(0, limit), now());
  return { items, next_cursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/**
 * Says that a pair is one person, and merges it.
 *
 * @throws {AppError} `not-found`, `wrong-state` if somebody has decided already, `invalid-request` if `into` is none of the two
 */
export async function acceptMatch(
  { db, now }: MergeDeps,
  { matchId, into, userId }: { matchId: string; into: string; userId: string },
): Promise<PatientMerge> {
  return db.transaction().execute(async (tx) => {
    const { patient_key, other_key } = await requireOpen(tx, matchId);
    if (into !== patient_key && into !== other_key)
      throw new AppError('invalid-request', 'Some fields are not valid', {
        fields: [{ field: 'body/into', message: 'must be one of the two' }],
      });
    // The records first, as every merge does, so that two who decide wait for each other and not both.
    if (!(await claimRecords(tx, [patient_key, other_key]))) throw new AppError('wrong-state', 'One of the records was merged just now');
    const decision = { status: 'accepted', decided_by: userId, decided_at: now().toISOString() } as const;
    if (!(await decideMatch(tx, matchId, decision))) throw decided();
    return mergeIn(tx, now(), { patientKey: into === patient_key ? other_key : patient_key, into, userId });
  });
}

/** Says that a pair is two persons. @throws {AppError} `not-found`, `wrong-state` if somebody has decided already */
export async function dismissMatch(
  { db, now }: MergeDeps,
  { matchId, userId }: { matchId: string; userId: string },
): Promise<PatientMatch> {
  return db.transaction().execute(async (tx) => {
    const row = await requireOpen(tx, matchId);
    const decision = { status: 'dismissed', decided_by: userId, decided_at: now().toISOString() } as const;
    if (!(await decideMatch(tx, matchId, decision))) throw decided();
    tellAudit(tx, { patient_id: row.patient_key, details: { decision: 'dismissed' } });
    const [match] = await matchesOf(tx, [{ ...row, ...decision }], now());
    if (!match) throw new AppError('not-found', `No pair ${matchId}`);
    return match;
  });
}

async function requireOpen(tx: Tx, id: string): Promise<MatchRow> {
  const row = await findMatch(tx, id);
  if (!row) throw new AppError('not-found', `No pair ${id}`);
  if (row.status !== 'open') throw decided();
  return row;
}

function decided(): AppError {
  return new AppError('wrong-state', 'Somebody has decided on this pair');
}

async function matchesOf(db: Db | Tx, rows: readonly MatchRow[], now: Date): Promise<PatientMatch[]> {
  const found = await listPatientsOf(
    db,
    rows.flatMap(({ patient_key, other_key }) => [patient_key, other_key]),
  );
  const byId = new Map(found.map((patient) => [patient.id, summaryOf(patient, now)]));
  return rows.flatMap(({ patient_key, other_key, ...row }) => {
    const [one, other] = [byId.get(patient_key), byId.get(other_key)];
    return one && other ? [{ ...row, patients: [one, other] as [typeof one, typeof other] }] : [];
  });
}

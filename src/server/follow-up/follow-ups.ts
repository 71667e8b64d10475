import { dueOf } from '../../clinical/follow-up/due.ts';
import { mayFulfill } from '../../clinical/follow-up/match-study.ts';
import { ClinicalInputError } from '../../clinical/scores/inputs.ts';
import { findScore } from '../../clinical/scores/registry.ts';
import type { Recommendation, ScoreResult } from '../../contract/clinical.ts';
import type { Input } from '../../contract/endpoint.ts';
import type { addFollowUp as addEndpoint, FollowUp, listFollowUps as listEndpoint } from '../../contract/follow-up.ts';
import { describeRecommendation } from '../../reporting/follow-up-wording.ts';
import { findPatientOfStudy, listPatientStudies, type PatientStudy } from '../clinical/patient-queries.ts';
import { appendEvent } from '../events/append-event.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db } from '../platform/ports.ts';
import { findAdvisedStudy } from './queries.ts';
import {
  closeFollowUp,
  type FollowUpRow,
  findFollowUp,
  insertFollowUp,
  listFollowUpRows,
  NO_DAY,
  type PlacedFollowUp,
} from './repository.ts';

export type FollowUpDeps = { db: Db; now: () => Date };
type Query = Input<typeof listEndpoint>['query'];
type NewFollowUp = Input<typeof addEndpoint>['body'];

const PAGE = 50;

/** A page of the tracked recommendations, with the later studies that may be what was asked for. */
export async function listFollowUps({ db, now }: FollowUpDeps, query: Query): Promise<{ items: FollowUp[]; next_cursor: string | null }> {
  const limit = query.limit ?? PAGE;
  const today = dayOf(now());
  const rows = await listFollowUpRows(db, {
    status: query.status,
    dueBefore: query.overdue ? today : undefined,
    studyInstanceUid: query.study_instance_uid,
    patientKey: query.patient_key,
    after: query.cursor === undefined ? undefined : readCursor(query.cursor),
    limit: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: await withProposals(db, page, today),
    next_cursor: rows.length > limit && last ? `${last.due_to ?? NO_DAY}_${last.id}` : null,
  };
}

/**
 * Tracks what a score recommends for values that the reader gives.
 *
 * @throws {AppError} `study-not-found`, `not-found` for an unknown score, `invalid-request` for an input that is not valid or where the
 * score recommends nothing or leaves the recommendation open
 */
export async function addFollowUp({ db, now }: FollowUpDeps, studyInstanceUid: string, body: NewFollowUp): Promise<FollowUp> {
  return db.transaction().execute(async (tx) => {
    const [study, patientKey] = [await findAdvisedStudy(tx, studyInstanceUid), await findPatientOfStudy(tx, studyInstanceUid)];
    if (!study || patientKey === undefined) throw new AppError('study-not-found', `No study ${studyInstanceUid}`);
    const recommendation = recommendationOf(body);
    const at = now();
    const due = dueOf([recommendation.recommendation], study.study_date ?? study.created_at);
    const row: FollowUpRow = {
      id: newId(at),
      study_instance_uid: studyInstanceUid,
      report_id: null,
      rule: recommendation.rule,
      version: recommendation.version,
      text: `${recommendation.title}: ${describeRecommendation(recommendation.recommendation, 'en')}`,
      finding_ids: JSON.stringify(body.finding_ids ?? []),
      options: JSON.stringify([recommendation.recommendation]),
      due_from: due?.from ?? null,
      due_to: due?.to ?? null,
      status: 'open',
      done_by_study: null,
      reason: null,
      closed_by: null,
      closed_at: null,
      created_at: at.toISOString(),
    };
    await insertFollowUp(tx, row);
    await appendEvent(tx, {
      type: 'follow_up_opened',
      study_instance_uid: studyInstanceUid,
      at: row.created_at,
      ids: { follow_up_id: row.id },
    });
    return followUpOf({ ...row, patient_key: patientKey }, dayOf(at), []);
  });
}

export type Closing = { id: string; status: 'done' | 'dismissed'; reason?: string | undefined; studyInstanceUid?: string | undefined };

/**
 * Closes a tracked recommendation. Only a person does.
 *
 * @throws {AppError} `not-found`, `wrong-state` if it is closed, `study-not-found` for a study that is not the patient's
 */
export async function closeOne(
  { db, now }: FollowUpDeps,
  principal: Principal,
  { id, status, reason, studyInstanceUid }: Closing,
): Promise<FollowUp> {
  return db.transaction().execute(async (tx) => {
    const row = await findFollowUp(tx, id);
    if (!row) throw new AppError('not-found', `No follow-up ${id}`);
    if (studyInstanceUid !== undefined && (await findPatientOfStudy(tx, studyInstanceUid)) !== row.patient_key)
      throw new AppError('study-not-found', `No study ${studyInstanceUid} of this patient`);
    const at = now();
    const change = {
      status,
      done_by_study: studyInstanceUid ?? null,
      reason: reason ?? null,
      closed_by: principal.full_name,
      closed_at: at.toISOString(),
    };
    if (!(await closeFollowUp(tx, id, change))) throw new AppError('wrong-state', 'It is closed already');
    tellAudit(tx, { details: { decision: status } });
    await appendEvent(tx, {
      type: status === 'done' ? 'follow_up_done' : 'follow_up_dismissed',
      study_instance_uid: row.study_instance_uid,
      at: change.closed_at,
      ids: { follow_up_id: id },
    });
    return followUpOf({ ...row, ...change }, dayOf(at), []);
  });
}

type Advised = { rule: string; version: string; title: string; recommendation: Recommendation };

function recommendationOf({ score: id, inputs }: NewFollowUp): Advised {
  const score = findScore(id);
  if (!score) throw new AppError('not-found', 'No such score');
  const { recommendation, not_applicable, missing } = computed(() => score.compute(inputs));
  if (not_applicable !== null) throw new AppError('invalid-request', not_applicable);
  if (!recommendation || recommendation.steps.length === 0) {
    const fields = missing.map((name) => ({ field: `inputs.${name}`, message: 'is not known' }));
    throw new AppError('invalid-request', 'The score recommends nothing definite for these values', { fields });
  }
  return { rule: id, version: score.version, title: score.title, recommendation };
}

function computed(compute: () => ScoreResult): ScoreResult {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof ClinicalInputError)) throw error;
    const message = error.message.slice(error.field.length + 2);
    throw new AppError('invalid-request', 'An input is not valid', { fields: [{ field: `inputs.${error.field}`, message }] });
  }
}

async function withProposals(db: Db, rows: readonly PlacedFollowUp[], today: string): Promise<FollowUp[]> {
  const keys = [...new Set(rows.filter(({ status }) => status === 'open').map(({ patient_key }) => patient_key))];
  const studies = new Map(await Promise.all(keys.map(async (key) => [key, await listPatientStudies(db, key)] as const)));
  return rows.map((row) => followUpOf(row, today, studies.get(row.patient_key) ?? []));
}

function followUpOf(row: PlacedFollowUp, today: string, studies: readonly PatientStudy[]): FollowUp {
  const options = parseColumn<Recommendation[]>(row.options);
  const origin = studies.find(({ study_instance_uid }) => study_instance_uid === row.study_instance_uid);
  const proposed = row.status === 'open' && origin ? studies.filter((later) => mayFulfill(options, origin, later)) : [];
  return {
    ...row,
    finding_ids: parseColumn<string[]>(row.finding_ids),
    options,
    is_overdue: row.status === 'open' && row.due_to !== null && row.due_to < today,
    proposed_studies: proposed.map(({ study_instance_uid, study_date, description }) => ({ study_instance_uid, study_date, description })),
  };
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

function readCursor(cursor: string): { due: string; id: string } {
  const match = /^(\d{4}-\d{2}-\d{2})_([0-9a-f-]{36})$/.exec(cursor);
  if (!match?.[1] || !match[2]) throw new AppError('invalid-request', 'The cursor is not one of this list');
  return { due: match[1], id: match[2] };
}

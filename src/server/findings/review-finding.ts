import type { Input } from '../../contract/endpoint.ts';
import type { addFinding, Finding, FindingDecision, reviewFinding as reviewEndpoint } from '../../contract/findings.ts';
import { appendEvent } from '../events/append-event.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { findNewestReportStatus } from '../reports/queries.ts';
import { findInstance, hasStudy } from '../studies/queries.ts';
import { type FindingRow, findFinding, findingOf } from './queries.ts';
import { insertDecision, insertFinding, listDecisions, updateReview } from './repository.ts';

export type ReviewDeps = { db: Db; now: () => Date };
type Decision = Input<typeof reviewEndpoint>['body'];
type NewFinding = Input<typeof addFinding>['body'];

const STATUS_OF = { accept: 'accepted', edit: 'edited', reject: 'rejected' } as const;

/**
 * Records the reader's decision on one finding. It can be changed until the report is signed; each change is an event.
 *
 * @throws {AppError} `finding-not-found`, `invalid-request` for a rejection without reason or an edit of nothing, `wrong-state` once
 * the report is final and no amendment is open
 */
export async function reviewFinding({ db, now }: ReviewDeps, principal: Principal, id: string, decision: Decision): Promise<Finding> {
  requireParts(decision);
  return db.transaction().execute(async (tx) => {
    const finding = await findFinding(tx, id);
    if (!finding) throw new AppError('finding-not-found', `No finding ${id}`);
    await refuseOnceSigned(tx, finding.study_instance_uid);
    const at = now().toISOString();
    const review = {
      ...correctedOf(finding, decision),
      status: STATUS_OF[decision.decision],
      text: decision.decision === 'edit' ? (decision.text ?? null) : null,
      reason: decision.reason ?? null,
      reviewed_by: principal.full_name,
      reviewed_at: at,
    };
    await updateReview(tx, id, review);
    await insertDecision(tx, {
      id: newId(now()),
      study_instance_uid: finding.study_instance_uid,
      finding_id: id,
      decision: decision.decision,
      title: review.title,
      text: review.text,
      reason: review.reason,
      corrections: JSON.stringify(decision.decision === 'edit' ? (decision.corrections ?? {}) : {}),
      decided_by: principal.full_name,
      decided_at: at,
    });
    tellAudit(tx, { details: { decision: decision.decision } });
    await appendEvent(tx, { type: 'finding_reviewed', study_instance_uid: finding.study_instance_uid, at, ids: { finding_id: id } });
    return findingOf({ ...finding, ...review });
  });
}

/**
 * Adds a finding that the reader made; it counts as accepted.
 *
 * @throws {AppError} `study-not-found`, `instance-not-found`, `wrong-state` once the report is final
 */
export async function addPersonFinding(
  { db, now }: ReviewDeps,
  principal: Principal,
  studyInstanceUid: string,
  body: NewFinding,
): Promise<Finding> {
  return db.transaction().execute(async (tx) => {
    const series = await locate(tx, studyInstanceUid, body.sop_instance_uid);
    await refuseOnceSigned(tx, studyInstanceUid);
    const at = now().toISOString();
    const row = {
      id: newId(now()),
      study_instance_uid: studyInstanceUid,
      series_instance_uid: series,
      sop_instance_uid: body.sop_instance_uid ?? null,
      frame: body.frame ?? null,
      analysis_id: null,
      source: 'person' as const,
      code: 'person',
      title: body.title,
      confidence: null,
      threshold: null,
      box: body.box ? JSON.stringify(body.box) : null,
      evidence: '{}',
      status: 'accepted' as const,
      text: body.text,
      reason: null,
      reviewed_by: principal.full_name,
      reviewed_at: at,
      created_at: at,
      proposed: null,
    };
    await insertFinding(tx, row);
    await appendEvent(tx, { type: 'finding_added', study_instance_uid: studyInstanceUid, at, ids: { finding_id: row.id } });
    return findingOf(row);
  });
}

/** Every decision on a finding, the first first. @throws {AppError} `finding-not-found` */
export async function readDecisions(db: Db, id: string): Promise<FindingDecision[]> {
  if (!(await findFinding(db, id))) throw new AppError('finding-not-found', `No finding ${id}`);
  return (await listDecisions(db, id)).map(({ corrections, ...row }) => ({ ...row, corrections: parseColumn(corrections) }));
}

/**
 * Title and evidence as this decision leaves them. Each decision starts from what the model said, which is kept beside it: an acceptance
 * after an edit accepts the model's words.
 *
 * @throws {AppError} `invalid-request` for a correction of what the model did not give
 */
function correctedOf(finding: FindingRow, decision: Decision): Pick<FindingRow, 'title' | 'evidence' | 'proposed'> {
  const { title, evidence } = findingOf(finding).proposed ?? { title: finding.title, evidence: findingOf(finding).evidence };
  const corrections = decision.decision === 'edit' ? (decision.corrections ?? {}) : {};
  const unknown = Object.keys(corrections).find((name) => !(name in evidence));
  if (unknown !== undefined)
    throw new AppError('invalid-request', 'Only what the finding rests on can be corrected', {
      fields: [{ field: `body/corrections/${unknown}`, message: 'is not part of the evidence' }],
    });
  const wanted = decision.decision === 'edit' ? (decision.title?.trim() ?? title) : title;
  const isChanged = wanted !== title || Object.keys(corrections).length > 0;
  // The title and the probability of a subtype are the model's for its own answer.
  const { subtype_title: _, subtype_probability: __, ...untitled } = evidence;
  const kept = corrections.subtype === undefined ? evidence : untitled;
  return {
    title: wanted,
    evidence: JSON.stringify({ ...kept, ...corrections }),
    proposed: isChanged ? JSON.stringify({ title, evidence }) : null,
  };
}

function requireParts({ decision, reason, text, title, corrections }: Decision): void {
  const isEmpty = !text?.trim() && !title?.trim() && Object.keys(corrections ?? {}).length === 0;
  const missing = decision === 'reject' && !reason?.trim() ? 'reason' : decision === 'edit' && isEmpty ? 'text' : undefined;
  if (missing)
    throw new AppError('invalid-request', `To ${decision} a finding needs a ${missing}`, {
      fields: [{ field: `body/${missing}`, message: 'is missing' }],
    });
}

/** The newest version decides: a final report locks the findings, an open amendment unlocks them. */
async function refuseOnceSigned(tx: Tx, studyInstanceUid: string): Promise<void> {
  const status = await findNewestReportStatus(tx, studyInstanceUid);
  if (status !== undefined && status !== 'draft')
    throw new AppError('wrong-state', 'The report is signed; open an amendment to change a decision');
}

/** The series of the instance that a finding points to; null if it points to the study. */
async function locate(tx: Tx, studyInstanceUid: string, sopInstanceUid: string | undefined): Promise<string | null> {
  if (!(await hasStudy(tx, studyInstanceUid))) throw new AppError('study-not-found', `No study ${studyInstanceUid}`);
  if (sopInstanceUid === undefined) return null;
  const instance = await findInstance(tx, sopInstanceUid);
  if (instance?.study_instance_uid === studyInstanceUid) return instance.series_instance_uid;
  throw new AppError('instance-not-found', `No instance ${sopInstanceUid} in this study`);
}

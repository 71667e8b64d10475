import type { Input } from '../../contract/endpoint.ts';
import type { addFinding, Finding, reviewFinding as reviewEndpoint } from '../../contract/findings.ts';
import { appendEvent } from '../events/append-event.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { findNewestReportStatus } from '../reports/queries.ts';
import { findInstance, hasStudy } from '../studies/queries.ts';
import { findFinding, findingOf } from './queries.ts';
import { insertFinding, updateReview } from './repository.ts';

export type ReviewDeps = { db: Db; now: () => Date };
type Decision = Input<typeof reviewEndpoint>['body'];
type NewFinding = Input<typeof addFinding>['body'];

const STATUS_OF = { accept: 'accepted', edit: 'edited', reject: 'rejected' } as const;

/**
 * Records the reader's decision on one finding. It can be changed until the report is signed; each change is an event.
 *
 * @throws {AppError} `finding-not-found`, `invalid-request` for a rejection without reason or an edit without text, `wrong-state` once
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
      status: STATUS_OF[decision.decision],
      text: decision.decision === 'edit' ? (decision.text ?? null) : null,
      reason: decision.reason ?? null,
      reviewed_by: principal.full_name,
      reviewed_at: at,
    };
    await updateReview(tx, id, review);
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
    };
    await insertFinding(tx, row);
    await appendEvent(tx, { type: 'finding_added', study_instance_uid: studyInstanceUid, at, ids: { finding_id: row.id } });
    return findingOf(row);
  });
}

function requireParts({ decision, reason, text }: Decision): void {
  const missing = decision === 'reject' && !reason?.trim() ? 'reason' : decision === 'edit' && !text?.trim() ? 'text' : undefined;
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

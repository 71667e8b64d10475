import type { RoutingAction, RoutingOccasion, RoutingRule } from '../../contract/routing.ts';
import { requestDeidentification } from '../deidentification/deidentify-study.ts';
import { findCopy, findCopyAskedBy } from '../deidentification/queries.ts';
import { requestForward } from '../dimse/manage-forwards.ts';
import { AppError } from '../platform/errors.ts';
import type { Db, TenantJobs } from '../platform/ports.ts';
import type { TenantKeys } from '../platform/tenant-keys.ts';
import { labelStudy } from '../studies/label-study.ts';
import { explainRule, factsOf, type StudyFacts } from './explain-rule.ts';
import { ruleOf } from './manage-rules.ts';
import { listRules } from './queries.ts';
import { findStudyToRoute, putAct, type RoutingAct } from './repository.ts';

/** How often the copy that a rule asked for is looked for. */
const COPY_LOOK_MS = 15_000;

export type RouteDeps = { db: Db; jobs: TenantJobs; keys: TenantKeys; now: () => Date };
/** `models`: those that rules chose; undefined where no rule chose any. */
export type Routed = { models: ReadonlySet<string> | undefined };

/**
 * Does what the rules of an occasion ask for a study. Safe to repeat: a label is put once, a forward sends what has not been sent, a copy is
 * made once of the same content. What cannot be done any more, as when a peer was removed, is skipped and kept as such.
 */
export async function routeStudy(deps: RouteDeps, studyInstanceUid: string, occasion: RoutingOccasion): Promise<Routed> {
  const rules = (await listRules(deps.db, { occasion })).map(ruleOf);
  const study = rules.length > 0 ? await findStudyToRoute(deps.db, studyInstanceUid) : undefined;
  if (!study) return { models: undefined };
  const facts = factsOf(study);
  let models: Set<string> | undefined;
  for (const rule of rules) {
    const { id, name, conditions, actions } = rule;
    if (!explainRule({ rule_id: id, name, occasion, conditions, actions }, facts).fires) continue;
    for (const [index, action] of actions.entries()) {
      if (action.kind === 'models') models = new Set([...(models ?? []), ...action.model_ids]);
      await act(deps, { rule, index, action, studyInstanceUid, facts });
    }
  }
  return { models };
}

/** Sends a de-identified copy on once it is there; looks again until then. One that failed is not sent. */
export async function forwardCopy(
  deps: RouteDeps,
  { deidentification_id, peer_id, rule_key }: { deidentification_id: string; peer_id: string; rule_key: string },
): Promise<void> {
  const copy = await findCopy(deps.db, deidentification_id);
  if (!copy || copy.status === 'failed') return;
  if (copy.status === 'queued' || copy.status === 'running') {
    const runAt = new Date(deps.now().getTime() + COPY_LOOK_MS);
    const payload = { deidentification_id, peer_id, rule_key };
    await deps.db.transaction().execute((tx) => deps.jobs.enqueue(tx, 'forward-copy', payload, { key: deidentification_id, runAt }));
    return;
  }
  if (copy.result_study_instance_uid === null) return;
  const origin = { requestedBy: rule_key, ruleKey: `${rule_key}:${copy.result_study_instance_uid}` };
  await requestForward(deps, origin, { study_instance_uid: copy.result_study_instance_uid, peer_id }).catch(unlessRemoved);
}

type Acting = { rule: RoutingRule; index: number; action: RoutingAction; studyInstanceUid: string; facts: StudyFacts };
type Done = Pick<RoutingAct, 'outcome' | 'reference'>;

async function act(deps: RouteDeps, acting: Acting): Promise<void> {
  const { rule, index, studyInstanceUid } = acting;
  const done = (await perform(deps, acting).catch(unlessRemoved)) ?? { outcome: 'skipped' as const, reference: null };
  const created_at = deps.now().toISOString();
  const row = { rule_id: rule.id, version: rule.version, study_instance_uid: studyInstanceUid, action: index, created_at, ...done };
  await deps.db.transaction().execute((tx) => putAct(tx, row));
}

async function perform(deps: RouteDeps, { rule, index, action, studyInstanceUid, facts }: Acting): Promise<Done> {
  const key = `rule:${rule.id}:${rule.version}:${index}`;
  switch (action.kind) {
    case 'label':
      await labelStudy(deps, { study_instance_uid: studyInstanceUid, label: action.label });
      return { outcome: 'done', reference: action.label };
    case 'models':
      return { outcome: 'done', reference: null };
    case 'forward': {
      const { peer_id, commitment = false } = action;
      const wanted = { study_instance_uid: studyInstanceUid, peer_id, commitment };
      const { id } = await requestForward(deps, { requestedBy: key, ruleKey: `${key}:${studyInstanceUid}` }, wanted);
      return { outcome: 'begun', reference: id };
    }
    case 'deidentify_and_forward': {
      // A study that has grown since is copied again; what is held already stays as it is.
      const requestedBy = `${key}:${facts.instanceCount}`;
      const { options, project } = action;
      const body = { ...(options ? { options } : {}), ...(project ? { project } : {}) };
      const held = await findCopyAskedBy(deps.db, studyInstanceUid, requestedBy);
      const copy = held ?? (await requestDeidentification(deps, { user_id: requestedBy }, { studyInstanceUid, body }));
      const payload = { deidentification_id: copy.id, peer_id: action.peer_id, rule_key: key };
      const runAt = new Date(deps.now().getTime() + COPY_LOOK_MS);
      await deps.db.transaction().execute((tx) => deps.jobs.enqueue(tx, 'forward-copy', payload, { key: copy.id, runAt }));
      return { outcome: 'begun', reference: copy.id };
    }
  }
}

/** Studies and peers may go while rules are at work: then there is nothing to do. */
function unlessRemoved(error: unknown): undefined {
  if (error instanceof AppError && !(error.kind === 'internal' || error.kind === 'unavailable' || error.kind === 'storage-full'))
    return undefined;
  throw error;
}

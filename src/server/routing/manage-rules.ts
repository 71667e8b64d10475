import { DEIDENTIFIED_LABEL } from '../../contract/permission.ts';
import type {
  NewRoutingRule,
  RoutingAction,
  RoutingConditions,
  RoutingExplanation,
  RoutingRule,
  RoutingRuleChange,
} from '../../contract/routing.ts';
import { findPeer } from '../dimse/queries.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { explainRule, factsOf, requireMatchable } from './explain-rule.ts';
import { listRules, type RuleRow } from './queries.ts';
import { deleteRule, findRule, findStudyToRoute, hasRuleNamed, insertRule, updateRule } from './repository.ts';

/** What takes the whole study can only be done when it is there. */
const WHILE_ARRIVING: ReadonlySet<RoutingAction['kind']> = new Set(['forward', 'label']);

type RuleDeps = { db: Db; now: () => Date; models: readonly { card: { id: string } }[] };

/** @throws {AppError} `invalid-request` for what cannot be, `wrong-state` if the name is taken */
export async function createRule(deps: RuleDeps, rule: NewRoutingRule): Promise<RoutingRule> {
  const { db, now } = deps;
  const { name, occasion, conditions, actions, position = 0, is_enabled = true } = rule;
  const at = now().toISOString();
  const row: RuleRow = {
    id: newId(now()),
    name,
    position,
    is_enabled: is_enabled ? 1 : 0,
    occasion,
    conditions: JSON.stringify(conditions),
    actions: JSON.stringify(actions),
    version: 1,
    created_at: at,
    updated_at: at,
  };
  return db.transaction().execute(async (tx) => {
    await requirePossible(tx, deps, rule);
    if (!(await insertRule(tx, row))) throw new AppError('wrong-state', `A rule with the name ${name} is there already`);
    return ruleOf(row);
  });
}

/** @throws {AppError} `not-found`, `invalid-request`, `wrong-state` if the name is taken */
export async function changeRule(deps: RuleDeps, id: string, change: RoutingRuleChange): Promise<RoutingRule> {
  return deps.db.transaction().execute(async (tx) => {
    const held = await getRule(tx, id);
    const rule = { ...ruleOf(held), ...change };
    await requirePossible(tx, deps, rule);
    if (rule.name !== held.name && (await hasRuleNamed(tx, rule.name)))
      throw new AppError('wrong-state', `A rule with the name ${rule.name} is there already`);
    const [conditions, actions] = [JSON.stringify(rule.conditions), JSON.stringify(rule.actions)];
    const isOther = conditions !== held.conditions || actions !== held.actions || rule.occasion !== held.occasion;
    const { name, position, occasion } = rule;
    const row = {
      ...held,
      name,
      position,
      occasion,
      conditions,
      actions,
      is_enabled: rule.is_enabled ? 1 : 0,
      version: held.version + (isOther ? 1 : 0),
      updated_at: deps.now().toISOString(),
    };
    await updateRule(tx, id, row);
    return ruleOf(row);
  });
}

/** @throws {AppError} `not-found` */
export async function removeRule({ db }: { db: Db }, id: string): Promise<void> {
  if (!(await db.transaction().execute((tx) => deleteRule(tx, id)))) throw new AppError('not-found', `No rule ${id}`);
}

/** @throws {AppError} `not-found` */
export async function getRule(db: Db | Tx, id: string): Promise<RuleRow> {
  const row = await findRule(db, id);
  if (!row) throw new AppError('not-found', `No rule ${id}`);
  return row;
}

/**
 * What each rule says of a study. Changes nothing.
 *
 * @param rules in place of those that are kept and enabled
 * @throws {AppError} `study-not-found`, `invalid-request` for a rule that cannot be
 */
export async function explainRouting(
  deps: RuleDeps,
  studyInstanceUid: string,
  rules?: readonly NewRoutingRule[],
): Promise<RoutingExplanation[]> {
  const study = await findStudyToRoute(deps.db, studyInstanceUid);
  if (!study) throw new AppError('study-not-found', `No study ${studyInstanceUid}`);
  const facts = factsOf(study);
  for (const rule of rules ?? []) await requirePossible(deps.db, deps, rule);
  const kept = rules ? [] : (await listRules(deps.db)).filter(({ is_enabled }) => is_enabled === 1).map(ruleOf);
  const asked = rules?.map((rule) => ({ ...rule, id: null })) ?? kept;
  return asked.map(({ id, name, occasion, conditions, actions }) =>
    explainRule({ rule_id: id, name, occasion, conditions, actions }, facts),
  );
}

export function ruleOf({ conditions, actions, is_enabled, ...row }: RuleRow): RoutingRule {
  return {
    ...row,
    conditions: parseColumn<RoutingConditions>(conditions),
    actions: parseColumn<RoutingAction[]>(actions),
    is_enabled: is_enabled === 1,
  };
}

async function requirePossible(
  db: Db | Tx,
  { models }: RuleDeps,
  { occasion, conditions, actions }: Pick<NewRoutingRule, 'occasion' | 'conditions' | 'actions'>,
): Promise<void> {
  requireMatchable(conditions);
  for (const action of actions) {
    if (occasion === 'arrival' && !WHILE_ARRIVING.has(action.kind))
      throw new AppError('invalid-request', `${action.kind} takes a complete study: the occasion must be complete`);
    if ('peer_id' in action && !(await findPeer(db, action.peer_id))) throw new AppError('invalid-request', `No peer ${action.peer_id}`);
    if (action.kind === 'label' && action.label === DEIDENTIFIED_LABEL)
      throw new AppError('invalid-request', `'${DEIDENTIFIED_LABEL}' is given by de-identification alone`);
    if (action.kind === 'deidentify_and_forward' && action.options?.retain_uids)
      throw new AppError('invalid-request', 'A copy that is stored here needs UIDs of its own');
    const unknown = action.kind === 'models' ? action.model_ids.find((id) => !models.some(({ card }) => card.id === id)) : undefined;
    if (unknown !== undefined) throw new AppError('invalid-request', `No model ${unknown}`);
  }
}

import { rulesOf } from '../../clinical/drug-safety/merge-report.ts';
import type { KnowledgeOverride, requestOverride as requestEndpoint } from '../../contract/drug-knowledge.ts';
import type { Input } from '../../contract/endpoint.ts';
import { appendEvent } from '../events/append-event.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { bundledTables, tablesOf } from './drug-knowledge.ts';
import type { KnowledgeDeps } from './import-knowledge.ts';
import {
  deleteOverride,
  listOverrideRows,
  listSourceHeads,
  type OverrideRow,
  putOverride,
  readSourceFiles,
} from './knowledge-repository.ts';

type Wish = Input<typeof requestEndpoint>['body'];

export async function listOverrides(db: Db): Promise<KnowledgeOverride[]> {
  return (await listOverrideRows(db)).map(overrideOf);
}

/**
 * Asks for another severity or display of a rule. Has no effect until somebody else approves it; a new wish takes the place of an approved one.
 *
 * @throws {AppError} `not-found` for a rule that no source has, `invalid-request` if it would change nothing
 */
export async function requestOverride(
  { db, now }: KnowledgeDeps,
  principal: Principal,
  wish: Wish & { rule_id: string },
): Promise<KnowledgeOverride> {
  const { rule_id, severity, display, reason } = wish;
  if (severity === undefined && display === undefined) throw new AppError('invalid-request', 'It names neither a severity nor a display');
  return db.transaction().execute(async (tx) => {
    if (!(await hasRule(tx, rule_id))) throw new AppError('not-found', 'No such rule');
    const at = now().toISOString();
    const row: OverrideRow = {
      rule_id,
      severity: severity ?? null,
      display: display ?? null,
      reason,
      requested_by: principal.user_id,
      requested_by_name: principal.full_name,
      requested_at: at,
      approved_by: null,
      approved_by_name: null,
      approved_at: null,
    };
    await putOverride(tx, row);
    await appendEvent(tx, { type: 'knowledge_override_requested', at, data: { rule_id } });
    return overrideOf(row);
  });
}

/** @throws {AppError} `not-found`, `forbidden` for who asked for it, `wrong-state` if it is approved */
export async function approveOverride({ db, now }: KnowledgeDeps, principal: Principal, ruleId: string): Promise<KnowledgeOverride> {
  return db.transaction().execute(async (tx) => {
    const row = (await listOverrideRows(tx)).find(({ rule_id }) => rule_id === ruleId);
    if (!row) throw new AppError('not-found', 'No such override');
    if (row.approved_at !== null) throw new AppError('wrong-state', 'It is approved already');
    if (row.requested_by === principal.user_id) throw new AppError('forbidden', 'Who asked for it cannot approve it');
    const at = now().toISOString();
    const approved = { ...row, approved_by: principal.user_id, approved_by_name: principal.full_name, approved_at: at };
    await putOverride(tx, approved);
    await appendEvent(tx, { type: 'knowledge_override_approved', at, data: { rule_id: ruleId } });
    return overrideOf(approved);
  });
}

/** @throws {AppError} `not-found` */
export async function removeOverride({ db, now }: KnowledgeDeps, ruleId: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (!(await deleteOverride(tx, ruleId))) throw new AppError('not-found', 'No such override');
    await appendEvent(tx, { type: 'knowledge_override_removed', at: now().toISOString(), data: { rule_id: ruleId } });
  });
}

async function hasRule(tx: Tx, ruleId: string): Promise<boolean> {
  const sources = [await bundledTables(), ...tablesOf(await listSourceHeads(tx), await readSourceFiles(tx))];
  return sources.some((tables) => rulesOf(tables).some(({ id }) => id === ruleId));
}

/** Words of the table are those that were checked when it was asked for. */
function overrideOf({
  requested_by: _,
  approved_by: __,
  requested_by_name,
  approved_by_name,
  severity,
  display,
  ...row
}: OverrideRow): KnowledgeOverride {
  return {
    ...row,
    severity: severity as KnowledgeOverride['severity'],
    display: display as KnowledgeOverride['display'],
    requested_by: requested_by_name,
    approved_by: approved_by_name,
  };
}

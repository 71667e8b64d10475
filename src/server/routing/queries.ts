import type { Selectable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import { prepared } from '../platform/prepared.ts';
import type { Tables } from '../platform/schema.ts';

export type RuleRow = Selectable<Tables['routing_rule']>;

/** Every rule in the order in which they are tried. */
export async function listRules(db: Db | Tx, only: { occasion?: RuleRow['occasion'] } = {}): Promise<RuleRow[]> {
  let query = db.selectFrom('routing_rule').selectAll();
  if (only.occasion) query = query.where('occasion', '=', only.occasion).where('is_enabled', '=', 1);
  return query.orderBy('position').orderBy('id').execute();
}

/** Whether objects that arrive are to be looked at; asked for every arrival. */
export async function hasArrivalRules(tx: Tx): Promise<boolean> {
  return (await selectArrivalRule(tx, {})).length > 0;
}

const selectArrivalRule = prepared<Tx, Record<string, never>, { id: string }>((tx) =>
  tx.selectFrom('routing_rule').select('id').where('occasion', '=', 'arrival').where('is_enabled', '=', 1).limit(1),
);

import type { Selectable } from 'kysely';
import { DISCLAIMER } from '../../contract/disclaimer.ts';
import type { Box, Finding } from '../../contract/findings.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type FindingRow = Selectable<Tables['finding']>;

export async function findFinding(tx: Db | Tx, id: string): Promise<FindingRow | undefined> {
  return tx.selectFrom('finding').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Findings of a study: the most certain first, then as they came. */
export async function listFindings(db: Db | Tx, studyInstanceUid: string): Promise<Finding[]> {
  const rows = await db
    .selectFrom('finding')
    .selectAll()
    .where('study_instance_uid', '=', studyInstanceUid)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(findingOf).sort((a, b) => (b.confidence ?? -1) - (a.confidence ?? -1));
}

export function findingOf(row: FindingRow): Finding {
  return {
    ...row,
    box: row.box === null ? null : parseColumn<Box>(row.box),
    evidence: parseColumn<Finding['evidence']>(row.evidence),
    proposed: row.proposed === null ? null : parseColumn<NonNullable<Finding['proposed']>>(row.proposed),
    disclaimer: row.source === 'model' ? DISCLAIMER : null,
  };
}

import type { Analysis } from '../../contract/analysis.ts';
import type { Finding } from '../../contract/findings.ts';
import type { Discordance } from '../../contract/follow-up.ts';
import type { Locale, ReportSections } from '../../contract/reports.ts';
import { findDiscordances } from '../../reporting/discordance.ts';
import { appendEvent } from '../events/append-event.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import {
  type DiscordanceRow,
  findDiscordance,
  insertDiscordance,
  listDiscordanceRows,
  listOpenDiscordances,
  updateDiscordance,
} from './repository.ts';

/** What a model's card says that it looks for. */
export type EvaluatingModel = { card: { id: string; version: string; findings: readonly { id: string }[] } };
export type SignedReport = {
  report_id: string;
  study_instance_uid: string;
  sections: ReportSections;
  locale: Locale;
  findings: readonly Finding[];
  analyses: readonly Analysis[];
  models: readonly EvaluatingModel[];
  signed_by: string;
  at: Date;
};
const PAGE = 50;

/**
 * Opens a work item for each observation in which the report and the models disagree. What an earlier version left open is superseded by the
 * comparison with this one.
 */
export async function openDiscordances(tx: Tx, signed: SignedReport): Promise<void> {
  const { report_id, study_instance_uid, sections, locale, findings, at } = signed;
  const created_at = at.toISOString();
  for (const { id } of await listOpenDiscordances(tx, study_instance_uid)) {
    const superseded = { status: 'resolved', resolution: 'superseded', resolved_by: signed.signed_by, resolved_at: created_at } as const;
    await updateDiscordance(tx, id, superseded);
  }
  for (const { kind, observation, finding_ids, sentence } of findDiscordances(sections, locale, {
    findings,
    evaluated: evaluatedBy(signed),
  })) {
    const row: DiscordanceRow = {
      id: newId(at),
      study_instance_uid,
      report_id,
      kind,
      observation,
      finding_ids: JSON.stringify(finding_ids),
      sentence,
      status: 'open',
      resolution: null,
      reason: null,
      resolved_by: null,
      resolved_at: null,
      created_at,
    };
    await insertDiscordance(tx, row);
    await appendEvent(tx, { type: 'discordance_opened', study_instance_uid, at: created_at, ids: { discordance_id: row.id } });
  }
}

/** @throws {AppError} `not-found`, `wrong-state` if it is resolved */
export async function resolveOne(
  { db, now }: { db: Db; now: () => Date },
  principal: Principal,
  { id, ...decision }: { id: string; resolution: 'report-right' | 'model-right' | 'no-contradiction'; reason: string },
): Promise<Discordance> {
  return db.transaction().execute(async (tx) => {
    const row = await findDiscordance(tx, id);
    if (!row) throw new AppError('not-found', `No discordance ${id}`);
    const at = now().toISOString();
    const change = { ...decision, status: 'resolved' as const, resolved_by: principal.full_name, resolved_at: at };
    if (!(await updateDiscordance(tx, id, change))) throw new AppError('wrong-state', 'It is resolved already');
    tellAudit(tx, { details: { decision: decision.resolution } });
    await appendEvent(tx, { type: 'discordance_resolved', study_instance_uid: row.study_instance_uid, at, ids: { discordance_id: id } });
    return discordanceOf({ ...row, ...change });
  });
}

export async function listDiscordances(
  db: Db,
  query: { status?: 'open' | 'resolved'; study_instance_uid?: string; cursor?: string; limit?: number },
): Promise<{ items: Discordance[]; next_cursor: string | null }> {
  const limit = query.limit ?? PAGE;
  const rows = await listDiscordanceRows(db, {
    status: query.status,
    studyInstanceUid: query.study_instance_uid,
    before: query.cursor,
    limit: limit + 1,
  });
  const page = rows.slice(0, limit);
  return { items: page.map(discordanceOf), next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** What the models of the runs that succeeded look for, by their cards. */
function evaluatedBy({ analyses, models }: SignedReport): string[] {
  const succeeded = analyses.filter(({ status }) => status === 'succeeded');
  const cards = models.filter(({ card }) => succeeded.some((run) => run.model_id === card.id && run.model_version === card.version));
  return [...new Set(cards.flatMap(({ card }) => card.findings.map(({ id }) => id)))];
}

function discordanceOf(row: DiscordanceRow): Discordance {
  return { ...row, finding_ids: parseColumn<string[]>(row.finding_ids) };
}

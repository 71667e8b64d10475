import type { ExpressionBuilder } from 'kysely';
import type { AuditEntry, AuditStatistics } from '../../contract/audit.ts';
import type { ActorKind, AuditAction, AuditOutcome } from '../../contract/audit-terms.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import { entryOf } from './repository.ts';

export type AuditSearch = {
  from?: string;
  to?: string;
  /** Id or name. */
  actor?: string;
  /** Pseudonym. */
  patient?: string;
  /** Id, or UID of the study. */
  object?: string;
  action?: AuditAction;
  actions?: readonly AuditAction[];
  /** One of these acts, or one of these kinds of actor. */
  leaving?: { actions: readonly AuditAction[]; actors: readonly ActorKind[] };
  outcome?: AuditOutcome;
  source?: string;
  request_id?: string;
};
export type AuditPage = { items: AuditEntry[]; next_cursor: string | null };

/** Actors that are named in statistics. */
const MAX_ACTORS = 100;

/** Entries in the order in which they were written, newest first unless told. */
export async function searchEntries(
  db: Db,
  search: AuditSearch,
  { limit = 50, cursor, oldestFirst = false }: { limit?: number; cursor?: string; oldestFirst?: boolean } = {},
): Promise<AuditPage> {
  const direction = oldestFirst ? 'asc' : 'desc';
  let query = db.selectFrom('audit_entry').selectAll().where(matches(search));
  if (cursor !== undefined) {
    const { at, seq } = readCursor(cursor);
    const beyond = oldestFirst ? '>' : '<';
    query = query.where(({ eb, or, and }) => or([eb('at', beyond, at), and([eb('at', '=', at), eb('seq', beyond, seq)])]));
    // Says the same to an index that begins with the time.
    query = query.where('at', oldestFirst ? '>=' : '<=', at);
  }
  const rows = await query
    .orderBy('at', direction)
    .orderBy('seq', direction)
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map(entryOf);
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last ? writeCursor(last) : null };
}

/** How often each act had each outcome in a span. */
export async function countActs(
  db: Db,
  span: { from: string; to: string },
): Promise<{ action: AuditAction; outcome: AuditOutcome; count: number }[]> {
  const rows = await db
    .selectFrom('audit_entry')
    .select(['action', 'outcome'])
    .select((entry) => entry.fn.countAll<number>().as('count'))
    .where('at', '>=', span.from)
    .where('at', '<', span.to)
    .groupBy(['action', 'outcome'])
    .orderBy('action')
    .orderBy('outcome')
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

export async function countActors(db: Db, span: { from: string; to: string }): Promise<AuditStatistics['actors']> {
  const rows = await db
    .selectFrom('audit_entry')
    .select(['actor_kind', 'actor_id', 'actor_name'])
    .select((entry) => entry.fn.countAll<number>().as('count'))
    .where('at', '>=', span.from)
    .where('at', '<', span.to)
    .groupBy(['actor_kind', 'actor_id', 'actor_name'])
    .orderBy('count', 'desc')
    .orderBy('actor_id')
    .limit(MAX_ACTORS)
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

function matches(search: AuditSearch) {
  return (eb: ExpressionBuilder<Tables, 'audit_entry'>) => {
    const { from, to, actor, object, actions, leaving } = search;
    const equal = (['patient', 'action', 'outcome', 'source', 'request_id'] as const).flatMap((column) => {
      const value = search[column];
      return value === undefined ? [] : [eb(column, '=', value)];
    });
    return eb.and([
      ...equal,
      ...(from === undefined ? [] : [eb('at', '>=', from)]),
      ...(to === undefined ? [] : [eb('at', '<', to)]),
      ...(actions === undefined ? [] : [eb('action', 'in', actions)]),
      ...(leaving === undefined ? [] : [eb.or([eb('action', 'in', leaving.actions), eb('actor_kind', 'in', leaving.actors)])]),
      ...(actor === undefined ? [] : [eb.or([eb('actor_id', '=', actor), eb('actor_name', '=', actor)])]),
      ...(object === undefined ? [] : [eb.or([eb('object_id', '=', object), eb('study_instance_uid', '=', object)])]),
    ]);
  };
}

function writeCursor({ at, seq }: AuditEntry): string {
  return Buffer.from(`${at} ${seq}`).toString('base64url');
}

/** @throws {AppError} `invalid-request` */
function readCursor(cursor: string): { at: string; seq: number } {
  const [, at, seq] = /^(\S+) (\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (!at || !seq) throw new AppError('invalid-request', 'The cursor is not one of this list');
  return { at, seq: Number(seq) };
}

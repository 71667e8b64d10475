import type { AuditEntry, Disclosure } from '../../contract/audit.ts';
import type { ActorKind, AuditAction } from '../../contract/audit-terms.ts';
import type { Db } from '../platform/ports.ts';
import { type AuditSearch, searchEntries } from './search-repository.ts';

/** Acts by which something leaves the house, whoever does them. */
const GIVEN_OUT: readonly AuditAction[] = ['export', 'retrieve', 'forward'];
/** Acts by which somebody learns something. */
const READING: readonly AuditAction[] = ['export', 'retrieve', 'forward', 'access', 'report', 'find', 'search'];
/** Who is not of the house: holders of a link, other systems. */
const OUTSIDE: readonly ActorKind[] = ['share', 'api_key', 'peer'];
const PAGE = 500;

export type DisclosureQuery = { from?: string; to?: string; patient: string; staff: boolean };

/**
 * The disclosures of one patient, newest first: what was exported, sent or fetched by another system, and what the holder of a link or a
 * key has read. With `staff`, also every reading within the house.
 *
 * @param patient the pseudonym
 */
export async function listDisclosures(
  db: Db,
  { staff, ...query }: DisclosureQuery,
  page: { limit?: number; cursor?: string },
): Promise<{ items: Disclosure[]; next_cursor: string | null }> {
  const { items, next_cursor } = await searchEntries(db, searchOf(query, staff), page);
  return { items: items.map(disclosureOf), next_cursor };
}

/** The accounting as lines of comma-separated values (RFC 4180), oldest first, with a line of names before them. */
export async function* disclosuresAsCsv(db: Db, { staff, ...query }: DisclosureQuery): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for (let cursor: string | undefined; ; ) {
    const page = await searchEntries(db, searchOf(query, staff), { limit: PAGE, oldestFirst: true, ...(cursor ? { cursor } : {}) });
    for (const entry of page.items) {
      const disclosure = disclosureOf(entry);
      yield csvLine(COLUMNS.map((name) => disclosure[name] ?? ''));
    }
    if (page.next_cursor === null) return;
    cursor = page.next_cursor;
  }
}

const COLUMNS = [
  'at',
  'recipient',
  'recipient_kind',
  'recipient_role',
  'action',
  'operation',
  'object_type',
  'object_id',
  'study_instance_uid',
  'purpose',
  'source',
] as const satisfies readonly (keyof Disclosure)[];

function searchOf(query: Omit<DisclosureQuery, 'staff'>, staff: boolean): AuditSearch {
  return { ...query, outcome: 'success', actions: READING, ...(staff ? {} : { leaving: { actions: GIVEN_OUT, actors: OUTSIDE } }) };
}

function disclosureOf(entry: AuditEntry): Disclosure {
  const { at, actor_kind, actor_id, actor_name, actor_role, action, operation, object_type, object_id } = entry;
  const { study_instance_uid, purpose, source } = entry;
  const recipient = actor_name ?? actor_id ?? actor_kind;
  const what = { action, operation, object_type, object_id, study_instance_uid, purpose, source };
  return { at, recipient, recipient_kind: actor_kind, recipient_role: actor_role, ...what };
}

/** A field that a spreadsheet could take for a formula is made text. */
function csvLine(fields: readonly string[]): string {
  const written = fields.map((field) => {
    const text = /^[=+\-@\t\r]/.test(field) ? `'${field}` : field;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${written.join(',')}\r\n`;
}

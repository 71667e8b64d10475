import { ANALYSIS_EVENTS } from '../../contract/events.ts';
import type { EventRow } from './queries.ts';
import type { TenantEventRow } from './repository.ts';

/** Events kept: what a reading room misses while it comes back, at about 0.5 kB each. */
const MOST = 2_000;
/** What the room `analysis` is told. */
export const ANALYSIS: ReadonlySet<string> = new Set(ANALYSIS_EVENTS);

/** What a process has handed out of late, so that a thousand clients that come back at once need not each read the table. */
export type Recent = {
  /** Takes the next events in, of all tenants; nothing in between is left out. */
  add(rows: readonly TenantEventRow[]): void;
  /** Whether everything after a number is here. */
  covers(since: number): boolean;
  /** After which number, up to which, and how many. */
  extent(): { after: number; upTo: number; count: number };
  /** Events of a tenant's rooms after `since`, as `listEventsAfter` reads them; undefined where not all of them are here. */
  list(tenantId: string, page: { since: number; upTo: number; rooms: ReadonlySet<string>; limit: number }): readonly EventRow[] | undefined;
};

/** @param position up to where nothing is kept */
export function keepRecent(position: number, most = MOST): Recent {
  let rows: TenantEventRow[] = [];
  let before = position;
  let last = position;
  const covers = (since: number): boolean => since >= before && since <= last;
  return {
    add: (next) => {
      rows.push(...next);
      last = next.at(-1)?.seq ?? last;
      // Not with every event.
      if (rows.length < 2 * most) return;
      const kept = rows.slice(-most);
      before = rows[rows.length - most - 1]?.seq ?? before;
      rows = kept;
    },
    covers,
    extent: () => ({ after: before, upTo: last, count: rows.length }),
    list: (tenantId, { since, upTo, rooms, limit }) => {
      if (!covers(since) || upTo > last) return undefined;
      const found: EventRow[] = [];
      for (let at = rows.findLastIndex(({ seq }) => seq <= since) + 1; at < rows.length && found.length < limit; at++) {
        const row = rows[at];
        if (row && row.seq <= upTo && row.tenant_id === tenantId && isTold(row, rooms)) found.push(row);
      }
      return found;
    },
  };
}

function isTold({ topic, type }: EventRow, rooms: ReadonlySet<string>): boolean {
  return rooms.has('all') || rooms.has(topic) || (rooms.has('analysis') && ANALYSIS.has(type));
}

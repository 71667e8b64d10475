import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { getAuditStatistics, listAuditCheckpoints, listAuditEntries, listDisclosures } from '../../../contract/audit.ts';
import type { AuditAction, AuditOutcome } from '../../../contract/audit-terms.ts';
import { call } from '../../api.ts';

const PAGE_SIZE = 200;

/** As they are typed; days are those of where one is. */
export type AuditFilters = {
  from: string;
  to: string;
  actor: string;
  patient: string;
  object: string;
  request_id: string;
  action: AuditAction | '';
  outcome: AuditOutcome | '';
};
export const NO_FILTERS: AuditFilters = { from: '', to: '', actor: '', patient: '', object: '', request_id: '', action: '', outcome: '' };

export const entriesQuery = (filters: AuditFilters) =>
  infiniteQueryOptions({
    queryKey: ['audit', filters],
    queryFn: ({ pageParam, signal }) => {
      const { from: _from, to: _to, action, outcome, ...words } = filters;
      const typed = Object.fromEntries(Object.entries(words).flatMap(([name, value]) => (value.trim() ? [[name, value.trim()]] : [])));
      const chosen = { ...(action ? { action } : {}), ...(outcome ? { outcome } : {}) };
      const query = { limit: PAGE_SIZE, ...spanOf(filters), ...typed, ...chosen, ...(pageParam ? { cursor: pageParam } : {}) };
      return call(listAuditEntries, { query }, { signal });
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });

export const statisticsQuery = queryOptions({
  queryKey: ['audit', 'statistics'],
  queryFn: ({ signal }) => call(getAuditStatistics, { query: {} }, { signal }),
});

export const checkpointsQuery = infiniteQueryOptions({
  queryKey: ['audit', 'checkpoints'],
  queryFn: ({ pageParam, signal }) =>
    call(listAuditCheckpoints, { query: { limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
  initialPageParam: '',
  getNextPageParam: (page) => page.next_cursor,
});

export const disclosuresQuery = (patient: string, staff: boolean) =>
  infiniteQueryOptions({
    queryKey: ['audit', 'disclosures', patient, staff],
    queryFn: ({ pageParam, signal }) =>
      call(listDisclosures, { query: { limit: PAGE_SIZE, patient, staff, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    enabled: patient !== '',
    // Whom a patient's data was given to is looked up, not kept.
    gcTime: 0,
  });

/** The instants between two days, both included; a day that is not given is no border. */
export function spanOf({ from, to }: Pick<AuditFilters, 'from' | 'to'>): { from?: string; to?: string } {
  return { ...(from ? { from: startOf(from, 0) } : {}), ...(to ? { to: startOf(to, 1) } : {}) };
}

function startOf(day: string, daysLater: number): string {
  const start = new Date(`${day}T00:00:00`);
  start.setDate(start.getDate() + daysLater);
  return start.toISOString();
}

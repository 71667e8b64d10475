import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import {
  type DiagnosisPriority,
  type DiagnosisStatus,
  getDiagnosis,
  getDiagnosisAgents,
  getDiagnosisStatus,
  listDiagnoses,
} from '../../contract/diagnosis.ts';
import { getDiagnosisResults } from '../../contract/diagnosis-results.ts';
import { listDiagnosisLinks } from '../../contract/diagnosis-shares.ts';
import { getDiagnosisTimeline, listDiagnosisComments } from '../../contract/diagnosis-work.ts';
import { call } from '../api.ts';

const PAGE_SIZE = 50;
/** Whoever hears no events asks for the state, and for nothing else, this often while agents work. */
const POLL_MS = 3000;

export type DiagnosesFilter = { status?: DiagnosisStatus; priority?: DiagnosisPriority; created_by?: string; from?: string };

export const diagnosesQuery = (filter: DiagnosesFilter) =>
  infiniteQueryOptions({
    queryKey: ['diagnoses', filter],
    queryFn: ({ pageParam, signal }) =>
      call(listDiagnoses, { query: { limit: PAGE_SIZE, ...filter, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });

export const diagnosisQuery = (id: string) =>
  queryOptions({ queryKey: ['diagnosis', id], queryFn: ({ signal }) => call(getDiagnosis, { params: { id } }, { signal }) });

/** @param hears whether events tell of every change */
export const diagnosisStatusQuery = (id: string, hears: boolean) =>
  queryOptions({
    queryKey: ['diagnosis', id, 'status'],
    queryFn: ({ signal }) => call(getDiagnosisStatus, { params: { id } }, { signal }),
    refetchInterval: ({ state }) => (hears || (state.data && isOver(state.data.status)) ? false : POLL_MS),
  });

export const diagnosisResultsQuery = (id: string) =>
  queryOptions({
    queryKey: ['diagnosis', id, 'results'],
    queryFn: ({ signal }) => call(getDiagnosisResults, { params: { id } }, { signal }),
  });

export const agentsReportsQuery = (id: string) =>
  queryOptions({
    queryKey: ['diagnosis', id, 'agents'],
    queryFn: ({ signal }) => call(getDiagnosisAgents, { params: { id } }, { signal }),
  });

export const diagnosisTimelineQuery = (id: string) =>
  queryOptions({
    queryKey: ['diagnosis', id, 'timeline'],
    queryFn: ({ signal }) => call(getDiagnosisTimeline, { params: { id } }, { signal }),
  });

export const diagnosisCommentsQuery = (id: string) =>
  queryOptions({
    queryKey: ['diagnosis', id, 'comments'],
    queryFn: ({ signal }) => call(listDiagnosisComments, { params: { id } }, { signal }),
  });

export const diagnosisLinksQuery = (id: string) =>
  queryOptions({
    queryKey: ['diagnosis', id, 'shares'],
    queryFn: ({ signal }) => call(listDiagnosisLinks, { params: { id } }, { signal }),
  });

export function isOver(status: string): boolean {
  return status === 'completed' || status === 'cancelled';
}

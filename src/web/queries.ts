import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { listAnalyses } from '../contract/analysis.ts';
import { computeScore, getScore, listScores, type ScoreInputValue } from '../contract/clinical.ts';
import { listFindings } from '../contract/findings.ts';
import { getProfile, getSetup, getWhoAmI } from '../contract/identity.ts';
import { listSignInProviders } from '../contract/identity-providers.ts';
import { listModels } from '../contract/models.ts';
import { listReports, type Report } from '../contract/reports.ts';
import { getStudy, listStudies, type StudySummary } from '../contract/studies.ts';
import { call } from './api.ts';

const PAGE_SIZE = 50;

/** Whether the server still receives, waits for or analyzes the study. */
export function isBusy(study: Pick<StudySummary, 'status' | 'analysis_status'>): boolean {
  return study.status === 'receiving' || study.analysis_status === 'queued' || study.analysis_status === 'running';
}

export const profileQuery = queryOptions({ queryKey: ['profile'], queryFn: ({ signal }) => call(getProfile, undefined, { signal }) });
/** Who the pages are shown to; another role or another session is another load of it. */
export const whoAmIQuery = queryOptions({
  queryKey: ['whoami'],
  queryFn: ({ signal }) => call(getWhoAmI, undefined, { signal }),
  staleTime: 60_000,
});
export const signInProvidersQuery = queryOptions({
  queryKey: ['sign-in-providers'],
  queryFn: ({ signal }) => call(listSignInProviders, { query: {} }, { signal }),
});
export const setupQuery = queryOptions({ queryKey: ['setup'], queryFn: ({ signal }) => call(getSetup, undefined, { signal }) });
export const modelsQuery = queryOptions({ queryKey: ['models'], queryFn: ({ signal }) => call(listModels, undefined, { signal }) });

export const scoresQuery = queryOptions({
  queryKey: ['scores'],
  queryFn: ({ signal }) => call(listScores, undefined, { signal }),
  staleTime: Infinity,
});
export const scoreQuery = (score: string) =>
  queryOptions({
    queryKey: ['scores', score],
    queryFn: ({ signal }) => call(getScore, { params: { score } }, { signal }),
    staleTime: Infinity,
  });
/** Inputs are kept in memory alone, and not for long: they are a patient's. */
export const scoreResultQuery = (score: string, inputs: Readonly<Record<string, ScoreInputValue>>) =>
  queryOptions({
    queryKey: ['scores', score, inputs],
    queryFn: ({ signal }) => call(computeScore, { params: { score }, body: { inputs } }, { signal }),
    gcTime: 0,
  });

export const studiesQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['studies', q],
    queryFn: ({ pageParam, signal }) =>
      call(listStudies, { query: { limit: PAGE_SIZE, ...(q ? { q } : {}), ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });

export const studyQuery = (study_instance_uid: string) =>
  queryOptions({
    queryKey: ['study', study_instance_uid],
    queryFn: ({ signal }) => call(getStudy, { params: { study_instance_uid } }, { signal }),
  });

export const analysesQuery = (study_instance_uid: string) =>
  queryOptions({
    queryKey: ['study', study_instance_uid, 'analyses'],
    queryFn: ({ signal }) => call(listAnalyses, { params: { study_instance_uid } }, { signal }),
  });

export const findingsQuery = (study_instance_uid: string) =>
  queryOptions({
    queryKey: ['study', study_instance_uid, 'findings'],
    queryFn: ({ signal }) => call(listFindings, { params: { study_instance_uid } }, { signal }),
  });

export const reportsQuery = (study_instance_uid: string) =>
  queryOptions({
    queryKey: ['study', study_instance_uid, 'reports'],
    queryFn: ({ signal }) => call(listReports, { params: { study_instance_uid } }, { signal }),
  });

/** Puts a report, new or changed, into the cached list of its study. */
export function putReport(queryClient: QueryClient, uid: string, report: Report): void {
  queryClient.setQueryData(reportsQuery(uid).queryKey, (before) => {
    const others = before?.items.filter(({ id }) => id !== report.id) ?? [];
    return { items: [report, ...others].toSorted((a, b) => b.version - a.version) };
  });
}

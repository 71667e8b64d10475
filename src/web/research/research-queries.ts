import { queryOptions } from '@tanstack/react-query';
import type { Input } from '../../contract/endpoint.ts';
import { searchLiterature } from '../../contract/literature.ts';
import { matchTrials } from '../../contract/trials.ts';
import { call } from '../api.ts';

export type LiteratureQuestion = Input<typeof searchLiterature>['query'];
export type TrialQuestion = Input<typeof matchTrials>['query'];

export const literatureQuery = (query: LiteratureQuestion) =>
  queryOptions({
    queryKey: ['literature', query],
    queryFn: ({ signal }) => call(searchLiterature, { query }, { signal }),
    staleTime: 60_000,
  });

/** Kept no longer than it is shown: it is a patient's. */
export const trialsQuery = (query: TrialQuestion) =>
  queryOptions({ queryKey: ['trials', query], queryFn: ({ signal }) => call(matchTrials, { query }, { signal }), gcTime: 0 });

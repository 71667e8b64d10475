import { queryOptions } from '@tanstack/react-query';
import { getChanges, listPriors } from '../../contract/priors.ts';
import { call } from '../api.ts';

export const priorsQuery = (study_instance_uid: string) =>
  queryOptions({
    queryKey: ['study', study_instance_uid, 'priors'],
    queryFn: ({ signal }) => call(listPriors, { params: { study_instance_uid } }, { signal }),
    staleTime: 60_000,
  });

export const changesQuery = (study_instance_uid: string, prior_study: string) =>
  queryOptions({
    queryKey: ['changes', study_instance_uid, prior_study],
    queryFn: ({ signal }) => call(getChanges, { params: { study_instance_uid }, query: { prior_study } }, { signal }),
  });

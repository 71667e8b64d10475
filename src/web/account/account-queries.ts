import { queryOptions } from '@tanstack/react-query';
import { listSessions } from '../../contract/identity.ts';
import { getFactors } from '../../contract/identity-factors.ts';
import { listPasskeys } from '../../contract/identity-passkeys.ts';
import { call } from '../api.ts';

export const accountQueries = {
  factors: queryOptions({ queryKey: ['account', 'factors'], queryFn: ({ signal }) => call(getFactors, undefined, { signal }) }),
  passkeys: queryOptions({ queryKey: ['account', 'passkeys'], queryFn: ({ signal }) => call(listPasskeys, undefined, { signal }) }),
  sessions: queryOptions({ queryKey: ['account', 'sessions'], queryFn: ({ signal }) => call(listSessions, undefined, { signal }) }),
};

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { listInvitations, listRegistrations, listUserSessions, listUsers, type TenantRole } from '../../../contract/identity-users.ts';
import { call } from '../../api.ts';

const PAGE_SIZE = 100;
/** The beginning of every key of a list of accounts. */
export const USERS = ['users'];
export const INVITATIONS = ['invitations'];
export const REGISTRATIONS = ['registrations'];

export type UserFilters = { search: string; role: TenantRole | ''; state: '' | 'active' | 'inactive' };

export const usersQuery = ({ search, role, state }: UserFilters) =>
  infiniteQueryOptions({
    queryKey: [...USERS, search, role, state],
    queryFn: ({ pageParam, signal }) =>
      call(
        listUsers,
        {
          query: {
            limit: PAGE_SIZE,
            ...(search ? { search } : {}),
            ...(role ? { role } : {}),
            ...(state ? { is_active: state === 'active' } : {}),
            ...(pageParam ? { cursor: pageParam } : {}),
          },
        },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });

export const userSessionsQuery = (id: string) =>
  queryOptions({
    queryKey: [...USERS, id, 'sessions'],
    queryFn: ({ signal }) => call(listUserSessions, { params: { id } }, { signal }),
  });

export const invitationsQuery = queryOptions({
  queryKey: INVITATIONS,
  queryFn: ({ signal }) => call(listInvitations, undefined, { signal }),
});
export const registrationsQuery = queryOptions({
  queryKey: REGISTRATIONS,
  queryFn: ({ signal }) => call(listRegistrations, undefined, { signal }),
});

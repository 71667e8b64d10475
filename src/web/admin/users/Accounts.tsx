import { useInfiniteQuery } from '@tanstack/react-query';
import { LockKeyhole, ServerCog, UserCheck, UserSearch, UserX } from 'lucide-react';
import { useState } from 'react';
import type { User } from '../../../contract/identity-users.ts';
import { dateTime } from '../../format.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { DataTable, ROW_LINK_CLASS } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import { SearchBox } from '../../ui/SearchBox.tsx';
import { Select } from '../../ui/Select.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { useDebounced } from '../../ui/use-debounced.ts';
import { ROLE_CHOICES } from './roles.ts';
import { UserDrawer } from './UserDrawer.tsx';
import { type UserFilters, usersQuery } from './user-queries.ts';

const { users: text, common, roles } = peopleWords;
const STATES = [
  ['', common.anyState],
  ['active', common.active],
  ['inactive', text.inactive],
] as const;

/** The accounts, found by name, role and state; one opens beside the list. */
export function Accounts({ mayChange }: { mayChange: boolean }) {
  const [filters, setFilters] = useState<UserFilters>({ search: '', role: '', state: '' });
  const [openedId, setOpenedId] = useState<string>();
  const search = useDebounced(filters.search.trim(), 150);
  const users = useInfiniteQuery({ ...usersQuery({ ...filters, search }), placeholderData: (before) => before });
  const rows = users.data?.pages.flatMap(({ items }) => items);
  const opened = rows?.find(({ id }) => id === openedId);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex shrink-0 flex-wrap gap-2 px-4 py-2 max-md:px-3">
        <SearchBox
          label={text.search}
          hasShortcut
          className="w-80 max-sm:w-full"
          value={filters.search}
          onChange={(value) => setFilters({ ...filters, search: value })}
        />
        <Select
          isLabelHidden
          label={common.role}
          className="w-44"
          value={filters.role}
          choices={[['', common.anyRole], ...ROLE_CHOICES]}
          onChange={(role) => setFilters({ ...filters, role })}
        />
        <Select
          isLabelHidden
          label={common.state}
          className="w-44"
          value={filters.state}
          choices={STATES}
          onChange={(state) => setFilters({ ...filters, state })}
        />
      </div>
      <ScrollArea label={text.tabs.accounts}>
        <DataTable
          caption={text.tabs.accounts}
          columns={columnsFor(setOpenedId)}
          rows={rows}
          rowKey={({ id }) => id}
          error={users.error}
          onRetry={() => void users.refetch()}
          empty={<EmptyState icon={UserSearch} title={text.none} detail={text.noneDetail} />}
          hasMore={users.hasNextPage}
          isLoadingMore={users.isFetchingNextPage}
          onMore={() => void users.fetchNextPage()}
        />
      </ScrollArea>
      {opened && <UserDrawer key={opened.id} user={opened} mayChange={mayChange} onClose={() => setOpenedId(undefined)} />}
    </div>
  );
}

function columnsFor(onOpen: (id: string) => void): Column<User>[] {
  return [
    {
      key: 'username',
      title: text.username,
      cell: ({ id, username }) => (
        <button type="button" className={`${ROW_LINK_CLASS} max-w-full truncate text-start`} onClick={() => onOpen(id)}>
          <bdi>{username}</bdi>
        </button>
      ),
    },
    { key: 'full_name', title: text.fullName, cell: ({ full_name }) => <bdi>{full_name}</bdi> },
    {
      key: 'role',
      title: common.role,
      width: '11rem',
      cell: ({ role, is_operator }) => (
        <span className="inline-flex items-center gap-1.5">
          {roles[role]}
          {is_operator && <ServerCog role="img" aria-label={text.operator} size={14} className="text-muted" />}
        </span>
      ),
    },
    { key: 'state', title: common.state, width: '9rem', cell: (user) => <UserState user={user} /> },
    {
      key: 'last_login',
      title: text.lastLogin,
      width: '12rem',
      hideBelow: 'lg',
      cell: ({ last_login }) => (
        <span className="text-muted tabular-nums">{last_login === null ? common.never : dateTime(last_login)}</span>
      ),
    },
  ];
}

function UserState({ user: { is_active, locked_until } }: { user: User }) {
  if (!is_active) return <Badge icon={UserX}>{text.inactive}</Badge>;
  if (locked_until)
    return (
      <Badge tone="attention" icon={LockKeyhole} title={common.until(dateTime(locked_until))}>
        {text.locked}
      </Badge>
    );
  return <Badge icon={UserCheck}>{common.active}</Badge>;
}

import { useQuery } from '@tanstack/react-query';
import { MailPlus } from 'lucide-react';
import { type Invitation, withdrawInvitation } from '../../../contract/identity-users.ts';
import { call } from '../../api.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { Button } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { useAct } from '../use-act.ts';
import { When } from '../When.tsx';
import { INVITATIONS, invitationsQuery } from './user-queries.ts';

const { invitations: text, users, common, roles } = peopleWords;

/** Links that nobody has used yet. */
export function Invitations({ mayChange }: { mayChange: boolean }) {
  const invitations = useQuery(invitationsQuery);
  const withdraw = useAct({
    run: (id: string) => call(withdrawInvitation, { params: { id } }),
    refreshes: [INVITATIONS],
    said: () => text.withdrawn,
  });
  const columns: Column<Invitation>[] = [
    {
      key: 'name',
      title: common.name,
      cell: ({ full_name, email }) => (
        <bdi>{[full_name, email].filter(Boolean).join(' \u00b7 ') || <span className="text-muted">{text.anybody}</span>}</bdi>
      ),
    },
    { key: 'role', title: common.role, width: '11rem', cell: ({ role }) => roles[role] },
    { key: 'created', title: common.created, width: '12rem', hideBelow: 'lg', cell: ({ created_at }) => <When at={created_at} /> },
    { key: 'expires', title: common.expires, width: '12rem', cell: ({ expires_at }) => <When at={expires_at} /> },
    ...(mayChange ? [{ key: 'act', title: '', width: '9rem', align: 'end' as const, cell: withdrawal }] : []),
  ];
  function withdrawal({ id }: Invitation) {
    return (
      <Button look="quiet" busy={withdraw.isPending && withdraw.variables === id} onClick={() => withdraw.mutate(id)}>
        {text.withdraw}
      </Button>
    );
  }
  return (
    <ScrollArea label={users.tabs.invitations} className="h-full">
      <DataTable
        caption={users.tabs.invitations}
        columns={columns}
        rows={invitations.data?.items}
        rowKey={({ id }) => id}
        error={invitations.error}
        onRetry={() => void invitations.refetch()}
        empty={<EmptyState icon={MailPlus} title={text.none} detail={text.noneDetail} />}
      />
    </ScrollArea>
  );
}

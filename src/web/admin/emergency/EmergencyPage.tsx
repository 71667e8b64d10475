import { useInfiniteQuery } from '@tanstack/react-query';
import { Check, Siren } from 'lucide-react';
import type { BreakGlass } from '../../../contract/identity-users.ts';
import { adminWords } from '../../strings/admin/words.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { emergencyQuery } from '../people-queries.ts';
import { When } from '../When.tsx';

const { emergency: text } = peopleWords;

const COLUMNS: readonly Column<BreakGlass>[] = [
  { key: 'who', title: text.who, width: '11rem', cell: ({ username }) => <bdi className="font-medium">{username}</bdi> },
  {
    key: 'reason',
    title: text.reason,
    cell: ({ reason }) => (
      <bdi className="line-clamp-2 whitespace-normal" title={reason}>
        {reason}
      </bdi>
    ),
  },
  {
    key: 'what',
    title: text.what,
    width: '14rem',
    hideBelow: 'lg',
    cell: ({ study_instance_uid }) => (
      <span className="text-muted" title={study_instance_uid ?? ''}>
        {study_instance_uid ? text.study : text.patient}
      </span>
    ),
  },
  { key: 'taken', title: text.taken, width: '12rem', cell: ({ created_at }) => <When at={created_at} /> },
  {
    key: 'ends',
    title: text.ends,
    width: '12rem',
    hideBelow: 'xl',
    cell: ({ ended_at, expires_at }) => <When at={ended_at ?? expires_at} />,
  },
  {
    key: 'state',
    title: peopleWords.common.state,
    width: '7rem',
    cell: ({ ended_at, expires_at }) =>
      ended_at === null && Date.parse(expires_at) > Date.now() ? (
        <Badge tone="attention" icon={Siren}>
          {text.open}
        </Badge>
      ) : (
        <Badge icon={Check}>{text.over}</Badge>
      ),
  },
];

/** Emergency access that was taken, for whoever looks after it. */
export function EmergencyPage() {
  const taken = useInfiniteQuery(emergencyQuery);
  const { emergency } = adminWords.places;
  return (
    <>
      <PageHeader title={emergency} lead={text.lead} />
      <ScrollArea label={emergency}>
        <DataTable
          caption={emergency}
          columns={COLUMNS}
          rows={taken.data?.pages.flatMap(({ items }) => items)}
          rowKey={({ id }) => id}
          error={taken.error}
          onRetry={() => void taken.refetch()}
          empty={<EmptyState icon={Siren} title={text.none} detail={text.noneDetail} />}
          hasMore={taken.hasNextPage}
          isLoadingMore={taken.isFetchingNextPage}
          onMore={() => void taken.fetchNextPage()}
        />
      </ScrollArea>
    </>
  );
}

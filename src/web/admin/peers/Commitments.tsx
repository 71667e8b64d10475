import { useQuery } from '@tanstack/react-query';
import { Check, CircleX, Clock3, FileCheck } from 'lucide-react';
import type { Commitment } from '../../../contract/forwards.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { commitmentsQuery } from '../operations-queries.ts';
import { When } from '../When.tsx';

const text = operationsWords.commitments;
const LOOKS = {
  waiting: { icon: Clock3 },
  requested: { icon: Clock3 },
  reported: { tone: 'accepted', icon: Check },
  committed: { tone: 'accepted', icon: Check },
  failed: { tone: 'critical', icon: CircleX },
} as const;

/** Who takes responsibility for which objects: asked of us, and asked by us. */
export function Commitments() {
  const commitments = useQuery(commitmentsQuery);
  return (
    <DataTable
      caption={operationsWords.peers.parts.commitments}
      columns={COLUMNS}
      rows={commitments.data?.items}
      rowKey={({ id }) => id}
      error={commitments.error}
      onRetry={() => void commitments.refetch()}
      empty={<EmptyState icon={FileCheck} title={text.none} detail={text.noneDetail} />}
    />
  );
}

const COLUMNS: readonly Column<Commitment>[] = [
  {
    key: 'who',
    title: operationsWords.peers.aeTitle,
    width: '10rem',
    cell: ({ ae_title }) => <bdi className="font-medium">{ae_title}</bdi>,
  },
  { key: 'role', title: text.role, width: '12rem', cell: ({ role }) => text.roles[role] },
  {
    key: 'state',
    title: operationsWords.forwards.state,
    width: '10rem',
    cell: ({ status }) => <Badge {...LOOKS[status]}>{text.states[status]}</Badge>,
  },
  {
    key: 'count',
    title: text.objects,
    width: '9rem',
    align: 'end',
    cell: ({ item_count, failures }) => (failures.length > 0 ? text.without(item_count, failures.length) : item_count),
  },
  { key: 'why', title: operationsWords.forwards.why, cell: ({ last_error }) => <span className="text-muted">{last_error}</span> },
  {
    key: 'when',
    title: operationsWords.forwards.when,
    width: '12rem',
    hideBelow: 'lg',
    cell: ({ created_at }) => <When at={created_at} />,
  },
];

import { useQuery } from '@tanstack/react-query';
import { Ban, Check, CircleX, Clock3, LoaderCircle, RotateCw, Send, X } from 'lucide-react';
import { cancelForward, type Forward, retryForward } from '../../../contract/forwards.ts';
import { call } from '../../api.ts';
import { useRights } from '../../rights.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { IconButton } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { forwardsQuery } from '../operations-queries.ts';
import { useAct } from '../use-act.ts';
import { When } from '../When.tsx';
import { StudyLink } from './StudyLink.tsx';

const text = operationsWords.forwards;
const LOOKS = {
  waiting: { icon: Clock3 },
  sending: { icon: LoaderCircle, spin: true },
  sent: { tone: 'accepted', icon: Check },
  failed: { tone: 'critical', icon: CircleX },
  cancelled: { icon: Ban },
} as const;

/** What is sent to applications, and how far it is. */
export function Forwards() {
  const forwards = useQuery(forwardsQuery);
  const mayWrite = useRights()?.('study:write') ?? false;
  const refreshes = [forwardsQuery.queryKey];
  const again = useAct({
    run: ({ id }: Forward) => call(retryForward, { params: { id } }),
    refreshes,
    said: ({ ae_title }) => text.again(ae_title),
  });
  const stop = useAct({
    run: ({ id }: Forward) => call(cancelForward, { params: { id } }),
    refreshes,
    said: ({ ae_title }) => text.stopped(ae_title),
    undo: (forward) => again.mutate(forward),
  });
  const acts: Column<Forward> = {
    key: 'acts',
    title: '',
    width: '6rem',
    align: 'end',
    cell: (forward) => (
      <span className="-my-1 inline-flex">
        {['waiting', 'failed', 'cancelled'].includes(forward.status) && (
          <IconButton icon={RotateCw} label={text.retry(forward.ae_title)} onClick={() => again.mutate(forward)} />
        )}
        {['waiting', 'sending'].includes(forward.status) && (
          <IconButton icon={X} label={text.cancel(forward.ae_title)} onClick={() => stop.mutate(forward)} />
        )}
      </span>
    ),
  };
  return (
    <DataTable
      caption={operationsWords.peers.parts.sent}
      columns={mayWrite ? [...COLUMNS, acts] : COLUMNS}
      rows={forwards.data?.items}
      rowKey={({ id }) => id}
      error={forwards.error}
      onRetry={() => void forwards.refetch()}
      empty={<EmptyState icon={Send} title={text.none} detail={text.noneDetail} />}
    />
  );
}

const COLUMNS: readonly Column<Forward>[] = [
  { key: 'to', title: text.to, width: '10rem', cell: ({ ae_title }) => <bdi className="font-medium">{ae_title}</bdi> },
  { key: 'study', title: text.study, width: '7rem', cell: ({ study_instance_uid }) => <StudyLink uid={study_instance_uid} /> },
  { key: 'state', title: text.state, width: '9rem', cell: ({ status }) => <Badge {...LOOKS[status]}>{text.states[status]}</Badge> },
  {
    key: 'count',
    title: text.count,
    width: '7rem',
    align: 'end',
    cell: ({ sent_count, total_count }) => (total_count === 0 ? '\u2013' : `${sent_count} / ${total_count}`),
  },
  {
    key: 'commitment',
    title: text.commitment,
    width: '9rem',
    hideBelow: 'xl',
    cell: ({ commitment }) => <span className="text-muted">{text.commitments[commitment]}</span>,
  },
  {
    key: 'why',
    title: text.why,
    cell: ({ last_error, is_by_rule }) => (
      <span className="text-muted" title={last_error ?? ''}>
        {last_error ?? (is_by_rule ? text.byRule : '')}
      </span>
    ),
  },
  { key: 'when', title: text.when, width: '12rem', hideBelow: 'lg', cell: ({ created_at }) => <When at={created_at} /> },
];

import { useQuery } from '@tanstack/react-query';
import { Ban, Check, CircleX, Clock3, Download, LoaderCircle, RotateCw, X } from 'lucide-react';
import { cancelRetrieval, type Retrieval, retryRetrieval } from '../../../contract/retrievals.ts';
import { call } from '../../api.ts';
import { useRights } from '../../rights.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { IconButton } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { retrievalsQuery } from '../operations-queries.ts';
import { useAct } from '../use-act.ts';
import { When } from '../When.tsx';
import { StudyLink } from './StudyLink.tsx';

const text = operationsWords.retrievals;
const LOOKS = {
  waiting: { icon: Clock3 },
  running: { icon: LoaderCircle, spin: true },
  done: { tone: 'accepted', icon: Check },
  failed: { tone: 'critical', icon: CircleX },
  cancelled: { icon: Ban },
} as const;

/** What is fetched from applications, and how far it is. */
export function Retrievals() {
  const retrievals = useQuery(retrievalsQuery);
  const mayWrite = useRights()?.('study:write') ?? false;
  const refreshes = [retrievalsQuery.queryKey];
  const again = useAct({
    run: ({ id }: Retrieval) => call(retryRetrieval, { params: { id } }),
    refreshes,
    said: ({ ae_title }) => text.again(ae_title),
  });
  const stop = useAct({
    run: ({ id }: Retrieval) => call(cancelRetrieval, { params: { id } }),
    refreshes,
    said: ({ ae_title }) => text.stopped(ae_title),
    undo: (retrieval) => again.mutate(retrieval),
  });
  const acts: Column<Retrieval> = {
    key: 'acts',
    title: '',
    width: '6rem',
    align: 'end',
    cell: (retrieval) => (
      <span className="-my-1 inline-flex">
        {['failed', 'cancelled'].includes(retrieval.status) && (
          <IconButton icon={RotateCw} label={text.retry(retrieval.ae_title)} onClick={() => again.mutate(retrieval)} />
        )}
        {['waiting', 'running'].includes(retrieval.status) && (
          <IconButton icon={X} label={text.cancel(retrieval.ae_title)} onClick={() => stop.mutate(retrieval)} />
        )}
      </span>
    ),
  };
  return (
    <DataTable
      caption={operationsWords.peers.parts.fetched}
      columns={mayWrite ? [...COLUMNS, acts] : COLUMNS}
      rows={retrievals.data?.items}
      rowKey={({ id }) => id}
      error={retrievals.error}
      onRetry={() => void retrievals.refetch()}
      empty={<EmptyState icon={Download} title={text.none} detail={text.noneDetail} />}
    />
  );
}

const COLUMNS: readonly Column<Retrieval>[] = [
  { key: 'from', title: text.from, width: '10rem', cell: ({ ae_title }) => <bdi className="font-medium">{ae_title}</bdi> },
  {
    key: 'study',
    title: operationsWords.forwards.study,
    width: '7rem',
    cell: ({ study_instance_uid, completed }) =>
      completed > 0 ? <StudyLink uid={study_instance_uid} /> : <span className="text-faint">{'\u2013'}</span>,
  },
  {
    key: 'state',
    title: operationsWords.forwards.state,
    width: '9rem',
    cell: ({ status }) => <Badge {...LOOKS[status]}>{text.states[status]}</Badge>,
  },
  {
    key: 'count',
    title: text.count,
    width: '9rem',
    align: 'end',
    cell: ({ completed, failed, warning, remaining }) => {
      const all = completed + failed + warning + (remaining ?? 0);
      return all === 0 ? '\u2013' : `${completed + warning} / ${all}`;
    },
  },
  {
    key: 'why',
    title: operationsWords.forwards.why,
    cell: ({ detail, status }) => (
      <span className="text-muted" title={detail ?? ''}>
        {status === 'failed' ? detail : ''}
      </span>
    ),
  },
  {
    key: 'when',
    title: operationsWords.forwards.when,
    width: '12rem',
    hideBelow: 'lg',
    cell: ({ created_at }) => <When at={created_at} />,
  },
];

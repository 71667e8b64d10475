import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ban, Check, Eraser, Hourglass, LoaderCircle, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { approveErasure, type Erasure, refuseErasure } from '../../../contract/privacy.ts';
import { call } from '../../api.ts';
import { dataWords } from '../../strings/data/words.ts';
import { peopleWords } from '../../strings/people/words.ts';
import { Badge, type Tone } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { showToast } from '../../ui/toast.ts';
import { FormModal } from '../FormModal.tsx';
import { useAct } from '../use-act.ts';
import { When } from '../When.tsx';
import { AccountName } from './AccountName.tsx';
import { erasuresQuery } from './privacy-queries.ts';

const { privacy: text } = dataWords;
const NEEDED = 2;
const LOOKS: Record<Erasure['status'], { tone: Tone; icon: LucideIcon }> = {
  requested: { tone: 'attention', icon: Hourglass },
  approved: { tone: 'attention', icon: LoaderCircle },
  done: { tone: 'neutral', icon: Check },
  refused: { tone: 'neutral', icon: Ban },
};

/** Erasures, asked for and done. */
export function Erasures() {
  const erasures = useInfiniteQuery(erasuresQuery);
  const [approving, setApproving] = useState<Erasure>();
  const refuse = useAct({
    run: (id: string) => call(refuseErasure, { params: { id } }),
    refreshes: [erasuresQuery.queryKey],
    said: () => text.isRefused,
  });
  return (
    <ScrollArea label={text.tabs.erasures} className="h-full">
      <DataTable
        caption={text.tabs.erasures}
        columns={columnsFor(setApproving, (id) => refuse.mutate(id))}
        rows={erasures.data?.pages.flatMap(({ items }) => items)}
        rowKey={({ id }) => id}
        error={erasures.error}
        onRetry={() => void erasures.refetch()}
        empty={<EmptyState icon={Eraser} title={text.none} detail={text.noneDetail} />}
        hasMore={erasures.hasNextPage}
        isLoadingMore={erasures.isFetchingNextPage}
        onMore={() => void erasures.fetchNextPage()}
      />
      {approving && <ApproveDialog erasure={approving} onClose={() => setApproving(undefined)} />}
    </ScrollArea>
  );
}

function ApproveDialog({ erasure, onClose }: { erasure: Erasure; onClose: () => void }) {
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: () => call(approveErasure, { params: { id: erasure.id } }),
    onSuccess: async () => {
      onClose();
      showToast({ text: text.approved });
      await queryClient.invalidateQueries({ queryKey: erasuresQuery.queryKey });
    },
  });
  return (
    <FormModal title={text.approveTitle} lead={text.approveDetail} action={text.approve} isDanger act={act} onClose={onClose}>
      <p>
        <bdi>{erasure.reason}</bdi>
      </p>
    </FormModal>
  );
}

function columnsFor(onApprove: (erasure: Erasure) => void, onRefuse: (id: string) => void): Column<Erasure>[] {
  return [
    {
      key: 'reason',
      title: text.reason,
      cell: ({ reason }) => (
        <bdi className="font-medium" title={reason}>
          {reason}
        </bdi>
      ),
    },
    {
      key: 'patient',
      title: peopleWords.roles.patient,
      width: '10rem',
      cell: ({ patient_key: key }) =>
        key ? (
          <Link to="/patients/$key" params={{ key }} className="underline">
            {text.openPatient}
          </Link>
        ) : (
          <span className="text-muted">{text.gone}</span>
        ),
    },
    { key: 'by', title: text.by, width: '10rem', hideBelow: 'xl', cell: ({ requested_by }) => <AccountName id={requested_by} /> },
    { key: 'asked', title: text.asked, width: '11rem', hideBelow: 'lg', cell: ({ requested_at }) => <When at={requested_at} /> },
    {
      key: 'approvals',
      title: text.approvals,
      width: '8rem',
      cell: ({ approvals }) => <span className="tabular-nums">{`${approvals.length} / ${NEEDED}`}</span>,
    },
    {
      key: 'state',
      title: peopleWords.common.state,
      width: '11rem',
      cell: ({ status }) => <Badge {...LOOKS[status]}>{text.statuses[status]}</Badge>,
    },
    {
      key: 'acts',
      title: '',
      width: '12rem',
      align: 'end',
      cell: (erasure) =>
        erasure.status === 'requested' && (
          <span className="inline-flex gap-1">
            <Button look="quiet" onClick={() => onRefuse(erasure.id)}>
              {text.refuse}
            </Button>
            <Button className="my-0.5 h-7!" onClick={() => onApprove(erasure)}>
              {text.approve}
            </Button>
          </span>
        ),
    },
  ];
}

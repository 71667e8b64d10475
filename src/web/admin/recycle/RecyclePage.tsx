import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Ellipsis, Recycle, RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { purgeRecycled, type RecycledItem, restoreRecycled } from '../../../contract/recycle-bin.ts';
import { call } from '../../api.ts';
import { decimal, personName } from '../../format.ts';
import { useRights } from '../../rights.ts';
import { adminWords } from '../../strings/admin/words.ts';
import { dataWords } from '../../strings/data/words.ts';
import { strings } from '../../strings/strings.ts';
import { IconButton } from '../../ui/Button.tsx';
import { ConfirmDanger } from '../../ui/ConfirmDanger.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { AccountName } from '../privacy/AccountName.tsx';
import { recycledQuery } from '../privacy/privacy-queries.ts';
import { useAct } from '../use-act.ts';
import { When } from '../When.tsx';

const { recycle: text, privacy } = dataWords;
/** Whose studies are back is shown in many places. */
const REFRESHES = [recycledQuery.queryKey, ['studies'], ['worklist'], ['reading-list'], ['patients'], ['patient']];

const COLUMNS: readonly Column<RecycledItem>[] = [
  {
    key: 'patient',
    title: text.patient,
    cell: ({ patient_name, patient_id }) => (
      <>
        <bdi className="font-medium">{personName(patient_name) || strings.studies.unnamed}</bdi>{' '}
        <bdi className="text-muted">{patient_id}</bdi>
      </>
    ),
  },
  {
    key: 'what',
    title: text.what,
    width: '13rem',
    cell: ({ study_instance_uid }) => (study_instance_uid ? text.study : text.whole),
  },
  {
    key: 'images',
    title: text.images,
    width: '6rem',
    align: 'end',
    hideBelow: 'lg',
    cell: ({ instance_count }) => decimal(instance_count),
  },
  { key: 'deleted', title: text.deleted, width: '11rem', cell: ({ deleted_at }) => <When at={deleted_at} /> },
  { key: 'by', title: privacy.by, width: '10rem', hideBelow: 'xl', cell: ({ deleted_by }) => <AccountName id={deleted_by} /> },
  { key: 'purge', title: text.purged, width: '11rem', hideBelow: 'lg', cell: ({ purge_after }) => <When at={purge_after} /> },
];

/** Deleted studies and patients, which can be put back. */
export function RecyclePage() {
  const recycled = useInfiniteQuery(recycledQuery);
  const title = adminWords.places.recycle;
  return (
    <>
      <PageHeader title={title} lead={text.lead} />
      <ScrollArea label={title}>
        <DataTable
          caption={title}
          columns={[...COLUMNS, { key: 'acts', title: '', width: '4rem', align: 'end', cell: (item) => <Acts item={item} /> }]}
          rows={recycled.data?.pages.flatMap(({ items }) => items)}
          rowKey={({ id }) => id}
          error={recycled.error}
          onRetry={() => void recycled.refetch()}
          empty={<EmptyState icon={Recycle} title={text.none} detail={text.noneDetail} />}
          hasMore={recycled.hasNextPage}
          isLoadingMore={recycled.isFetchingNextPage}
          onMore={() => void recycled.fetchNextPage()}
        />
      </ScrollArea>
    </>
  );
}

function Acts({ item }: { item: RecycledItem }) {
  const [isPurging, setIsPurging] = useState(false);
  const mayPurge = useRights()?.('patient:erase') ?? false;
  const params = { id: item.id };
  const restore = useAct({ run: () => call(restoreRecycled, { params }), refreshes: REFRESHES, said: () => text.restored });
  const queryClient = useQueryClient();
  const purge = useMutation({
    mutationFn: () => call(purgeRecycled, { params }),
    onSuccess: async () => {
      setIsPurging(false);
      await queryClient.invalidateQueries({ queryKey: recycledQuery.queryKey });
    },
  });
  return (
    <>
      <Menu
        trigger={<IconButton icon={Ellipsis} label={text.actions(personName(item.patient_name) || item.patient_id)} />}
        items={[
          { title: text.restore, icon: RotateCcw, onSelect: () => restore.mutate() },
          ...(mayPurge ? [{ title: text.purge, icon: Trash2, isDanger: true, onSelect: () => setIsPurging(true) }] : []),
        ]}
      />
      {isPurging && (
        <ConfirmDanger
          title={text.purge}
          word={item.patient_id}
          action={text.purge}
          busy={purge.isPending}
          error={purge.error}
          onConfirm={() => purge.mutate()}
          onClose={() => setIsPurging(false)}
        >
          {text.purgeDetail}
        </ConfirmDanger>
      )}
    </>
  );
}

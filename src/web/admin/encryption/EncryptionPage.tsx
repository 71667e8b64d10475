import { queryOptions, useQuery } from '@tanstack/react-query';
import { Check, History, KeyRound, Lock, LockOpen } from 'lucide-react';
import { type EncryptionState, getEncryption, rotateKey } from '../../../contract/encryption.ts';
import { call } from '../../api.ts';
import { useRights } from '../../rights.ts';
import { adminWords } from '../../strings/admin/words.ts';
import { dataWords } from '../../strings/data/words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { useAct } from '../use-act.ts';
import { When } from '../When.tsx';

const { encryption: text } = dataWords;
type Key = EncryptionState['keys'][number];

const encryptionQuery = queryOptions({
  queryKey: ['encryption'],
  queryFn: ({ signal }) => call(getEncryption, undefined, { signal }),
});

const COLUMNS: readonly Column<Key>[] = [
  { key: 'id', title: text.id, cell: ({ id }) => <code className="text-sm">{id}</code> },
  {
    key: 'master',
    title: text.master,
    width: '14rem',
    hideBelow: 'lg',
    cell: ({ master_key_id }) => <code className="text-sm text-muted">{master_key_id}</code>,
  },
  { key: 'created', title: text.created, width: '12rem', cell: ({ created_at }) => <When at={created_at} /> },
  {
    key: 'replaced',
    title: text.replaced,
    width: '12rem',
    hideBelow: 'lg',
    cell: ({ replaced_at }) => <When at={replaced_at} otherwise={'\u2013'} />,
  },
  {
    key: 'state',
    title: text.state,
    width: '8rem',
    cell: ({ replaced_at }) =>
      replaced_at === null ? <Badge icon={Check}>{text.present}</Badge> : <Badge icon={History}>{text.former}</Badge>,
  },
];

/** How what is stored is encrypted, and another key for it. */
export function EncryptionPage() {
  const state = useQuery(encryptionQuery);
  const mayChange = useRights()?.('system:write') ?? false;
  const rotate = useAct({ run: () => call(rotateKey), refreshes: [encryptionQuery.queryKey], said: () => text.rotated });
  const title = adminWords.places.encryption;
  return (
    <>
      <PageHeader
        title={title}
        lead={<span className="block max-w-180">{text.lead}</span>}
        actions={
          mayChange && (
            <Button busy={rotate.isPending} onClick={() => rotate.mutate()}>
              {text.rotate}
            </Button>
          )
        }
      />
      {state.data && <FileState isOn={state.data.files} />}
      <ScrollArea label={title}>
        <DataTable
          caption={text.keys}
          columns={COLUMNS}
          rows={state.data?.keys}
          rowKey={({ id }) => id}
          error={state.error}
          onRetry={() => void state.refetch()}
          empty={<EmptyState icon={KeyRound} title={text.none} detail={text.noneDetail} />}
        />
      </ScrollArea>
    </>
  );
}

function FileState({ isOn }: { isOn: boolean }) {
  const Icon = isOn ? Lock : LockOpen;
  return (
    <p className={`flex items-center gap-2 px-4 pb-3 max-md:px-3 ${isOn ? 'text-accepted' : 'text-attention'}`}>
      <Icon aria-hidden size={15} className="shrink-0" />
      <span>
        {isOn ? text.on : text.off}
        {!isOn && <span className="text-muted"> {text.offDetail}</span>}
      </span>
    </p>
  );
}

import { useMutation, useQuery } from '@tanstack/react-query';
import { Check, CircleX, Ellipsis, LoaderCircle, Lock, Pencil, Radio, Search, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { addPeer, echoPeer, type Peer, removePeer } from '../../../contract/peers.ts';
import { call } from '../../api.ts';
import { useRights } from '../../rights.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Menu } from '../../ui/Menu.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { peersQuery } from '../operations-queries.ts';
import { useAct } from '../use-act.ts';
import { PeerDialog } from './PeerDialog.tsx';
import { QueryDrawer } from './QueryDrawer.tsx';

const text = operationsWords.peers;

/** The applications that may associate. */
export function PeerTable({ mayWrite, onAdd }: { mayWrite: boolean; onAdd: () => void }) {
  const peers = useQuery(peersQuery);
  const [editing, setEditing] = useState<Peer>();
  const [asking, setAsking] = useState<Peer>();
  const mayAsk = useRights()?.('study:write') ?? false;
  const back = useAct({
    run: ({ id: _, created_at: __, ...peer }: Peer) => call(addPeer, { body: peer }),
    refreshes: [peersQuery.queryKey],
  });
  const remove = useAct({
    run: ({ id }: Peer) => call(removePeer, { params: { id } }),
    refreshes: [peersQuery.queryKey],
    said: ({ ae_title }) => text.removed(ae_title),
    undo: (peer) => back.mutate(peer),
  });
  const acts: Column<Peer> = {
    key: 'acts',
    title: '',
    width: '4rem',
    align: 'end',
    cell: (peer) => (
      <Menu
        trigger={<IconButton icon={Ellipsis} label={text.acts(peer.ae_title)} className="-my-1" />}
        items={[
          ...(mayAsk ? [{ title: text.ask, icon: Search, onSelect: () => setAsking(peer) }] : []),
          ...(mayWrite
            ? [
                { title: text.change, icon: Pencil, onSelect: () => setEditing(peer) },
                { title: text.remove, icon: Trash2, isDanger: true, onSelect: () => remove.mutate(peer) },
              ]
            : []),
        ]}
      />
    ),
  };
  return (
    <>
      <DataTable
        caption={text.parts.peers}
        columns={mayWrite || mayAsk ? [...columnsFor(mayWrite), acts] : columnsFor(false)}
        rows={peers.data?.items}
        rowKey={({ id }) => id}
        error={peers.error}
        onRetry={() => void peers.refetch()}
        empty={
          <EmptyState icon={Radio} title={text.none} detail={text.noneDetail}>
            {mayWrite && (
              <Button look="primary" onClick={onAdd}>
                {text.add}
              </Button>
            )}
          </EmptyState>
        }
      />
      {editing && <PeerDialog peer={editing} onClose={() => setEditing(undefined)} />}
      {asking && <QueryDrawer peer={asking} onClose={() => setAsking(undefined)} />}
    </>
  );
}

function columnsFor(mayEcho: boolean): readonly Column<Peer>[] {
  const columns: Column<Peer>[] = [
    {
      key: 'title',
      title: text.aeTitle,
      width: '11rem',
      sortBy: ({ ae_title }) => ae_title,
      cell: ({ ae_title }) => (
        <span dir="ltr" className="font-medium">
          {ae_title}
        </span>
      ),
    },
    {
      key: 'address',
      title: text.address,
      width: '15rem',
      cell: ({ host, port, tls }) => (
        <span dir="ltr" className="inline-flex items-center gap-1.5 tabular-nums">
          {host}:{port}
          {tls && (
            <Badge icon={Lock} title={text.rights.tls}>
              TLS
            </Badge>
          )}
        </span>
      ),
    },
    {
      key: 'rights',
      title: text.may,
      hideBelow: 'lg',
      cell: (peer) => {
        const may = (['may_store', 'may_query', 'may_retrieve'] as const).filter((right) => peer[right]);
        return <span className="text-muted">{may.length > 0 ? may.map((right) => text.short[right]).join(', ') : text.nothing}</span>;
      },
    },
  ];
  if (mayEcho) columns.push({ key: 'echo', title: text.echo, width: '19rem', cell: (peer) => <Echo peer={peer} /> });
  return columns;
}

/** Asks for a sign of life, and says what came of it and in what time. */
function Echo({ peer: { id, ae_title } }: { peer: Peer }) {
  const echo = useMutation({ mutationFn: () => call(echoPeer, { params: { id } }) });
  const said = echo.data;
  return (
    <span className="-my-1 flex items-center gap-2">
      <IconButton icon={Radio} label={text.echoOne(ae_title)} disabled={echo.isPending} onClick={() => echo.mutate()} />
      <span role="status" className="min-w-0 truncate">
        {echo.isPending && <LoaderCircle aria-label={text.echoing} size={14} className="animate-spin text-muted" />}
        {said?.ok && (
          <Badge tone="accepted" icon={Check}>
            {text.answered(said.duration_ms)}
          </Badge>
        )}
        {said && !said.ok && (
          <span className="inline-flex items-center gap-1 text-critical" title={said.detail}>
            <CircleX aria-hidden size={13} className="shrink-0" />
            <span className="truncate">{said.detail}</span>
          </span>
        )}
        {echo.isError && <span className="text-critical">{text.notAsked}</span>}
      </span>
    </span>
  );
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Ban, Check, CircleX, Clock3, ListTree, TriangleAlert, Unplug, Webhook as WebhookIcon } from 'lucide-react';
import { useState } from 'react';
import { addWebhook, removeWebhook, type Webhook, type WebhookDelivery } from '../../../contract/webhooks.ts';
import { call } from '../../api.ts';
import { useRights } from '../../rights.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { Drawer } from '../../ui/Drawer.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import { TextField } from '../../ui/TextField.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { FormModal } from '../FormModal.tsx';
import { deliveriesQuery, webhooksQuery } from '../operations-queries.ts';
import { ShownOnce } from '../ShownOnce.tsx';
import { useAct } from '../use-act.ts';
import { When } from '../When.tsx';

const text = operationsWords.webhooks;

/** Addresses that events are posted to. */
export function WebhooksPage() {
  const webhooks = useQuery(webhooksQuery);
  const [isAdding, setIsAdding] = useState(false);
  const [ending, setEnding] = useState<Webhook>();
  const [looking, setLooking] = useState<Webhook>();
  const mayWrite = useRights()?.('webhook:write') ?? false;
  const title = operationsWords.places.webhooks;
  const acts: Column<Webhook> = {
    key: 'acts',
    title: '',
    width: '6rem',
    align: 'end',
    cell: (webhook) => (
      <span className="-my-1 inline-flex">
        <IconButton icon={ListTree} label={text.deliveriesOf(webhook.url)} onClick={() => setLooking(webhook)} />
        {mayWrite && <IconButton icon={Unplug} label={text.endOne(webhook.url)} onClick={() => setEnding(webhook)} />}
      </span>
    ),
  };
  const add = (
    <Button look="primary" onClick={() => setIsAdding(true)}>
      {text.add}
    </Button>
  );
  return (
    <>
      <PageHeader title={title} lead={text.lead} actions={mayWrite && add} />
      <ScrollArea label={title}>
        <DataTable
          caption={title}
          columns={[...COLUMNS, acts]}
          rows={webhooks.data?.items}
          rowKey={({ id }) => id}
          error={webhooks.error}
          onRetry={() => void webhooks.refetch()}
          empty={<EmptyState icon={WebhookIcon} title={text.none} detail={text.noneDetail} />}
        />
      </ScrollArea>
      {isAdding && <AddDialog onClose={() => setIsAdding(false)} />}
      {ending && <EndDialog webhook={ending} onClose={() => setEnding(undefined)} />}
      {looking && <Deliveries webhook={looking} onClose={() => setLooking(undefined)} />}
    </>
  );
}

const COLUMNS: readonly Column<Webhook>[] = [
  {
    key: 'url',
    title: text.url,
    cell: ({ url }) => (
      <span dir="ltr" className="font-medium" title={url}>
        {url}
      </span>
    ),
  },
  {
    key: 'events',
    title: text.events,
    width: '16rem',
    hideBelow: 'lg',
    cell: ({ event_types }) => <span className="text-muted">{event_types.includes('*') ? text.all : event_types.join(', ')}</span>,
  },
  { key: 'waiting', title: text.waiting, width: '7rem', align: 'end', cell: ({ waiting }) => waiting },
  {
    key: 'dead',
    title: text.dead,
    width: '9rem',
    align: 'end',
    cell: ({ dead }) =>
      dead > 0 ? (
        <Badge tone="critical" icon={TriangleAlert}>
          {dead}
        </Badge>
      ) : (
        dead
      ),
  },
  { key: 'since', title: text.since, width: '12rem', hideBelow: 'xl', cell: ({ created_at }) => <When at={created_at} /> },
];

function AddDialog({ onClose }: { onClose: () => void }) {
  const [url, setUrl] = useState('https://');
  const [types, setTypes] = useState('');
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: () => {
      const event_types = types.split(/[\s,;]+/).filter(Boolean);
      return call(addWebhook, { body: { url: url.trim(), event_types: event_types.length > 0 ? event_types : ['*'] } });
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: webhooksQuery.queryKey }),
  });
  if (act.data) return <ShownOnce title={text.secret} value={act.data.secret} hint={text.secretHint} onClose={onClose} />;
  return (
    <FormModal title={text.add} lead={text.addLead} action={text.add} act={act} onClose={onClose}>
      <TextField label={text.url} type="url" required dir="ltr" maxLength={2_000} hint={text.urlHint} value={url} onChange={setUrl} />
      <TextField
        label={text.events}
        dir="ltr"
        hint={text.eventsHint}
        placeholder="report_signed, analysis_finished"
        value={types}
        onChange={setTypes}
      />
    </FormModal>
  );
}

function EndDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const act = useAct({
    run: () => call(removeWebhook, { params: { id: webhook.id } }),
    refreshes: [webhooksQuery.queryKey],
    said: () => {
      onClose();
      return text.ended;
    },
  });
  return (
    <FormModal title={text.endTitle} lead={text.endDetail} action={text.end} isDanger act={act} onClose={onClose}>
      <p dir="ltr" className="font-medium break-all">
        {webhook.url}
      </p>
    </FormModal>
  );
}

const LOOKS = {
  waiting: { icon: Clock3 },
  delivered: { tone: 'accepted', icon: Check },
  dead: { tone: 'critical', icon: CircleX },
  dropped: { icon: Ban },
} as const;

const DELIVERY_COLUMNS: readonly Column<WebhookDelivery>[] = [
  { key: 'type', title: text.event, cell: ({ type }) => <code className="text-sm">{type}</code> },
  { key: 'state', title: text.state, width: '8rem', cell: ({ status }) => <Badge {...LOOKS[status]}>{text.states[status]}</Badge> },
  { key: 'attempts', title: text.attempts, width: '5rem', align: 'end', cell: ({ attempts }) => attempts },
  {
    key: 'why',
    title: text.why,
    cell: ({ last_error }) => (
      <span className="text-muted" title={last_error ?? ''}>
        {last_error}
      </span>
    ),
  },
  { key: 'when', title: text.when, width: '11rem', cell: ({ created_at }) => <When at={created_at} /> },
];

function Deliveries({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const deliveries = useQuery(deliveriesQuery(webhook.id));
  return (
    <Drawer open onOpenChange={onClose} title={text.deliveries} lead={webhook.url} wide>
      <DataTable
        caption={text.deliveries}
        columns={DELIVERY_COLUMNS}
        rows={deliveries.data?.items}
        rowKey={({ id }) => id}
        error={deliveries.error}
        onRetry={() => void deliveries.refetch()}
        empty={<EmptyState icon={WebhookIcon} title={text.noDeliveries} detail={text.noDeliveriesDetail} />}
      />
    </Drawer>
  );
}

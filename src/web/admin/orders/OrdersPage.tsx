import { useQuery } from '@tanstack/react-query';
import { Ban, CalendarClock, Check, CircleDashed, LoaderCircle, OctagonX, X } from 'lucide-react';
import { useState } from 'react';
import { changeOrder, type Order } from '../../../contract/worklist.ts';
import { call } from '../../api.ts';
import { dicomDate, personName } from '../../format.ts';
import { useEvents } from '../../live/live.ts';
import { useRights } from '../../rights.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import { Select } from '../../ui/Select.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { ordersQuery } from '../operations-queries.ts';
import { useAct } from '../use-act.ts';
import { OrderDialog } from './OrderDialog.tsx';

const text = operationsWords.orders;
const LOOKS = {
  scheduled: { icon: CircleDashed },
  started: { icon: LoaderCircle },
  completed: { tone: 'accepted', icon: Check },
  discontinued: { tone: 'attention', icon: OctagonX },
  cancelled: { icon: Ban },
} as const;
type Status = Order['status'];

/** What modalities find in their worklist, the earliest first. */
export function OrdersPage() {
  useEvents('all');
  const [status, setStatus] = useState<Status | ''>('scheduled');
  const orders = useQuery(ordersQuery(status || undefined));
  const [isAdding, setIsAdding] = useState(false);
  const mayWrite = useRights()?.('worklist:write') ?? false;
  const move = useAct({
    run: ({ id, to }: { id: string; to: Status }) => call(changeOrder, { params: { id }, body: { status: to } }),
    refreshes: [['orders']],
  });
  const cancel = useAct({
    run: ({ id }: Order) => call(changeOrder, { params: { id }, body: { status: 'cancelled' } }),
    refreshes: [['orders']],
    said: ({ accession_number }) => text.cancelled(accession_number),
    undo: ({ id }) => move.mutate({ id, to: 'scheduled' }),
  });
  const acts: Column<Order> = {
    key: 'acts',
    title: '',
    width: '4rem',
    align: 'end',
    cell: (order) =>
      order.status === 'scheduled' && (
        <IconButton icon={X} label={text.cancel(order.accession_number)} className="-my-1" onClick={() => cancel.mutate(order)} />
      ),
  };
  const title = operationsWords.places.orders;
  const add = (
    <Button look="primary" onClick={() => setIsAdding(true)}>
      {text.add}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={title}
        lead={text.lead}
        tools={
          <Select
            label={text.status}
            isLabelHidden
            value={status}
            choices={[['', text.anyStatus] as const, ...Object.entries(text.states).map(([key, name]) => [key as Status, name] as const)]}
            onChange={setStatus}
            className="w-44"
          />
        }
        actions={mayWrite && add}
      />
      <ScrollArea label={title}>
        <DataTable
          caption={title}
          columns={mayWrite ? [...COLUMNS, acts] : COLUMNS}
          rows={orders.data?.items}
          rowKey={({ id }) => id}
          error={orders.error}
          onRetry={() => void orders.refetch()}
          empty={<EmptyState icon={CalendarClock} title={text.none} detail={text.noneDetail} />}
        />
      </ScrollArea>
      {isAdding && <OrderDialog onClose={() => setIsAdding(false)} />}
    </>
  );
}

const COLUMNS: readonly Column<Order>[] = [
  {
    key: 'when',
    title: text.when,
    width: '10rem',
    cell: ({ start_date, start_time }) => (
      <span className="tabular-nums">
        {dicomDate(start_date)} {start_time.slice(0, 2)}:{start_time.slice(2, 4)}
      </span>
    ),
  },
  {
    key: 'patient',
    title: text.patient,
    cell: ({ patient_name, patient_id }) => (
      <>
        <bdi className="font-medium">{personName(patient_name)}</bdi> <bdi className="text-muted">{patient_id}</bdi>
      </>
    ),
  },
  { key: 'modality', title: text.modality, width: '6rem', cell: ({ modality }) => modality },
  {
    key: 'what',
    title: text.what,
    hideBelow: 'lg',
    cell: ({ step_description, requested_procedure_description }) => (
      <bdi className="text-muted">{step_description ?? requested_procedure_description}</bdi>
    ),
  },
  {
    key: 'station',
    title: text.station,
    width: '9rem',
    hideBelow: 'xl',
    cell: ({ station_ae_title }) => <bdi className="text-muted">{station_ae_title}</bdi>,
  },
  {
    key: 'accession',
    title: text.accession,
    width: '9rem',
    cell: ({ accession_number }) => <bdi className="tabular-nums">{accession_number}</bdi>,
  },
  { key: 'status', title: text.status, width: '9rem', cell: ({ status }) => <Badge {...LOOKS[status]}>{text.states[status]}</Badge> },
];

import { type ColumnDef, createColumnHelper } from '@tanstack/react-table';
import { CircleHelp, FlaskConical } from 'lucide-react';
import type { ReadingItem } from '../../contract/reading-list.ts';
import { dateTime, dicomDate, personName } from '../format.ts';
import { strings } from '../strings/strings.ts';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { AiStatusBadge } from '../ui/AiStatusBadge.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { Avatar } from './Avatar.tsx';
import { PatientCell } from './PatientCell.tsx';
import { PriorityChip } from './PriorityChip.tsx';
import { StatusBadge } from './StatusBadge.tsx';
import { Waiting } from './Waiting.tsx';

/** What the cells need besides their row. */
export type CellContext = {
  userId: string | undefined;
  selected: ReadonlySet<string>;
  onSelect: (uid: string, selected: boolean, isRange: boolean) => void;
  reasonsFor: string | null;
  onReasons: (uid: string | null) => void;
};
declare module '@tanstack/react-table' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: declaration merging needs an interface
  interface ColumnMeta<TData, TValue> {
    /** CSS width; the column without one takes the rest. */
    width?: string;
    align?: 'end';
    /** Unused; the library's own parameters. */
    of?: [TData, TValue];
  }
  interface TableMeta<TData> extends CellContext {
    of?: TData;
  }
}

export const COLUMN_NAMES = [
  'priority',
  'patient',
  'study',
  'modality',
  'body_part',
  'date',
  'waiting',
  'ai',
  'findings',
  'reader',
  'status',
  'diagnosis',
  'labels',
  'accession',
  'images',
  'arrived',
] as const;
export type ColumnName = (typeof COLUMN_NAMES)[number];
/** What a list shows until somebody chooses. */
export const USUAL_COLUMNS: readonly ColumnName[] = [
  'priority',
  'patient',
  'study',
  'modality',
  'date',
  'waiting',
  'ai',
  'findings',
  'reader',
  'status',
];

const helper = createColumnHelper<ReadingItem>();
const QUIET = 'text-muted tabular-nums';

/** Every column that there is; which are shown, and in which order, each person chooses. */
export const COLUMNS: ColumnDef<ReadingItem>[] = [
  helper.display({
    id: 'select',
    meta: { width: '36px' },
    cell: ({ row, table }) => {
      const { study_instance_uid: uid, patient_name } = row.original;
      return (
        <span className="relative z-1 flex">
          <Checkbox
            tabIndex={-1}
            aria-label={text.selectRow(personName(patient_name) || strings.studies.unnamed)}
            checked={table.options.meta?.selected.has(uid) ?? false}
            onClick={(event) => event.shiftKey && table.options.meta?.onSelect(uid, true, true)}
            onChange={(checked) => table.options.meta?.onSelect(uid, checked, false)}
          />
        </span>
      );
    },
  }),
  helper.display({
    id: 'priority',
    meta: { width: '104px' },
    cell: ({ row, table: { options } }) => (
      <PriorityChip
        item={row.original}
        open={options.meta?.reasonsFor === row.id}
        onOpenChange={(open) => options.meta?.onReasons(open ? row.id : null)}
      />
    ),
  }),
  helper.display({ id: 'patient', meta: { width: '23%' }, cell: ({ row }) => <PatientCell item={row.original} /> }),
  helper.display({
    id: 'study',
    cell: ({ row: { original } }) => (
      <span className="flex min-w-0 items-center gap-2">
        {original.is_synthetic && <Badge icon={FlaskConical}>{strings.studies.synthetic}</Badge>}
        <bdi className="truncate">{original.description}</bdi>
      </span>
    ),
  }),
  helper.accessor(({ modalities }) => modalities.join(', '), {
    id: 'modality',
    meta: { width: '76px' },
    cell: ({ getValue }) => getValue(),
  }),
  helper.accessor(({ body_parts }) => body_parts.join(', '), {
    id: 'body_part',
    meta: { width: '104px' },
    cell: ({ getValue }) => getValue(),
  }),
  helper.accessor('study_date', {
    id: 'date',
    meta: { width: '108px' },
    cell: ({ getValue }) => <span className={QUIET}>{dicomDate(getValue())}</span>,
  }),
  helper.display({ id: 'waiting', meta: { width: '116px' }, cell: ({ row }) => <Waiting item={row.original} /> }),
  helper.display({
    id: 'ai',
    meta: { width: '148px' },
    cell: ({ row: { original } }) => (
      <AiStatusBadge status={original.status === 'receiving' ? 'receiving' : original.analysis_status} reason={original.analysis_reason} />
    ),
  }),
  helper.display({ id: 'findings', meta: { width: '112px' }, cell: ({ row }) => <OpenFindings count={row.original.open_findings} /> }),
  helper.display({
    id: 'reader',
    meta: { width: '72px' },
    cell: ({ row, table }) => <ReaderCell item={row.original} userId={table.options.meta?.userId} />,
  }),
  helper.display({ id: 'status', meta: { width: '128px' }, cell: ({ row }) => <StatusBadge status={row.original.reading_status} /> }),
  helper.display({
    id: 'diagnosis',
    meta: { width: '120px' },
    cell: ({ row: { original } }) => original.diagnosis && <Badge>{strings.diagnosis.statuses[original.diagnosis.status]}</Badge>,
  }),
  helper.accessor(({ labels }) => labels.join(', '), {
    id: 'labels',
    meta: { width: '140px' },
    cell: ({ getValue }) => <bdi className="text-muted">{getValue()}</bdi>,
  }),
  helper.accessor('accession_number', { id: 'accession', meta: { width: '120px' }, cell: ({ getValue }) => <bdi>{getValue()}</bdi> }),
  helper.accessor('instance_count', {
    id: 'images',
    meta: { width: '68px', align: 'end' },
    cell: ({ getValue }) => <span className={QUIET}>{getValue()}</span>,
  }),
  helper.accessor('created_at', {
    id: 'arrived',
    meta: { width: '148px' },
    cell: ({ getValue }) => <span className={QUIET}>{dateTime(getValue())}</span>,
  }),
  // Each column has a type of value of its own; a list of them knows only that they have one.
] as ColumnDef<ReadingItem>[];

/** How many findings wait for a decision. */
export function OpenFindings({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <Badge tone="attention" icon={CircleHelp}>
      {count}
      <span className="sr-only">{strings.studies.opens}</span>
    </Badge>
  );
}

/** Who has the study open, or else who is to read it. */
export function ReaderCell({ item: { lock, assignee }, userId }: { item: ReadingItem; userId: string | undefined }) {
  if (lock) {
    const isSelf = lock.user_id === userId;
    return <Avatar name={lock.full_name} label={isSelf ? text.readByYou : text.readBy(lock.full_name)} isReading isSelf={isSelf} />;
  }
  return assignee && <Avatar name={assignee.full_name} label={text.assignedTo(assignee.full_name)} isSelf={assignee.id === userId} />;
}

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Activity, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { DiagnosisPriority, DiagnosisStatus, ListedDiagnosis } from '../../contract/diagnosis.ts';
import { dateTime, decimal } from '../format.ts';
import { profileQuery } from '../queries.ts';
import { AppFrame } from '../shell/AppFrame.tsx';
import { diagnosisWords as words } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { buttonClass } from '../ui/Button.tsx';
import { DataTable, ROW_LINK_CLASS } from '../ui/DataTable.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { PageHeader } from '../ui/PageHeader.tsx';
import { ScrollArea } from '../ui/ScrollArea.tsx';
import { Select } from '../ui/Select.tsx';
import { Chip } from '../ui/Tag.tsx';
import type { Column } from '../ui/table-columns.ts';
import { PriorityBadge, StatusBadge } from './DiagnosisBadges.tsx';
import { type DiagnosesFilter, diagnosesQuery } from './diagnosis-queries.ts';

const text = strings.diagnosis;
/** How far back, in days. */
type Span = '' | '1' | '7' | '30';
const DAY_MS = 86_400_000;

const COLUMNS: readonly Column<ListedDiagnosis>[] = [
  {
    key: 'patient',
    title: strings.studies.patient,
    cell: ({ id, patient }) => (
      <Link to="/diagnoses/$id" params={{ id }} className={ROW_LINK_CLASS}>
        <bdi>{patient?.name || strings.studies.unnamed}</bdi> <bdi className="font-normal text-muted">{patient?.patient_id}</bdi>
      </Link>
    ),
  },
  { key: 'symptoms', title: text.symptoms, hideBelow: 'lg', cell: ({ patient_data }) => <bdi>{patient_data.symptoms.join(', ')}</bdi> },
  { key: 'priority', title: text.priority, width: '8rem', cell: ({ priority }) => <PriorityBadge priority={priority} /> },
  {
    key: 'status',
    title: words.state,
    width: '12rem',
    cell: ({ status, progress }) => (
      <span className="flex items-center gap-2">
        <StatusBadge status={status} />
        {status === 'processing' && <span className="text-sm text-muted tabular-nums">{decimal(progress.percentage, 0)} %</span>}
      </span>
    ),
  },
  { key: 'images', title: strings.studies.title, width: '6rem', align: 'end', hideBelow: 'xl', cell: ({ images }) => studiesOf(images) },
  { key: 'created', title: words.begun, width: '11rem', hideBelow: 'lg', cell: ({ created_at }) => dateTime(created_at) },
];

/** All diagnoses, the newest first. */
export function DiagnosesPage() {
  const [status, setStatus] = useState<DiagnosisStatus | ''>('');
  const [priority, setPriority] = useState<DiagnosisPriority | ''>('');
  const [days, setDays] = useState<Span>('');
  const [mine, setMine] = useState(false);
  const profile = useQuery(profileQuery);
  // Counted once for each choice: a moment that moves on would be another question at each look.
  const from = useMemo(() => (days ? new Date(Date.now() - Number(days) * DAY_MS).toISOString() : undefined), [days]);
  const filter: DiagnosesFilter = {
    ...(status ? { status } : {}),
    ...(priority ? { priority } : {}),
    ...(mine && profile.data ? { created_by: profile.data.id } : {}),
    ...(from ? { from } : {}),
  };
  const isFiltered = Object.keys(filter).length > 0;
  const diagnoses = useInfiniteQuery({ ...diagnosesQuery(filter), placeholderData: (before) => before });
  return (
    <AppFrame title={words.listTitle}>
      <PageHeader
        title={words.listTitle}
        tools={
          <div className="flex flex-wrap items-center gap-2">
            <Select
              label={words.state}
              isLabelHidden
              className="w-36"
              value={status}
              choices={{ '': words.anyState, ...text.statuses }}
              onChange={setStatus}
            />
            <Select
              label={text.priority}
              isLabelHidden
              className="w-36"
              value={priority}
              choices={{ '': words.anyPriority, ...text.priorities }}
              onChange={setPriority}
            />
            <Select label={words.begun} isLabelHidden className="w-36" value={days} choices={words.spans} onChange={setDays} />
            <Chip pressed={mine} onPress={setMine}>
              {words.mine}
            </Chip>
          </div>
        }
        actions={
          <Link to="/diagnoses/new" className={buttonClass('primary')}>
            <Plus aria-hidden size={15} />
            {strings.patients.newDiagnosis}
          </Link>
        }
      />
      <ScrollArea label={words.listTitle}>
        <DataTable
          caption={words.listTitle}
          columns={COLUMNS}
          rows={diagnoses.data?.pages.flatMap((page) => page.items)}
          rowKey={({ id }) => id}
          error={diagnoses.error}
          onRetry={() => void diagnoses.refetch()}
          empty={
            <EmptyState
              icon={Activity}
              title={isFiltered ? words.noneMatch : words.none}
              detail={isFiltered ? words.noneMatchDetail : words.noneDetail}
            />
          }
          hasMore={diagnoses.hasNextPage}
          isLoadingMore={diagnoses.isFetchingNextPage}
          onMore={() => void diagnoses.fetchNextPage()}
        />
      </ScrollArea>
    </AppFrame>
  );
}

function studiesOf(images: ListedDiagnosis['images']): string {
  const count = new Set(images.map(({ study_instance_uid }) => study_instance_uid)).size;
  return count === 0 ? '' : decimal(count, 0);
}

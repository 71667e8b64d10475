import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Siren } from 'lucide-react';
import { useState } from 'react';
import type { ListedCriticalResult } from '../../contract/critical-results.ts';
import { dateTime, personName } from '../format.ts';
import { useEvents } from '../live/live.ts';
import { CriticalBadge } from '../report/CriticalBadge.tsx';
import { AppFrame } from '../shell/AppFrame.tsx';
import { criticalWords as text } from '../strings/critical/words.ts';
import { reportWords } from '../strings/report/words.ts';
import { strings } from '../strings/strings.ts';
import { DataTable, ROW_LINK_CLASS } from '../ui/DataTable.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { PageHeader } from '../ui/PageHeader.tsx';
import { ScrollArea } from '../ui/ScrollArea.tsx';
import { Chip } from '../ui/Tag.tsx';
import type { Column } from '../ui/table-columns.ts';
import { CRITICAL_VIEWS, type CriticalView, criticalListQuery } from './critical-queries.ts';
import { DueTime } from './DueTime.tsx';

const COLUMNS: readonly Column<ListedCriticalResult>[] = [
  { key: 'state', title: text.state, width: '11rem', cell: (result) => <CriticalBadge result={result} /> },
  { key: 'due', title: text.due, width: '10rem', cell: (result) => <DueTime result={result} /> },
  {
    key: 'patient',
    title: strings.studies.patient,
    width: '16rem',
    cell: ({ study_instance_uid: uid, patient_name, patient_id }) => (
      <Link to="/studies/$uid" params={{ uid }} className={ROW_LINK_CLASS}>
        <bdi>{personName(patient_name) || strings.studies.unnamed}</bdi> <bdi className="font-normal text-muted">{patient_id}</bdi>
      </Link>
    ),
  },
  { key: 'text', title: text.result, cell: (result) => <bdi title={result.text}>{result.text}</bdi> },
  {
    key: 'study',
    title: text.study,
    width: '11rem',
    hideBelow: 'xl',
    cell: ({ modalities, study_description }) => <bdi>{[modalities.join(', '), study_description].filter(Boolean).join(' ')}</bdi>,
  },
  {
    key: 'told',
    title: reportWords.results.toldTo,
    width: '9rem',
    hideBelow: 'lg',
    cell: ({ told_to, told_at }) =>
      told_to && told_at ? (
        <span title={dateTime(told_at)}>
          <bdi>{told_to}</bdi>
        </span>
      ) : null,
  },
  { key: 'marked', title: text.markedBy, width: '9rem', hideBelow: 'xl', cell: ({ marked_by }) => <bdi>{marked_by}</bdi> },
];

/** What has to be known at once, over all studies: what is due first at the top. */
export function CriticalResultsPage() {
  const [view, setView] = useState<CriticalView>('waiting');
  useEvents('all');
  const results = useInfiniteQuery({ ...criticalListQuery(view), placeholderData: (before) => before });
  return (
    <AppFrame title={text.title}>
      <PageHeader
        title={text.title}
        lead={text.lead}
        tools={
          <fieldset className="flex flex-wrap items-center gap-2">
            <legend className="sr-only">{text.state}</legend>
            {CRITICAL_VIEWS.map((name) => (
              <Chip key={name} pressed={view === name} onPress={() => setView(name)}>
                {text.views[name]}
              </Chip>
            ))}
          </fieldset>
        }
      />
      <ScrollArea label={text.title}>
        <DataTable
          caption={text.title}
          columns={COLUMNS}
          rows={results.data?.pages.flatMap((page) => page.items)}
          rowKey={({ id }) => id}
          error={results.error}
          onRetry={() => void results.refetch()}
          empty={<EmptyState icon={Siren} title={text.none[view]} detail={text.noneDetail} />}
          hasMore={results.hasNextPage}
          isLoadingMore={results.isFetchingNextPage}
          onMore={() => void results.fetchNextPage()}
        />
      </ScrollArea>
    </AppFrame>
  );
}

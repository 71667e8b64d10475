import { useInfiniteQuery } from '@tanstack/react-query';
import { FolderSearch, ScanLine } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useEvents } from '../live/live.ts';
import { studiesQuery } from '../queries.ts';
import { AppFrame } from '../shell/AppFrame.tsx';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { LiveRegion } from '../ui/LiveRegion.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { useDebounced } from '../ui/use-debounced.ts';
import { DropZone } from '../upload/DropZone.tsx';
import { showUploads } from '../upload/queue.ts';
import { ListTools } from './ListTools.tsx';
import { StudyTable } from './StudyTable.tsx';

const text = strings.studies;

/** Home: every study, newest first; live while something runs. */
export function StudyList() {
  useEvents('all');
  const [search, setSearch] = useState('');
  const q = useDebounced(search.trim(), 200);
  const studies = useInfiniteQuery({ ...studiesQuery(q), placeholderData: (previous) => previous });
  const items = useDeferredValue(studies.data?.pages.flatMap((page) => page.items));
  return (
    <AppFrame title={text.title}>
      <DropZone>
        <ListTools search={search} onSearch={setSearch} refreshing={studies.isFetching} onRefresh={() => void studies.refetch()} />
        <div className="min-h-0 grow overflow-y-auto">
          {studies.isError && (
            <div className="p-4">
              <ProblemNote error={studies.error} action={<Button onClick={() => void studies.refetch()}>{strings.common.retry}</Button>} />
            </div>
          )}
          {studies.isPending && <Skeleton rows={12} label={strings.common.loading} />}
          {items && items.length > 0 && <StudyTable studies={items} />}
          {items?.length === 0 && !studies.isError && <NothingHere searching={q !== ''} />}
          {studies.hasNextPage && (
            <div className="flex justify-center p-4">
              <Button busy={studies.isFetchingNextPage} onClick={() => void studies.fetchNextPage()}>
                {text.loadMore}
              </Button>
            </div>
          )}
        </div>
        <p className="shrink-0 border-t border-line px-4 py-1.5 text-sm text-faint max-md:hidden">{text.keys}</p>
        <LiveRegion>{q && items ? `${items.length} ${text.title}` : ''}</LiveRegion>
      </DropZone>
    </AppFrame>
  );
}

function NothingHere({ searching }: { searching: boolean }) {
  if (searching) return <EmptyState icon={FolderSearch} title={text.noHits} detail={text.noHitsDetail} />;
  return (
    <EmptyState icon={ScanLine} title={text.emptyTitle} detail={text.emptyDetail}>
      <Button look="primary" onClick={() => showUploads(true)}>
        {text.upload}
      </Button>
    </EmptyState>
  );
}

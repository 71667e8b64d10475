import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FolderSearch, Inbox, RefreshCw, ScanLine } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ReadingItem } from '../../contract/reading-list.ts';
import { profileQuery } from '../queries.ts';
import { useRights } from '../rights.ts';
import { AppFrame } from '../shell/AppFrame.tsx';
import { strings } from '../strings/strings.ts';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { LiveRegion } from '../ui/LiveRegion.tsx';
import { late } from '../ui/late.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { useDebounced } from '../ui/use-debounced.ts';
import { whenIdle } from '../ui/when-idle.ts';
import { DropZone } from '../upload/DropZone.tsx';
import { showUploads } from '../upload/queue.ts';
import type { BulkBarProps } from './BulkBar.tsx';
import type { ColumnsDialogProps } from './ColumnsDialog.tsx';
import { useManyChanges } from './change-many.ts';
import { COLUMN_NAMES, type ColumnName, USUAL_COLUMNS } from './columns.tsx';
import type { FilterBarProps } from './FilterBar.tsx';
import { lastOpened, lastShown, noteOrder, noteShown } from './last-list.ts';
import { useFreshRows } from './use-fresh-rows.ts';
import { useKeepPreferences } from './use-keep-preferences.ts';
import { useListKeys } from './use-list-keys.ts';
import { useSelection } from './use-selection.ts';
import { ViewTabs } from './ViewTabs.tsx';
import { viewFor, viewsOf } from './views.ts';
import { WorklistHead } from './WorklistHead.tsx';
import { WorklistTable } from './WorklistTable.tsx';
import { anyStudyQuery, preferencesQuery, type Shown, sharedViewsQuery, trimPages, worklistQuery } from './worklist-queries.ts';

// What opens by a click comes after the list.
const BulkBar = late<BulkBarProps>(async () => (await import('./BulkBar.tsx')).BulkBar);
const ColumnsDialog = late<ColumnsDialogProps>(async () => (await import('./ColumnsDialog.tsx')).ColumnsDialog);
const FilterBar = late<FilterBarProps>(async () => (await import('./FilterBar.tsx')).FilterBar);
const KeysDialog = late<{ onClose: () => void }>(async () => (await import('./KeysDialog.tsx')).KeysDialog);

/** For so long a reader looks at the list before the page of a study is loaded ahead of the click. */
const LOOKED_AT_MS = 2_000;
/** The page with its viewer and graphics engine, which are most of what the first picture waits for. */
const loadReading = (): Promise<unknown> => import('../study/StudyPage.tsx').catch(() => undefined);

/** Home: what is to be read, the most urgent first. */
export function WorklistPage() {
  const [shown, setShown] = useState(lastShown);
  const [search, setSearch] = useState(() => lastShown().filter.q ?? '');
  const [isFiltering, setFiltering] = useState(false);
  const [dialog, setDialog] = useState<'columns' | 'keys' | null>(null);
  const preferences = useQuery(preferencesQuery);
  const keep = useKeepPreferences();
  const q = useDebounced(search.trim(), 150);
  const asked = useMemo<Shown>(() => ({ ...shown, filter: { ...shown.filter, ...(q ? { q } : {}) } }), [shown, q]);
  noteShown(asked);
  const show = ({ filter: { q: _, ...filter }, order }: Shown) => setShown({ filter, order });
  const kept = preferences.data ?? { views: [] };
  const shared = useQuery(sharedViewsQuery);
  const views = viewsOf(preferences.data, shared.data?.items ?? []);
  const view = viewFor(views, asked);
  const columns = columnsOf(kept.columns);
  return (
    <AppFrame title={text.title}>
      <DropZone>
        <WorklistHead
          search={search}
          onSearch={setSearch}
          shown={asked}
          onShow={show}
          view={view}
          preferences={kept}
          isFiltering={isFiltering}
          onFilter={setFiltering}
          onColumns={() => setDialog('columns')}
          onHelp={() => setDialog('keys')}
        />
        <ViewTabs views={views} current={view} onChoose={show} />
        {isFiltering && <FilterBar shown={asked} onChange={show} />}
        <List asked={asked} columns={columns} onHelp={() => setDialog('keys')} />
        <p className="shrink-0 truncate border-t border-line px-4 py-1.5 text-sm text-faint max-md:hidden">{text.keys}</p>
        {dialog === 'columns' && (
          <ColumnsDialog onClose={() => setDialog(null)} columns={columns} onChange={(chosen) => keep({ ...kept, columns: [...chosen] })} />
        )}
        {dialog === 'keys' && <KeysDialog onClose={() => setDialog(null)} />}
      </DropZone>
    </AppFrame>
  );
}

function List({ asked, columns, onHelp }: { asked: Shown; columns: readonly ColumnName[]; onHelp: () => void }) {
  const queryClient = useQueryClient();
  const list = useInfiniteQuery({ ...worklistQuery(asked), placeholderData: (previous) => previous });
  // Read while drawing, so that the end of every fetch draws anew: what is read in a handler alone may be of a fetch that is long over.
  const { isFetching } = list;
  const items = useMemo(() => distinct(list.data?.pages.flatMap((page) => page.items) ?? []), [list.data]);
  const latest = useRef<readonly ReadingItem[]>(items);
  latest.current = items;
  noteOrder(items);
  const scroller = useRef<HTMLDivElement>(null);
  const { data: profile } = useQuery(profileQuery);
  const may = useRights();
  const { selected, select, setAll } = useSelection(latest);
  const changes = useManyChanges();
  const [active, setActive] = useState(-1);
  const [moved, setMoved] = useState<{ index: number } | null>(null);
  const [reasonsFor, setReasonsFor] = useState<string | null>(null);
  const reload = useCallback(() => {
    trimPages(queryClient);
    void queryClient.invalidateQueries({ queryKey: ['worklist'] });
  }, [queryClient]);
  const mayMove = () =>
    selected.size === 0 && reasonsFor === null && active < 0 && (scroller.current?.scrollTop ?? 0) === 0 && latest.current.length < 400;
  const fresh = useFreshRows(latest, mayMove, reload);
  useEffect(() => () => trimPages(queryClient), [queryClient]);
  const showFresh = () => {
    fresh.forget();
    setActive(-1);
    scroller.current?.scrollTo({ top: 0 });
    reload();
  };
  const isListed = items.length > 0;
  useEffect(() => (isListed ? whenIdle(loadReading, LOOKED_AT_MS) : undefined), [isListed]);
  const chosen = items.filter(({ study_instance_uid }) => selected.has(study_instance_uid));
  useListKeys({
    items,
    active: active < 0 ? items.findIndex(({ study_instance_uid }) => study_instance_uid === lastOpened()) : active,
    onActive: (index) => {
      setActive(index);
      setMoved({ index });
    },
    onAssign: (item) => {
      if (!profile || may?.('report:write') !== true) return;
      void changes.assign([item], item.assignee?.id === profile.id ? null : { id: profile.id, full_name: profile.full_name });
    },
    onReasons: ({ study_instance_uid: uid }) => setReasonsFor(reasonsFor === uid ? null : uid),
    onSelect: ({ study_instance_uid: uid }) => select(uid, !selected.has(uid), false),
    onEscape: () => {
      setAll([]);
      return selected.size > 0;
    },
    onRefresh: showFresh,
    onHelp,
  });
  const isSearching = Object.keys(asked.filter).length > 0;
  return (
    <>
      {chosen.length > 0 && <BulkBar items={chosen} changes={changes} userId={profile?.id} onClear={() => setAll([])} />}
      {(fresh.added.size > 0 || fresh.isOutdated) && (
        <div role="status" className="flex shrink-0 items-center justify-center gap-2 border-b border-line bg-raised py-1">
          {fresh.added.size > 0 ? text.newStudies(fresh.added.size) : text.outdated}
          <Button look="quiet" icon={RefreshCw} className="h-7 text-text!" onClick={showFresh}>
            {text.showThem}
          </Button>
        </div>
      )}
      <div ref={scroller} className="min-h-0 grow overflow-auto" tabIndex={items.length > 0 ? -1 : 0}>
        {list.isError && !list.isFetchNextPageError && (
          <div className="p-4">
            <ProblemNote error={list.error} action={<Button onClick={() => void list.refetch()}>{strings.common.retry}</Button>} />
          </div>
        )}
        {list.isPending && <Skeleton rows={16} label={strings.common.loading} />}
        {items.length > 0 && (
          <WorklistTable
            items={items}
            columns={columns}
            context={{ userId: profile?.id, selected, onSelect: select, reasonsFor, onReasons: setReasonsFor }}
            active={active}
            moved={moved}
            onActive={setActive}
            scroller={scroller}
            hasMore={list.hasNextPage && !list.isFetchNextPageError}
            onMore={() => {
              if (!isFetching) void list.fetchNextPage();
            }}
            foot={
              list.isFetchNextPageError ? (
                <div className="p-4">
                  <ProblemNote
                    error={list.error}
                    action={<Button onClick={() => void list.fetchNextPage()}>{strings.common.retry}</Button>}
                  />
                </div>
              ) : (
                <Foot isLoading={list.isFetchingNextPage} isEnd={!list.hasNextPage} />
              )
            }
            selectAll={
              <Checkbox
                aria-label={text.selectAll}
                checked={selected.size > 0 && selected.size === items.length}
                onChange={(isChosen) => setAll(isChosen ? items.map(({ study_instance_uid }) => study_instance_uid) : [])}
              />
            }
          />
        )}
        {list.data && items.length === 0 && !list.isError && <NothingHere isSearching={isSearching} />}
      </div>
      <LiveRegion>{asked.filter.q && list.data ? `${items.length} ${strings.studies.title}` : ''}</LiveRegion>
    </>
  );
}

function Foot({ isLoading, isEnd }: { isLoading: boolean; isEnd: boolean }) {
  return (
    <p className="py-2 text-center text-sm text-faint" aria-live="off">
      {isLoading ? text.loadingMore : isEnd ? text.end : '\u00a0'}
    </p>
  );
}

function NothingHere({ isSearching }: { isSearching: boolean }) {
  const any = useQuery(anyStudyQuery);
  if (any.data?.items.length === 0)
    return (
      <EmptyState icon={ScanLine} title={strings.studies.emptyTitle} detail={strings.studies.emptyDetail}>
        <Button look="primary" onClick={() => showUploads(true)}>
          {strings.studies.upload}
        </Button>
        <Link to="/first-steps" className={buttonClass()}>
          {strings.studies.firstSteps}
        </Link>
      </EmptyState>
    );
  if (isSearching) return <EmptyState icon={FolderSearch} title={strings.studies.noHits} detail={strings.studies.noHitsDetail} />;
  return <EmptyState icon={Inbox} title={text.emptyView} detail={text.emptyViewDetail} />;
}

/** Columns of another version that are not known here are left out. */
function columnsOf(chosen: readonly string[] | undefined): readonly ColumnName[] {
  const known = (chosen ?? []).filter((name): name is ColumnName => COLUMN_NAMES.some((column) => column === name));
  return known.includes('patient') ? known : USUAL_COLUMNS;
}

/** A study that moved between two pages while they were loaded stands in both. */
function distinct(items: readonly ReadingItem[]): readonly ReadingItem[] {
  const seen = new Map(items.map((item) => [item.study_instance_uid, item]));
  return seen.size === items.length ? items : [...seen.values()];
}

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Columns3, GitMerge, SlidersHorizontal, UserPlus, UserSearch, Users } from 'lucide-react';
import { useState } from 'react';
import type { PatientSummary } from '../../contract/patients.ts';
import type { PatientSort } from '../../contract/patients-search.ts';
import { whoAmIQuery } from '../queries.ts';
import { AppFrame } from '../shell/AppFrame.tsx';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Button, buttonClass, IconButton } from '../ui/Button.tsx';
import { DataTable } from '../ui/DataTable.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Menu } from '../ui/Menu.tsx';
import { ScrollArea } from '../ui/ScrollArea.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import type { Sort } from '../ui/table-columns.ts';
import { useDebounced } from '../ui/use-debounced.ts';
import { ImportButton } from './ImportButton.tsx';
import { NewPatientDialog } from './NewPatientDialog.tsx';
import { NO_FILTERS, PatientFilters, type PatientFilterValues } from './PatientFilters.tsx';
import { ALL_COLUMNS, columnsOf, useShownColumns } from './patient-columns.tsx';
import { type PatientsFilter, patientsQuery } from './patient-queries.ts';

const text = strings.patients;
const BY_NAME: Sort = { key: 'name', direction: 'ascending' };

/** Everybody who has a record here. */
export function PatientsPage() {
  const [search, setSearch] = useState('');
  const [filters, setFilters] = useState(NO_FILTERS);
  const [isFiltering, setIsFiltering] = useState(false);
  // Undefined: the server puts what fits the search best first.
  const [sort, setSort] = useState<Sort>();
  const [adding, setAdding] = useState(false);
  const [shown, setShown] = useShownColumns();
  const q = useDebounced(search.trim(), 150);
  const filter = useDebounced(filters, 250);
  const patients = useInfiniteQuery({ ...patientsQuery(queryOf(q, filter, sort)), placeholderData: (previous) => previous });
  const isNarrowed = q !== '' || Object.values(filter).some((value) => value !== '');
  const active = Object.values(filters).filter((value) => value !== '').length;
  return (
    <AppFrame title={text.title}>
      <div className="flex shrink-0 flex-wrap items-center gap-2 px-4 py-3 max-md:px-3">
        <h1 className="me-2 text-xl font-semibold tracking-tight max-sm:sr-only">{text.title}</h1>
        <SearchBox
          className="w-88 max-sm:w-0 max-sm:grow"
          hasShortcut
          label={text.searchLabel}
          placeholder={text.search}
          value={search}
          onChange={setSearch}
        />
        <Button icon={SlidersHorizontal} aria-expanded={isFiltering} onClick={() => setIsFiltering(!isFiltering)}>
          <span className="max-sm:sr-only">{words.filters}</span>
          {active > 0 && <span className="tabular-nums">{active}</span>}
        </Button>
        <Menu
          trigger={<IconButton icon={Columns3} label={words.columns} className="max-md:hidden" />}
          items={ALL_COLUMNS.map((key) => ({
            title: words.columnNames[key],
            isChecked: shown.includes(key),
            onSelect: () => setShown(ALL_COLUMNS.filter((other) => (other === key ? !shown.includes(key) : shown.includes(other)))),
          }))}
        />
        <HeadActions onAdd={() => setAdding(true)} />
      </div>
      {isFiltering && <PatientFilters values={filters} onChange={setFilters} />}
      <ScrollArea label={text.title}>
        <DataTable
          caption={text.title}
          columns={columnsOf(shown)}
          rows={patients.data?.pages.flatMap((page) => page.items) as PatientSummary[] | undefined}
          rowKey={({ id }) => id}
          error={patients.error}
          onRetry={() => void patients.refetch()}
          sort={sort ?? BY_NAME}
          onSort={setSort}
          empty={<Nobody isNarrowed={isNarrowed} />}
          hasMore={patients.hasNextPage}
          isLoadingMore={patients.isFetchingNextPage}
          onMore={() => void patients.fetchNextPage()}
        />
      </ScrollArea>
      <NewPatientDialog open={adding} onOpenChange={setAdding} />
    </AppFrame>
  );
}

function HeadActions({ onAdd }: { onAdd: () => void }) {
  const { data: whoAmI } = useQuery(whoAmIQuery);
  const may = (permission: string) => whoAmI?.permissions.some((granted) => granted === permission) ?? false;
  return (
    <div className="ms-auto flex gap-2">
      {may('patient:merge') && (
        <Link to="/patients/matches" className={buttonClass()}>
          <GitMerge aria-hidden size={15} />
          <span className="max-lg:sr-only">{words.matches}</span>
        </Link>
      )}
      {may('patient:write') && (
        <>
          <ImportButton />
          <Button look="primary" icon={UserPlus} onClick={onAdd}>
            <span className="max-sm:sr-only">{text.add}</span>
          </Button>
        </>
      )}
    </div>
  );
}

function Nobody({ isNarrowed }: { isNarrowed: boolean }) {
  if (isNarrowed) return <EmptyState icon={UserSearch} title={text.noHits} detail={words.noHitsDetail} />;
  return <EmptyState icon={Users} title={text.emptyTitle} detail={text.emptyDetail} />;
}

function queryOf(q: string, filters: PatientFilterValues, sort: Sort | undefined): PatientsFilter {
  const set = Object.fromEntries(Object.entries(filters).flatMap(([name, value]) => (value.trim() === '' ? [] : [[name, value.trim()]])));
  // Sortable columns are named as the server names its orders.
  const by = sort && (`${sort.direction === 'descending' ? '-' : ''}${sort.key}` as PatientSort);
  return { ...(q ? { q } : {}), ...set, ...(by ? { sort: by } : {}) };
}

import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { UserPlus, UserSearch, Users } from 'lucide-react';
import { useState } from 'react';
import type { PatientSummary } from '../../contract/patients.ts';
import { dateTime } from '../format.ts';
import { AppFrame } from '../shell/AppFrame.tsx';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { ScrollArea } from '../ui/ScrollArea.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { useDebounced } from '../ui/use-debounced.ts';
import { ImportButton } from './ImportButton.tsx';
import { NewPatientDialog } from './NewPatientDialog.tsx';
import { patientsQuery } from './patient-queries.ts';
import { RiskBadge } from './RiskBadge.tsx';

const text = strings.patients;
const HEAD = 'border-b border-line px-2 text-start text-sm whitespace-nowrap font-medium text-muted first:ps-4 last:pe-4';
const CELL = 'truncate border-b border-line px-2 first:ps-4 last:pe-4';

/** Everybody who has a record here. */
export function PatientsPage() {
  const [search, setSearch] = useState('');
  const [adding, setAdding] = useState(false);
  const q = useDebounced(search.trim(), 150);
  const patients = useInfiniteQuery({ ...patientsQuery(q), placeholderData: (previous) => previous });
  const items = patients.data?.pages.flatMap((page) => page.items) ?? [];
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
        <div className="ms-auto flex gap-2">
          <ImportButton />
          <Button look="primary" icon={UserPlus} onClick={() => setAdding(true)}>
            <span className="max-sm:sr-only">{text.add}</span>
          </Button>
        </div>
      </div>
      <ScrollArea label={text.title}>
        {patients.isError && <ProblemNote error={patients.error} />}
        {patients.isPending && <Skeleton rows={12} label={strings.common.loading} />}
        {items.length > 0 && <PatientTable patients={items} />}
        {patients.data && items.length === 0 && <Nobody searching={q !== ''} />}
        {patients.hasNextPage && (
          <div className="flex justify-center p-4">
            <Button busy={patients.isFetchingNextPage} onClick={() => void patients.fetchNextPage()}>
              {strings.studies.loadMore}
            </Button>
          </div>
        )}
      </ScrollArea>
      <NewPatientDialog open={adding} onOpenChange={setAdding} />
    </AppFrame>
  );
}

function Nobody({ searching }: { searching: boolean }) {
  if (searching) return <EmptyState icon={UserSearch} title={text.noHits} detail={strings.studies.noHitsDetail} />;
  return <EmptyState icon={Users} title={text.emptyTitle} detail={text.emptyDetail} />;
}

function PatientTable({ patients }: { patients: readonly Partial<PatientSummary>[] }) {
  return (
    <table className="w-full table-fixed border-separate border-spacing-0">
      <caption className="sr-only">{text.title}</caption>
      <thead className="sticky top-0 z-10 bg-canvas">
        <tr className="h-8">
          <th className={HEAD}>{text.name}</th>
          <th className={`${HEAD} w-40`}>{text.number}</th>
          <th className={`${HEAD} w-32 max-sm:hidden`}>{text.born}</th>
          <th className={`${HEAD} w-24 max-md:hidden`}>{text.age}</th>
          <th className={`${HEAD} w-24 max-md:hidden`}>{text.sex}</th>
          <th className={`${HEAD} w-24 max-md:hidden`}>{text.risk}</th>
          <th className={`${HEAD} w-44 max-lg:hidden`}>{text.updated}</th>
        </tr>
      </thead>
      <tbody>
        {patients.map((patient) => (
          <tr key={patient.id} className="relative h-8 transition-colors focus-within:bg-hover hover:bg-hover">
            <td className={CELL}>
              <Link
                to="/patients/$key"
                params={{ key: patient.id ?? '' }}
                className="font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
              >
                <bdi>{patient.name || strings.studies.unnamed}</bdi>
              </Link>
            </td>
            <td className={`${CELL} text-muted`}>
              <bdi>{patient.patient_id}</bdi>
            </td>
            <td className={`${CELL} text-muted tabular-nums max-sm:hidden`}>{patient.date_of_birth}</td>
            <td className={`${CELL} text-muted max-md:hidden`}>{patient.age == null ? '' : text.years(patient.age)}</td>
            <td className={`${CELL} text-muted max-md:hidden`}>{patient.gender ? text.genders[patient.gender] : ''}</td>
            <td className={`${CELL} max-md:hidden`}>{patient.risk_level && <RiskBadge level={patient.risk_level} />}</td>
            <td className={`${CELL} text-muted tabular-nums max-lg:hidden`}>{patient.updated_at && dateTime(patient.updated_at)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

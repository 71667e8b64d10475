import { useInfiniteQuery } from '@tanstack/react-query';
import { UserSearch } from 'lucide-react';
import { useState } from 'react';
import { patientsQuery } from '../../patients/patient-queries.ts';
import { dataWords } from '../../strings/data/words.ts';
import { strings } from '../../strings/strings.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { SearchBox } from '../../ui/SearchBox.tsx';
import { useDebounced } from '../../ui/use-debounced.ts';
import { PatientRights } from './PatientRights.tsx';

const { privacy: text } = dataWords;
const MOST_HITS = 20;

type Chosen = { id: string; name: string; number: string };

/** Finds a patient, and then what can be done for this one. */
export function OnePatient({ onRequested }: { onRequested: () => void }) {
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<Chosen>();
  const q = useDebounced(search.trim(), 150);
  const patients = useInfiniteQuery({ ...patientsQuery({ q }), enabled: q !== '' && !chosen });
  if (chosen)
    return (
      <div className="h-full overflow-y-auto px-4 py-4 max-md:px-3">
        <div className="mb-4 flex flex-wrap items-center gap-3">
          <h2 className="text-lg font-semibold">
            <bdi>{chosen.name || strings.studies.unnamed}</bdi> <bdi className="font-normal text-muted">{chosen.number}</bdi>
          </h2>
          <Button look="quiet" onClick={() => setChosen(undefined)}>
            {text.other}
          </Button>
        </div>
        <PatientRights patientKey={chosen.id} word={chosen.number} onRequested={onRequested} />
      </div>
    );
  const hits = q === '' ? [] : (patients.data?.pages[0]?.items.slice(0, MOST_HITS) ?? []);
  return (
    <div className="h-full overflow-y-auto px-4 py-3 max-md:px-3">
      <SearchBox label={text.search} hasShortcut className="max-w-120" value={search} onChange={setSearch} />
      {patients.isError && <ProblemNote error={patients.error} />}
      {q === '' && <EmptyState icon={UserSearch} title={text.choose} detail={text.chooseDetail} />}
      {q !== '' && patients.data && hits.length === 0 && <EmptyState icon={UserSearch} title={text.noHits} detail={text.chooseDetail} />}
      <ul className="mt-2 flex max-w-120 flex-col divide-y divide-line">
        {hits.map(({ id = '', name = '', patient_id = '', date_of_birth }) => (
          <li key={id}>
            <button
              type="button"
              className="flex h-9 w-full items-center gap-3 rounded-sm px-2 text-start hover:bg-hover"
              onClick={() => setChosen({ id, name, number: patient_id })}
            >
              <bdi className="min-w-0 grow truncate font-medium">{name || strings.studies.unnamed}</bdi>
              <bdi className="text-muted">{patient_id}</bdi>
              <span className="text-muted tabular-nums">{date_of_birth}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

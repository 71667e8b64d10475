import { useQuery } from '@tanstack/react-query';
import { UserPlus, UserSearch } from 'lucide-react';
import { useState } from 'react';
import type { PatientSummary } from '../../contract/patients.ts';
import { NewPatientDialog } from '../patients/NewPatientDialog.tsx';
import { PatientFacts } from '../patients/PatientFacts.tsx';
import { patientQuery, patientSuggestionsQuery } from '../patients/patient-queries.ts';
import { diagnosisWords as text } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { useDebounced } from '../ui/use-debounced.ts';
import { KeptDrafts } from './KeptDrafts.tsx';

type PatientStepProps = { patientKey: string | null; onChoose: (patientKey: string | null) => void };

/** Whose diagnosis it is: somebody who is known, or somebody new. */
export function PatientStep({ patientKey, onChoose }: PatientStepProps) {
  return patientKey === null ? <Find onChoose={onChoose} /> : <Chosen patientKey={patientKey} onChoose={onChoose} />;
}

function Chosen({ patientKey, onChoose }: PatientStepProps & { patientKey: string }) {
  const patient = useQuery(patientQuery(patientKey));
  if (patient.isError) return <ProblemNote error={patient.error} action={<Button onClick={() => onChoose(null)}>{text.another}</Button>} />;
  if (!patient.data) return <Skeleton rows={2} label={strings.common.loading} />;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <div className="min-w-0">
        <p className="text-lg font-medium">
          <bdi>{patient.data.name || strings.studies.unnamed}</bdi>
        </p>
        <PatientFacts patient={patient.data} />
      </div>
      <Button className="ms-auto" onClick={() => onChoose(null)}>
        {text.another}
      </Button>
    </div>
  );
}

function Find({ onChoose }: Pick<PatientStepProps, 'onChoose'>) {
  const [search, setSearch] = useState('');
  const [adding, setAdding] = useState(false);
  const q = useDebounced(search.trim(), 150);
  const found = useQuery({ ...patientSuggestionsQuery(q), placeholderData: (previous) => previous });
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        <SearchBox
          className="max-w-120 grow"
          hasShortcut
          label={strings.patients.searchLabel}
          placeholder={strings.patients.search}
          value={search}
          onChange={setSearch}
        />
        <Button icon={UserPlus} onClick={() => setAdding(true)}>
          {strings.patients.add}
        </Button>
      </div>
      {found.isError && <ProblemNote error={found.error} />}
      {found.isPending && <Skeleton rows={6} label={strings.common.loading} />}
      {found.data?.items.length === 0 && (
        <EmptyState icon={UserSearch} title={q ? strings.patients.noHits : strings.patients.emptyTitle} detail={text.noPatientDetail} />
      )}
      <ul className="divide-y divide-line">
        {found.data?.items.map((patient) => (
          <li key={patient.id}>
            <Candidate patient={patient} onChoose={onChoose} />
          </li>
        ))}
      </ul>
      {q === '' && <KeptDrafts onChoose={onChoose} />}
      <NewPatientDialog open={adding} onOpenChange={setAdding} onCreated={onChoose} />
    </div>
  );
}

function Candidate({ patient, onChoose }: { patient: Partial<PatientSummary> } & Pick<PatientStepProps, 'onChoose'>) {
  return (
    <button
      type="button"
      className="flex min-h-10 w-full flex-wrap items-center gap-x-3 rounded-sm px-2 py-1 text-start hover:bg-hover"
      onClick={() => onChoose(patient.id ?? null)}
    >
      <bdi className="font-medium">{patient.name || strings.studies.unnamed}</bdi>
      <PatientFacts patient={patient} />
    </button>
  );
}

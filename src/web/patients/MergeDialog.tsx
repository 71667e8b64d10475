import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Patient } from '../../contract/patients.ts';
import { mergePatient, undoMerge } from '../../contract/patients-merge.ts';
import { call } from '../api.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { useToast } from '../ui/toast.ts';
import { useDebounced } from '../ui/use-debounced.ts';
import { CompareRecords } from './CompareRecords.tsx';
import { PatientFacts } from './PatientFacts.tsx';
import { patientQuery, patientSuggestionsQuery } from './patient-queries.ts';

/** Makes this record part of another: one looks for the other, lays them side by side, and says which stays. */
export function MergeDialog({ patient, onClose }: { patient: Patient; onClose: () => void }) {
  const [search, setSearch] = useState('');
  const [other, setOther] = useState<string>();
  const q = useDebounced(search.trim(), 150);
  const found = useQuery({ ...patientSuggestionsQuery(q), enabled: q !== '' });
  const candidates = found.data?.items.filter(({ id }) => id !== patient.id) ?? [];
  return (
    <Modal open wide onOpenChange={onClose} title={words.mergeTitle} lead={words.mergeLead}>
      <div className="flex flex-col gap-3 pb-3">
        {other === undefined ? (
          <>
            <SearchBox label={strings.patients.searchLabel} placeholder={strings.patients.search} value={search} onChange={setSearch} />
            {found.isError && <ProblemNote error={found.error} />}
            <ul className="min-h-40 divide-y divide-line">
              {candidates.map((candidate) => (
                <li key={candidate.id}>
                  <button
                    type="button"
                    className="flex min-h-10 w-full flex-wrap items-center gap-x-3 rounded-sm px-2 text-start hover:bg-hover"
                    onClick={() => setOther(candidate.id)}
                  >
                    <bdi className="font-medium">{candidate.name}</bdi>
                    <PatientFacts patient={candidate} />
                  </button>
                </li>
              ))}
            </ul>
          </>
        ) : (
          <Decide patient={patient} otherKey={other} onBack={() => setOther(undefined)} onClose={onClose} />
        )}
      </div>
    </Modal>
  );
}

type DecideProps = { patient: Patient; otherKey: string; onBack: () => void; onClose: () => void };

function Decide({ patient, otherKey, onBack, onClose }: DecideProps) {
  const other = useQuery(patientQuery(otherKey));
  const merge = useMerge(onClose);
  if (other.isError) return <ProblemNote error={other.error} />;
  if (!other.data) return null;
  return (
    <>
      <CompareRecords patients={[patient, other.data]} />
      {merge.isError && <ProblemNote error={merge.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onBack}>{words.chooseAnother}</Button>
        <Button look="primary" busy={merge.isPending} onClick={() => merge.mutate({ from: patient.id, into: otherKey })}>
          {words.keepOther}
        </Button>
        <Button busy={merge.isPending} onClick={() => merge.mutate({ from: otherKey, into: patient.id })}>
          {words.keepThis}
        </Button>
      </div>
    </>
  );
}

function useMerge(onDone: () => void) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const refresh = () =>
    Promise.all([queryClient.invalidateQueries({ queryKey: ['patient'] }), queryClient.invalidateQueries({ queryKey: ['patients'] })]);
  return useMutation({
    mutationFn: ({ from, into }: { from: string; into: string }) => call(mergePatient, { params: { patient_key: from }, body: { into } }),
    onSuccess: async ({ id, patient_key }) => {
      onDone();
      await refresh();
      await navigate({ to: '/patients/$key', params: { key: patient_key }, search: { tab: 'merges' } });
      toast({
        text: words.merged,
        undo: async () => {
          await call(undoMerge, { params: { patient_key, merge_id: id } });
          await refresh();
        },
      });
    },
  });
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { FileJson } from 'lucide-react';
import { useRef } from 'react';
import { importPatient } from '../../contract/patients-fhir.ts';
import { call } from '../api.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';

const text = strings.patients;

/** Takes a FHIR R4 bundle of one patient and opens the record that it became. */
export function ImportButton() {
  const input = useRef<HTMLInputElement>(null);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const importing = useMutation({
    mutationFn: (file: File) => call(importPatient, { query: {} }, { file, type: 'application/fhir+json' }),
    onSuccess: async ({ patient_key }) => {
      await queryClient.invalidateQueries({ queryKey: ['patients'] });
      await navigate({ to: '/patients/$key', params: { key: patient_key } });
    },
  });
  return (
    <>
      <Button icon={FileJson} busy={importing.isPending} onClick={() => input.current?.click()}>
        <span className="max-sm:sr-only">{text.import}</span>
      </Button>
      <input
        ref={input}
        type="file"
        accept=".json,application/fhir+json"
        aria-label={text.import}
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = '';
          if (file) importing.mutate(file);
        }}
      />
      <Modal open={importing.isError} onOpenChange={() => importing.reset()} title={text.import}>
        <div className="pb-3">
          <ProblemNote error={importing.error} />
        </div>
      </Modal>
    </>
  );
}

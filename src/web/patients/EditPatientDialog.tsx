import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { type Patient, updatePatient } from '../../contract/patients.ts';
import { ApiProblem, call } from '../api.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Skeleton } from '../ui/EmptyState.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { ConflictTable } from './ConflictTable.tsx';
import { PatientFields } from './PatientFields.tsx';
import { changeOf, differences, fieldOf, formOf, type PatientField, type PatientForm } from './patient-form.ts';
import { readTagged, taggedPatientQuery } from './patient-queries.ts';

type Tagged = { answer: Patient; etag: string };

/** Corrects the record. Who comes second is shown what the other has changed, and decides. */
export function EditPatientDialog({ patientKey, onClose }: { patientKey: string; onClose: () => void }) {
  const read = useQuery(taggedPatientQuery(patientKey));
  if (read.data) return <Editor read={read.data} onClose={onClose} />;
  return (
    <Modal open wide onOpenChange={onClose} title={words.editTitle}>
      <div className="pb-3">{read.isError ? <ProblemNote error={read.error} /> : <Skeleton rows={6} label={strings.common.loading} />}</div>
    </Modal>
  );
}

function Editor({ read: first, onClose }: { read: Tagged; onClose: () => void }) {
  const [read, setRead] = useState(first);
  const [form, setForm] = useState(formOf(first.answer));
  const [theirs, setTheirs] = useState<Tagged>();
  const id = useId();
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: ({ of, to }: { of: Tagged; to: PatientForm }) =>
      call(updatePatient, { params: { patient_key: of.answer.id }, body: changeOf(of.answer, to) }, { ifMatch: of.etag }),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: ['patient', read.answer.id] });
      await queryClient.invalidateQueries({ queryKey: ['patients'] });
    },
    onError: async (error) => {
      if (error instanceof ApiProblem && error.status === 412) setTheirs(await readTagged(read.answer.id));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ of: read, to: form });
  };
  const settle = (resolved: PatientForm) => {
    if (!theirs) return;
    setRead(theirs);
    setForm(resolved);
    setTheirs(undefined);
    save.mutate({ of: theirs, to: resolved });
  };
  const isChanged = differences(formOf(read.answer), form).length > 0;
  return (
    <Modal
      open
      wide
      onOpenChange={onClose}
      title={theirs ? words.conflictTitle : words.editTitle}
      {...(theirs ? { lead: words.conflictLead } : {})}
      footer={
        !theirs && (
          <>
            <Button onClick={onClose}>{strings.common.cancel}</Button>
            <Button type="submit" form={id} look="primary" busy={save.isPending} disabled={!isChanged}>
              {strings.common.save}
            </Button>
          </>
        )
      }
    >
      {theirs ? (
        <ConflictTable read={formOf(read.answer)} mine={form} theirs={formOf(theirs.answer)} onSettle={settle} onClose={onClose} />
      ) : (
        <form id={id} className="flex flex-col gap-4 pb-2" onSubmit={submit}>
          <PatientFields form={form} errors={errorsOf(save.error)} onChange={(change) => setForm({ ...form, ...change })} />
          {save.isError && <ProblemNote error={save.error} />}
        </form>
      )}
    </Modal>
  );
}

function errorsOf(error: unknown): Partial<Record<PatientField, string>> {
  if (!(error instanceof ApiProblem)) return {};
  return Object.fromEntries(
    error.fields.flatMap(({ field, message }) => {
      const known = fieldOf(field);
      return known ? [[known, message]] : [];
    }),
  );
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Ellipsis, FileJson, GitMerge, PenLine, Stethoscope, Trash2, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Patient } from '../../contract/patients.ts';
import { exportFhir, importRecord } from '../../contract/patients-fhir.ts';
import { deletePatient, restoreRecycled } from '../../contract/recycle-bin.ts';
import { call, urlOf } from '../api.ts';
import { whoAmIQuery } from '../queries.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Button, buttonClass, IconButton } from '../ui/Button.tsx';
import { Menu } from '../ui/Menu.tsx';
import type { MenuItem } from '../ui/MenuParts.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { useToast } from '../ui/toast.ts';
import { EditPatientDialog } from './EditPatientDialog.tsx';
import { MergeDialog } from './MergeDialog.tsx';
import { PatientFacts } from './PatientFacts.tsx';

/** Who the patient is, and what can be done with the record. */
export function PatientHead({ patient }: { patient: Patient }) {
  const [dialog, setDialog] = useState<'edit' | 'merge'>();
  const { data: whoAmI } = useQuery(whoAmIQuery);
  const may = (permission: string) => whoAmI?.permissions.some((granted) => granted === permission) ?? false;
  const remove = useRemove(patient.id);
  const { take, input, ...importing } = useImport(patient.id);
  const close = () => setDialog(undefined);
  const items: (MenuItem | false)[] = [
    may('patient:write') && { title: words.importHere, icon: Upload, onSelect: take },
    {
      title: words.exportFhir,
      icon: FileJson,
      onSelect: () => location.assign(urlOf(exportFhir, { params: { patient_key: patient.id } })),
    },
    may('patient:merge') && { title: words.merge, icon: GitMerge, onSelect: () => setDialog('merge') },
    may('study:delete') && { title: words.remove, icon: Trash2, isDanger: true, onSelect: () => remove.mutate() },
  ];
  const error = remove.error ?? importing.error;
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <div className="min-w-0">
        <h1 className="text-xl font-semibold tracking-tight">
          <bdi>{patient.name || strings.studies.unnamed}</bdi>
        </h1>
        <PatientFacts patient={patient} />
      </div>
      <div className="ms-auto flex gap-2">
        {may('patient:write') && (
          <Button icon={PenLine} onClick={() => setDialog('edit')}>
            {words.edit}
          </Button>
        )}
        {may('diagnosis:write') && (
          <Link to="/diagnoses/new" search={{ patient: patient.id, step: 'images' }} className={buttonClass('primary')}>
            <Stethoscope aria-hidden size={15} />
            {strings.patients.newDiagnosis}
          </Link>
        )}
        <Menu trigger={<IconButton icon={Ellipsis} label={words.more} />} items={items.filter((item) => item !== false)} />
      </div>
      {input}
      {error && (
        <div className="basis-full">
          <ProblemNote error={error} />
        </div>
      )}
      {dialog === 'edit' && <EditPatientDialog patientKey={patient.id} onClose={close} />}
      {dialog === 'merge' && <MergeDialog patient={patient} onClose={close} />}
    </header>
  );
}

/** Into the recycle bin, from which the toast takes it back. */
function useRemove(patient_key: string) {
  const toast = useToast();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => call(deletePatient, { params: { patient_key } }),
    onSuccess: async ({ id }) => {
      await navigate({ to: '/patients' });
      queryClient.removeQueries({ queryKey: ['patient', patient_key] });
      await queryClient.invalidateQueries({ queryKey: ['patients'] });
      toast({
        text: words.removed,
        undo: async () => {
          await call(restoreRecycled, { params: { id } });
          await queryClient.invalidateQueries({ queryKey: ['patients'] });
          await navigate({ to: '/patients/$key', params: { key: patient_key } });
        },
      });
    },
  });
}

/** Takes a FHIR bundle into this record. */
function useImport(patient_key: string) {
  const field = useRef<HTMLInputElement>(null);
  const toast = useToast();
  const queryClient = useQueryClient();
  const importing = useMutation({
    mutationFn: (file: File) => call(importRecord, { params: { patient_key } }, { file, type: 'application/fhir+json' }),
    onSuccess: async ({ added, changed }) => {
      toast({ text: strings.patients.imported(added, changed), tone: 'accepted' });
      await queryClient.invalidateQueries({ queryKey: ['patient', patient_key] });
    },
  });
  const input = (
    <input
      ref={field}
      type="file"
      hidden
      accept=".json,application/fhir+json"
      aria-label={words.importHere}
      onChange={(event) => {
        const [file] = event.target.files ?? [];
        event.target.value = '';
        if (file) importing.mutate(file);
      }}
    />
  );
  return { ...importing, input, take: () => field.current?.click() };
}

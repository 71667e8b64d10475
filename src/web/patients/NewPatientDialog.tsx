import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useId, useState } from 'react';
import { createPatient } from '../../contract/patients.ts';
import { ApiProblem, call } from '../api.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';

const text = strings.patients;
const EMPTY = { number: '', family: '', given: '', born: '', gender: 'unknown' as keyof typeof text.genders };

type NewPatientDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** In place of opening the record. */
  onCreated?: (patientKey: string) => void;
};

export function NewPatientDialog({ open, onOpenChange, onCreated }: NewPatientDialogProps) {
  const [typed, setTyped] = useState(EMPTY);
  const form = useId();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: () =>
      call(createPatient, {
        body: {
          patient_id: typed.number.trim(),
          name_parts: { family: typed.family.trim(), given: typed.given.trim() },
          date_of_birth: typed.born || null,
          gender: typed.gender,
        },
      }),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ['patients'] });
      if (onCreated) onCreated(id);
      else await navigate({ to: '/patients/$key', params: { key: id } });
    },
  });
  const errorOf = (field: string) =>
    create.error instanceof ApiProblem ? create.error.fields.find((wrong) => wrong.field.startsWith(`body/${field}`))?.message : undefined;
  const input = (name: 'number' | 'family' | 'given' | 'born', label: string, field: string, hint?: string) => (
    <Field label={label} hint={hint} error={errorOf(field)}>
      {(control) => (
        <input
          {...control}
          className={INPUT_CLASS}
          type={name === 'born' ? 'date' : 'text'}
          dir="auto"
          required={name === 'number' || name === 'family'}
          maxLength={64}
          autoComplete="off"
          value={typed[name]}
          onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
        />
      )}
    </Field>
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Modal
      open={open}
      onOpenChange={onOpenChange}
      title={text.add}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{strings.common.cancel}</Button>
          <Button type="submit" form={form} look="primary" busy={create.isPending}>
            {strings.common.save}
          </Button>
        </>
      }
    >
      <form id={form} className="grid grid-cols-2 gap-3 pb-2" onSubmit={submit}>
        <div className="col-span-2">{input('number', text.number, 'patient_id', text.numberHint)}</div>
        {input('family', text.family, 'name_parts')}
        {input('given', text.given, 'name_parts/given')}
        {input('born', text.born, 'date_of_birth')}
        <Field label={text.sex}>
          {(control) => (
            <select
              {...control}
              className={INPUT_CLASS}
              value={typed.gender}
              onChange={(event) => setTyped({ ...typed, gender: event.target.value as typeof typed.gender })}
            >
              {Object.entries(text.genders).map(([value, title]) => (
                <option key={value} value={value}>
                  {title}
                </option>
              ))}
            </select>
          )}
        </Field>
        {create.isError && (
          <div className="col-span-2">
            <ProblemNote error={create.error} />
          </div>
        )}
      </form>
    </Modal>
  );
}

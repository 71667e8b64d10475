import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import type { RecordKind } from '../../contract/patient-record.ts';
import { addRecordEntry, type NewRecordEntry } from '../../contract/patients.ts';
import { ApiProblem, call } from '../api.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Select } from '../ui/Select.tsx';

const text = strings.patients;
const EMPTY = { text: '', status: 'active' as NonNullable<NewRecordEntry['status']>, started: '', value: '', unit: '', detail: '' };
/** What else this kind has, and under which name the record keeps it. */
const DETAIL = { allergy: 'reaction', medication: 'dose_text', condition: 'body_site', procedure: 'body_site' } as const;

/** A fact that a person writes into the record. */
export function NewEntryDialog({ patientKey, kind, onClose }: { patientKey: string; kind: RecordKind; onClose: () => void }) {
  const [typed, setTyped] = useState(EMPTY);
  const form = useId();
  const queryClient = useQueryClient();
  const add = useMutation({
    mutationFn: () => call(addRecordEntry, { params: { patient_key: patientKey }, body: entryOf(kind, typed) }),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: ['patient', patientKey] });
    },
  });
  const errorOf = (field: string) =>
    add.error instanceof ApiProblem ? add.error.fields.find((wrong) => wrong.field.startsWith(`body/${field}`))?.message : undefined;
  const input = (name: 'text' | 'started' | 'value' | 'unit' | 'detail', label: string, more: { hint?: string; field?: string } = {}) => (
    <Field label={label} hint={more.hint} error={errorOf(more.field ?? name)}>
      {(control) => (
        <input
          {...control}
          dir="auto"
          className={INPUT_CLASS}
          required={name === 'text'}
          maxLength={name === 'text' ? 2000 : 64}
          inputMode={name === 'value' ? 'decimal' : 'text'}
          autoComplete="off"
          value={typed[name]}
          onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
        />
      )}
    </Field>
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <Modal
      open
      onOpenChange={onClose}
      title={text.kinds[kind]}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="submit" form={form} look="primary" busy={add.isPending}>
            {strings.common.save}
          </Button>
        </>
      }
    >
      <form id={form} className="grid grid-cols-2 gap-3 pb-2" onSubmit={submit}>
        <div className="col-span-2">{input('text', kind === 'medication' ? words.medicationText : words.what)}</div>
        {kind === 'observation' && input('value', words.value)}
        {kind === 'observation' && input('unit', words.unit, { hint: words.unitHint })}
        {kind in DETAIL && (
          <div className="col-span-2">{input('detail', words.details[DETAIL[kind as keyof typeof DETAIL]], { field: 'details' })}</div>
        )}
        {input('started', words.since, { hint: words.sinceHint, field: 'started_at' })}
        {kind !== 'observation' && (
          <Select label={words.status} value={typed.status} choices={text.statuses} onChange={(status) => setTyped({ ...typed, status })} />
        )}
        {add.isError && (
          <div className="col-span-2">
            <ProblemNote error={add.error} />
          </div>
        )}
      </form>
    </Modal>
  );
}

function entryOf(kind: RecordKind, typed: typeof EMPTY): NewRecordEntry {
  const number = Number(typed.value.trim().replace(',', '.'));
  const isNumber = typed.value.trim() !== '' && Number.isFinite(number);
  return {
    kind,
    text: typed.text.trim(),
    status: typed.status,
    ...(typed.started.trim() ? { started_at: typed.started.trim() } : {}),
    ...(isNumber ? { value: number, ...(typed.unit.trim() ? { unit: typed.unit.trim() } : {}) } : {}),
    ...(typed.value.trim() && !isNumber ? { value_text: typed.value.trim() } : {}),
    ...(typed.detail.trim() && kind in DETAIL ? { details: { [DETAIL[kind as keyof typeof DETAIL]]: typed.detail.trim() } } : {}),
  };
}

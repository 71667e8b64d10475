import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { checkDrugSafety } from '../../contract/drug-safety.ts';
import { call } from '../api.ts';
import { TextPage } from '../shell/TextPage.tsx';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { ContrastFields, PatientFields } from './CaseFields.tsx';
import { DrugSafetyReport } from './DrugSafetyReport.tsx';
import { EMPTY_CASE, requestOf } from './drug-case.ts';

const text = strings.drugSafety;

/** Medications of one patient, checked; nothing of it leaves the page but for the check itself. */
export function DrugSafetyPage() {
  const [drugCase, setDrugCase] = useState(EMPTY_CASE);
  const check = useMutation({ mutationFn: () => call(checkDrugSafety, { body: requestOf(drugCase) }) });
  const set = (change: Partial<typeof drugCase>) => setDrugCase({ ...drugCase, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    check.mutate();
  };
  const list = (name: 'medications' | 'allergies' | 'conditions', rows: number, hint: string) => (
    <Field label={text[name]} hint={hint}>
      {(control) => (
        <textarea
          {...control}
          rows={rows}
          maxLength={20_000}
          dir="auto"
          spellCheck={false}
          className={`${INPUT_CLASS} h-auto! py-1.5`}
          value={drugCase[name]}
          onChange={(event) => set({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <TextPage title={text.title} lead={text.lead}>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,24rem)_minmax(0,1fr)]">
        <form className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-4" onSubmit={submit}>
          {list('medications', 7, text.medicationsHint)}
          {list('allergies', 2, text.perLine)}
          {list('conditions', 2, text.perLine)}
          <PatientFields drugCase={drugCase} onChange={set} />
          <ContrastFields drugCase={drugCase} onChange={set} />
          <Button
            type="submit"
            look="primary"
            busy={check.isPending}
            disabled={drugCase.medications.trim() === '' && drugCase.contrast === 'none'}
          >
            {text.check}
          </Button>
        </form>
        <div aria-live="polite" className="flex min-w-0 flex-col gap-4">
          {check.isError && <ProblemNote error={check.error} />}
          {check.data && <DrugSafetyReport result={check.data} />}
        </div>
      </div>
    </TextPage>
  );
}

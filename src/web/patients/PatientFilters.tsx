import { X } from 'lucide-react';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Select } from '../ui/Select.tsx';

const text = strings.patients;
export const NO_FILTERS = {
  gender: '' as '' | 'male' | 'female' | 'other',
  risk_level: '' as '' | 'low' | 'medium' | 'high',
  status: '' as '' | 'active' | 'inactive',
  born_from: '',
  born_to: '',
  modality: '',
  condition: '',
};
/** As the server's query names them; empty means any. */
export type PatientFilterValues = typeof NO_FILTERS;

const MODALITIES = ['CT', 'MR', 'DX', 'CR', 'MG', 'US', 'NM', 'PT', 'XA', 'OT'];

/** What else narrows the list. */
export function PatientFilters({ values, onChange }: { values: PatientFilterValues; onChange: (values: PatientFilterValues) => void }) {
  const set = (change: Partial<PatientFilterValues>) => onChange({ ...values, ...change });
  return (
    <section
      aria-label={words.filters}
      className="grid shrink-0 grid-cols-2 items-end gap-3 border-b border-line px-4 pb-3 sm:grid-cols-4 xl:grid-cols-8"
    >
      <Select
        label={text.sex}
        value={values.gender}
        choices={{ '': words.any, male: text.genders.male, female: text.genders.female, other: text.genders.other }}
        onChange={(gender) => set({ gender })}
      />
      <Select
        label={text.risk}
        value={values.risk_level}
        choices={{ '': words.any, ...text.risks }}
        onChange={(risk_level) => set({ risk_level })}
      />
      <Select
        label={words.status}
        value={values.status}
        choices={{ '': words.any, ...words.patientStates }}
        onChange={(status) => set({ status })}
      />
      <Day label={words.bornFrom} value={values.born_from} onChange={(born_from) => set({ born_from })} />
      <Day label={words.bornTo} value={values.born_to} onChange={(born_to) => set({ born_to })} />
      <Select
        label={strings.studies.modality}
        value={values.modality}
        choices={[['', words.any], ...MODALITIES.map((modality) => [modality, modality] as const)]}
        onChange={(modality) => set({ modality })}
      />
      <Field label={words.condition}>
        {(control) => (
          <input
            {...control}
            dir="auto"
            className={INPUT_CLASS}
            placeholder="E11"
            maxLength={200}
            value={values.condition}
            onChange={(event) => set({ condition: event.target.value })}
          />
        )}
      </Field>
      <Button look="quiet" icon={X} onClick={() => onChange(NO_FILTERS)}>
        {words.clearFilters}
      </Button>
    </section>
  );
}

function Day({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <Field label={label}>
      {(control) => (
        <input {...control} type="date" className={INPUT_CLASS} value={value} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  );
}

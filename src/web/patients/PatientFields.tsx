import type { ReactNode } from 'react';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { cx } from '../ui/cx.ts';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Select } from '../ui/Select.tsx';
import type { PatientField, PatientForm } from './patient-form.ts';

const text = strings.patients;
const GENDERS = { '': text.genders.unknown, male: text.genders.male, female: text.genders.female, other: text.genders.other };
const RISKS = { '': words.notStated, ...text.risks };

type PatientFieldsProps = {
  form: PatientForm;
  errors: Partial<Record<PatientField, string>>;
  onChange: (change: Partial<PatientForm>) => void;
};

/** Every field of a patient: who it is, then how one reaches him. */
export function PatientFields({ form, errors, onChange }: PatientFieldsProps) {
  const input = (field: PatientField, more: { type?: string; required?: boolean; max?: number } = {}) => (
    <Field key={field} label={words.fields[field]} error={errors[field]}>
      {(control) => (
        <input
          {...control}
          className={INPUT_CLASS}
          type={more.type ?? 'text'}
          dir="auto"
          required={more.required ?? false}
          maxLength={more.max ?? 64}
          autoComplete="off"
          value={form[field]}
          onChange={(event) => onChange({ [field]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      <Group title={words.identity}>
        {input('patient_id', { required: true })}
        {input('issuer')}
        {input('family')}
        {input('given')}
        {input('middle')}
        {input('prefix')}
        {input('suffix')}
        {input('date_of_birth', { max: 10 })}
        <Select
          label={words.fields.gender}
          value={form.gender}
          choices={GENDERS}
          error={errors.gender}
          onChange={(gender) => onChange({ gender })}
        />
        <Select
          label={words.fields.risk_level}
          value={form.risk_level}
          choices={RISKS}
          error={errors.risk_level}
          onChange={(risk_level) => onChange({ risk_level })}
        />
        <Select label={words.fields.status} value={form.status} choices={words.patientStates} onChange={(status) => onChange({ status })} />
      </Group>
      <Group title={words.contacts}>
        {input('phone', { type: 'tel', max: 40 })}
        {input('email', { type: 'email', max: 254 })}
        <div className="sm:col-span-2">
          <Field label={words.fields.address} error={errors.address}>
            {(control) => (
              <textarea
                {...control}
                rows={2}
                dir="auto"
                maxLength={500}
                className={cx(INPUT_CLASS, 'h-auto! py-1.5')}
                value={form.address}
                onChange={(event) => onChange({ address: event.target.value })}
              />
            )}
          </Field>
        </div>
      </Group>
      <Group title={words.emergency}>
        {input('emergency_name', { max: 200 })}
        {input('emergency_relationship', { max: 100 })}
        {input('emergency_phone', { type: 'tel', max: 40 })}
      </Group>
    </>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset>
      <legend className="pb-2 text-sm font-medium text-muted">{title}</legend>
      <div className="grid gap-3 sm:grid-cols-2">{children}</div>
    </fieldset>
  );
}

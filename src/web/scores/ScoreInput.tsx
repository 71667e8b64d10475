import { useState } from 'react';
import type { ScoreInputDescription, ScoreInputValue } from '../../contract/clinical.ts';
import { decimal, unitText } from '../format.ts';
import { strings } from '../strings/strings.ts';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';

const text = strings.scores;
const NUMBER = /^-?\d+([.,]\d+)?$/;

type ScoreInputProps = {
  input: ScoreInputDescription;
  value: ScoreInputValue | undefined;
  onChange: (value: ScoreInputValue | undefined) => void;
};

/** One input as what it is: a number with its unit, yes or no, or one of several. Undefined: not known. */
export function ScoreInput({ input, value, onChange }: ScoreInputProps) {
  const label = input.required ? input.title : `${input.title} (${text.optional})`;
  if (input.kind === 'number' || input.kind === 'integer')
    return <NumberInput input={input} label={label} value={value} onChange={onChange} />;
  const choices =
    input.kind === 'boolean'
      ? [
          { id: 'true', title: text.yes },
          { id: 'false', title: text.no },
        ]
      : (input.choices ?? []);
  const take = (chosen: string) => onChange(chosen === '' ? undefined : input.kind === 'boolean' ? chosen === 'true' : chosen);
  return (
    <Field label={label}>
      {(control) => (
        <select
          {...control}
          className={INPUT_CLASS}
          value={value === undefined ? '' : String(value)}
          onChange={(event) => take(event.target.value)}
        >
          <option value="">{text.unknown}</option>
          {choices.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function NumberInput({ input, label, value, onChange }: ScoreInputProps & { label: string }) {
  const [typed, setTyped] = useState('');
  // Cleared from outside.
  const shown = value === undefined && NUMBER.test(typed) ? '' : typed;
  const take = (next: string) => {
    setTyped(next);
    onChange(NUMBER.test(next.trim()) ? Number(next.trim().replace(',', '.')) : undefined);
  };
  const unit = input.unit ? unitText(input.unit) : '';
  const range = input.range ? text.plausible(decimal(input.range.min), decimal(input.range.max)) : '';
  return (
    <Field label={label} hint={[range, unit].filter(Boolean).join(' ')}>
      {(control) => (
        <input
          {...control}
          className={`${INPUT_CLASS} max-w-40 tabular-nums`}
          dir="ltr"
          inputMode={input.kind === 'integer' ? 'numeric' : 'decimal'}
          autoComplete="off"
          value={shown}
          onChange={(event) => take(event.target.value)}
        />
      )}
    </Field>
  );
}

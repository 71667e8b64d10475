import type { ComponentProps, ReactNode } from 'react';
import { Field, INPUT_CLASS } from './Field.tsx';

type TextFieldProps = Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'id' | 'className'> & {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: ReactNode;
  error?: string | undefined;
};

/** A line of text with its label; no browser fills it in, unless `autoComplete` says what it is. */
export function TextField({ label, value, onChange, hint, error, ...rest }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <input
          dir="auto"
          autoComplete="off"
          {...rest}
          {...control}
          className={INPUT_CLASS}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

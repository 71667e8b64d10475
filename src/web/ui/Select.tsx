import { ChevronDown } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Field, INPUT_CLASS } from './Field.tsx';

/** Value and what is shown for it; as pairs where the order matters and the values are digits. */
export type Choices<T extends string> = Readonly<Record<T, string>> | readonly (readonly [T, string])[];
type SelectProps<T extends string> = {
  label: string;
  value: T;
  choices: Choices<T>;
  onChange: (value: T) => void;
  hint?: ReactNode;
  error?: string | undefined;
  disabled?: boolean;
  /** Keeps the label for screen readers alone, where the place says what it is. */
  isLabelHidden?: boolean;
  className?: string;
};

/** One of a few, with its label. The browser's own list: it fits every device and every keyboard. */
export function Select<T extends string>({ label, hint, error, isLabelHidden = false, className, ...rest }: SelectProps<T>) {
  if (isLabelHidden)
    return (
      <Box className={className}>
        <Control aria-label={label} {...rest} />
      </Box>
    );
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <Box className={className}>
          <Control {...control} {...rest} />
        </Box>
      )}
    </Field>
  );
}

type ControlProps<T extends string> = Omit<ComponentProps<'select'>, 'value' | 'onChange'> &
  Pick<SelectProps<T>, 'value' | 'choices' | 'onChange'>;

function Control<T extends string>({ value, choices, onChange, ...rest }: ControlProps<T>) {
  // The keys of a record are its type's.
  const pairs = Array.isArray(choices) ? (choices as readonly (readonly [T, string])[]) : (Object.entries(choices) as [T, string][]);
  const choose = (chosen: string): void => {
    const found = pairs.find(([known]) => known === chosen);
    if (found) onChange(found[0]);
  };
  return (
    <select
      {...rest}
      className={cx(INPUT_CLASS, 'appearance-none truncate pe-7')}
      value={value}
      onChange={(event) => choose(event.target.value)}
    >
      {pairs.map(([known, title]) => (
        <option key={known} value={known} className="bg-surface text-text">
          {title}
        </option>
      ))}
    </select>
  );
}

function Box({ className, children }: { className: string | undefined; children: ReactNode }) {
  return (
    <span className={cx('relative block', className)}>
      {children}
      <ChevronDown aria-hidden size={14} className="pointer-events-none absolute end-2 top-1/2 -translate-y-1/2 text-muted" />
    </span>
  );
}

import { useId } from 'react';
import { cx } from '../ui/cx.ts';

type ChoiceCardsProps<T extends string> = {
  label: string;
  value: T;
  /** In the order in which they are shown: what it is called, and what choosing it changes. */
  choices: readonly { value: T; title: string; detail: string }[];
  onChange: (value: T) => void;
};

/** One of a few, each with what it changes. Arrow keys move, as in every group of radio buttons. */
export function ChoiceCards<T extends string>({ label, value, choices, onChange }: ChoiceCardsProps<T>) {
  const name = useId();
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="pb-1 text-sm font-medium">{label}</legend>
      <div className="grid gap-2 sm:grid-cols-3">
        {choices.map((choice) => (
          <label
            key={choice.value}
            className={cx(
              'flex cursor-pointer flex-col gap-0.5 rounded-md border p-3 transition-colors hover:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-focus',
              value === choice.value ? 'border-strong bg-raised' : 'border-line-strong',
            )}
          >
            <span className="flex items-center gap-2 font-medium">
              <input
                type="radio"
                name={name}
                checked={value === choice.value}
                onChange={() => onChange(choice.value)}
                className="size-3.5 accent-strong outline-none"
              />
              {choice.title}
            </span>
            <span className="text-sm text-muted">{choice.detail}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

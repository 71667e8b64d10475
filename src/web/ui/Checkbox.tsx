import { Check } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';

type CheckboxProps = Omit<ComponentProps<'input'>, 'type' | 'onChange' | 'children' | 'checked'> & {
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** What is said yes to; left out only where `aria-label` names it (a cell of a table). */
  children?: ReactNode;
};

/** Yes or no, or one of several that may be chosen together. */
export function Checkbox({ checked, onChange, children, className, disabled, ...rest }: CheckboxProps) {
  const box = (
    <span className="relative flex size-4 shrink-0 items-center justify-center">
      <input
        {...rest}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        className="peer size-4 cursor-pointer appearance-none rounded-sm border border-control bg-canvas checked:border-strong checked:bg-strong disabled:cursor-not-allowed disabled:opacity-45"
      />
      <Check
        aria-hidden
        size={12}
        strokeWidth={3}
        className="pointer-events-none absolute text-on-strong opacity-0 peer-checked:opacity-100"
      />
    </span>
  );
  if (children === undefined) return box;
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is inside, as `box`
    <label className={cx('flex min-h-7 items-center gap-2 pointer-coarse:min-h-11', !disabled && 'cursor-pointer', className)}>
      {box}
      {children}
    </label>
  );
}

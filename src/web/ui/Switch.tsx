import { Switch as Parts } from 'radix-ui';
import { type ReactNode, useId } from 'react';

type SwitchProps = {
  label: string;
  hint?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
};

/** On or off, at once: for settings that need no button to take effect. */
export function Switch({ label, hint, checked, onChange, disabled = false }: SwitchProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-3 pointer-coarse:min-h-11">
      <Parts.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
        {...(hint ? { 'aria-describedby': `${id}-hint` } : {})}
        className="relative mt-px flex h-4.5 after:absolute after:-inset-x-1 after:-inset-y-1 pointer-coarse:after:-inset-3.5 w-8 shrink-0 items-center rounded-full border border-control bg-canvas px-0.5 transition-colors disabled:cursor-not-allowed disabled:opacity-45 data-[state=checked]:justify-end data-[state=checked]:border-strong data-[state=checked]:bg-strong"
      >
        <Parts.Thumb className="size-3 rounded-full bg-muted data-[state=checked]:bg-on-strong" />
      </Parts.Root>
      <div className="min-w-0">
        <label htmlFor={id} className="text-base">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-sm text-faint">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}

import { type ReactNode, useId } from 'react';

export const INPUT_CLASS =
  'h-8 w-full rounded-md border border-control bg-canvas px-2.5 text-base text-text placeholder:text-faint aria-invalid:border-critical pointer-coarse:min-h-11';

type ControlProps = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean };
type FieldProps = { label: string; hint?: ReactNode; error?: string | undefined; children: (control: ControlProps) => ReactNode };

/** A labelled control with its hint and its error, tied together for assistive technology. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium text-text">
        {label}
      </label>
      {children({ id, 'aria-describedby': hint || error ? noteId : undefined, 'aria-invalid': Boolean(error) })}
      {(error || hint) && (
        <div id={noteId} className={error ? 'text-sm text-critical' : 'text-sm text-faint'}>
          {error ?? hint}
        </div>
      )}
    </div>
  );
}

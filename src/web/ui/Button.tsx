import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

const LOOKS = {
  primary: 'border-strong bg-strong font-medium text-on-strong hover:opacity-90',
  normal: 'border-line-strong bg-raised text-text hover:bg-hover',
  danger: 'border-critical bg-critical-soft font-medium text-critical hover:opacity-90',
  quiet: 'border-transparent bg-transparent text-muted hover:bg-hover hover:text-text',
} as const;
const BASE =
  'inline-flex h-8 shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md border px-3 text-base transition-colors disabled:cursor-not-allowed disabled:opacity-45 pointer-coarse:min-h-11';

type Look = keyof typeof LOOKS;
type ButtonProps = ComponentProps<'button'> & { look?: Look; icon?: LucideIcon; busy?: boolean };

/** Classes of a button, for links that look like one. */
export function buttonClass(look: Look = 'normal', extra = ''): string {
  return cx(BASE, LOOKS[look], extra);
}

export function Button({ look = 'normal', icon: Icon, busy = false, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} disabled={disabled || busy} aria-busy={busy} className={buttonClass(look, className)}>
      {Icon && <Icon aria-hidden size={15} strokeWidth={1.75} className="shrink-0" />}
      {children}
    </button>
  );
}

type IconButtonProps = Omit<ComponentProps<'button'>, 'children'> & { icon: LucideIcon; label: string };

/** A square button that shows only an icon; `label` is its name and tooltip. */
export function IconButton({ icon: Icon, label, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      {...rest}
      className={cx(
        'inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted transition-colors hover:bg-hover hover:text-text disabled:cursor-not-allowed disabled:opacity-40 pointer-coarse:min-h-11 pointer-coarse:min-w-11',
        'aria-pressed:bg-hover aria-pressed:text-text',
        className,
      )}
    >
      <Icon aria-hidden size={16} strokeWidth={1.75} />
    </button>
  );
}

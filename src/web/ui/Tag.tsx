import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { strings } from '../strings/strings.ts';
import { cx } from './cx.ts';

type TagProps = {
  children: string;
  /** Shows a button that takes it away. */
  onRemove?: () => void;
};

/** A word that was put on something: a label, a filter that is on. */
export function Tag({ children, onRemove }: TagProps) {
  return (
    <span
      className={cx(
        'inline-flex h-6 max-w-full items-center gap-0.5 rounded-full border border-line-strong ps-2.5 text-sm',
        !onRemove && 'pe-2.5',
      )}
    >
      <bdi className="truncate">{children}</bdi>
      {onRemove && (
        <button
          type="button"
          aria-label={strings.ui.remove(children)}
          onClick={onRemove}
          className="inline-flex size-6 shrink-0 items-center justify-center rounded-full text-muted hover:text-text"
        >
          <X aria-hidden size={12} />
        </button>
      )}
    </span>
  );
}

type ChipProps = { pressed: boolean; onPress: (pressed: boolean) => void; count?: number; children: ReactNode };

/** A filter that is on or off. */
export function Chip({ pressed, onPress, count, children }: ChipProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={() => onPress(!pressed)}
      className="inline-flex h-7 shrink-0 items-center gap-1.5 whitespace-nowrap rounded-full border border-line-strong px-3 text-sm text-muted transition-colors hover:bg-hover hover:text-text aria-pressed:border-strong aria-pressed:bg-strong aria-pressed:font-medium aria-pressed:text-on-strong pointer-coarse:h-11"
    >
      {children}
      {count !== undefined && <span className="tabular-nums">{count}</span>}
    </button>
  );
}

import { X } from 'lucide-react';
import { strings } from '../strings/strings.ts';
import { IconButton } from './Button.tsx';
import { cx } from './cx.ts';

type ProgressProps = {
  /** What is going on. */
  label: string;
  /** Share that is done, 0 to 1; undefined while nobody knows. */
  value?: number | undefined;
  /** How far it is in words: "12 of 40 files". */
  detail?: string;
  /** `ai` only where a model works. */
  tone?: 'neutral' | 'ai';
  /** Shows a button that ends it. */
  onCancel?: () => void;
};

/** A long action on its way, with its way out. */
export function Progress({ label, value, detail, tone = 'neutral', onCancel }: ProgressProps) {
  const percent = value === undefined ? undefined : Math.round(100 * Math.min(1, Math.max(0, value)));
  const color = tone === 'ai' ? 'bg-ai' : 'bg-strong';
  return (
    <div className="flex items-center gap-2">
      <div className="flex min-w-0 grow flex-col gap-1.5">
        <div className="flex items-baseline justify-between gap-3">
          <span className="truncate">{label}</span>
          <span className="shrink-0 text-sm text-muted tabular-nums">{detail ?? (percent === undefined ? '' : `${percent}\u00a0%`)}</span>
        </div>
        <div
          role="progressbar"
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={100}
          {...(percent === undefined ? {} : { 'aria-valuenow': percent })}
          {...(detail ? { 'aria-valuetext': detail } : {})}
          className="h-1 overflow-hidden rounded-sm bg-hover"
        >
          {percent === undefined ? (
            <div className={cx('h-full w-1/3 animate-pulse', color)} />
          ) : (
            <div className={cx('h-full transition-[width]', color)} style={{ width: `${percent}%` }} />
          )}
        </div>
      </div>
      {onCancel && <IconButton icon={X} label={strings.common.cancel} onClick={onCancel} />}
    </div>
  );
}

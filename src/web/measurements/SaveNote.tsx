import { Check, CircleAlert, CircleDashed, Loader, Lock } from 'lucide-react';
import { measurementWords as text } from '../strings/measurements/words.ts';
import { cx } from '../ui/cx.ts';
import type { Measurements } from './use-measurements.ts';

const ICONS = { loading: CircleDashed, saved: Check, waiting: CircleDashed, saving: Loader, failed: CircleAlert } as const;

/** Whether what was measured is safe yet, at the head of the list. */
export function SaveNote({ measurements: { save, items, canChange } }: { measurements: Measurements }) {
  const Icon = canChange ? ICONS[save] : Lock;
  return (
    <div className="flex h-9 shrink-0 items-center gap-2 px-4 text-sm text-muted">
      <span className="grow tabular-nums">{text.count(items.length)}</span>
      <span role="status" data-save={save} className={cx('flex items-center gap-1.5', save === 'failed' && canChange && 'text-critical')}>
        {(items.length > 0 || save !== 'saved' || !canChange) && (
          <>
            <Icon aria-hidden size={13} className={save === 'saving' ? 'motion-safe:animate-spin' : ''} />
            {canChange ? text.save[save] : text.readOnly}
          </>
        )}
      </span>
    </div>
  );
}

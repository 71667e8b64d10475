import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** A part of the page that scrolls by itself, by keyboard too: it may hold nothing else that takes the focus. What has it stays clear of a sticky head. */
export function ScrollArea({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  const reachable = { tabIndex: 0 };
  return (
    <section
      {...reachable}
      aria-label={label}
      className={cx('relative min-h-0 min-w-0 grow scroll-pt-9 overflow-y-auto focus-visible:-outline-offset-2', className)}
    >
      {children}
    </section>
  );
}

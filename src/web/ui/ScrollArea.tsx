import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** A part of the page that scrolls by itself, by keyboard too: it may hold nothing else that takes the focus. */
export function ScrollArea({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  const reachable = { tabIndex: 0 };
  return (
    <section
      {...reachable}
      aria-label={label}
      className={cx('min-h-0 min-w-0 grow overflow-y-auto focus-visible:-outline-offset-2', className)}
    >
      {children}
    </section>
  );
}

import type { ReactNode } from 'react';
import { cx } from './cx.ts';

type CardProps = {
  /** Heading, and the name of the region; without it the card is a plain frame. */
  title?: string;
  /** Shown beside the heading where it is more than none. */
  count?: number;
  /** `large` for the parts of a page, `small` (as it is) for facts and lists. */
  size?: 'small' | 'large';
  level?: 2 | 3;
  /** Buttons at the end of the heading's line. */
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
};

/** A part of a page within one hairline. Cards do not stand in cards. */
export function Card({ title, count = 0, size = 'small', level = 2, actions, className, children }: CardProps) {
  const frame = cx('min-w-0 rounded-lg border border-line bg-surface p-4', size === 'large' && 'flex flex-col gap-3', className);
  if (!title) return <div className={frame}>{children}</div>;
  const Heading = level === 2 ? 'h2' : 'h3';
  const heading = (
    <Heading
      className={cx('flex items-baseline gap-2', size === 'large' ? 'text-lg font-semibold' : 'pb-1 text-sm font-medium text-muted')}
    >
      {title}
      {count > 0 && <span className="font-normal text-faint tabular-nums">{count}</span>}
    </Heading>
  );
  return (
    <section aria-label={title} className={frame}>
      {actions ? (
        <div className="flex flex-wrap items-start justify-between gap-2">
          {heading}
          <div className="flex flex-wrap items-center gap-2">{actions}</div>
        </div>
      ) : (
        heading
      )}
      {children}
    </section>
  );
}

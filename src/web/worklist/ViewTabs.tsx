import { useQuery } from '@tanstack/react-query';
import { UsersRound } from 'lucide-react';
import { CriticalLink } from '../critical/CriticalLink.tsx';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { cx } from '../ui/cx.ts';
import type { View } from './views.ts';
import { countsQuery } from './worklist-queries.ts';

type ViewTabsProps = { views: readonly View[]; current: View | undefined; onChoose: (view: View) => void };

/** The views with how much stands in each. */
export function ViewTabs({ views, current, onChoose }: ViewTabsProps) {
  const { data } = useQuery(countsQuery);
  return (
    <fieldset className="flex min-w-0 shrink-0 items-center gap-1 overflow-x-auto border-b border-line px-3 pb-2">
      <legend className="sr-only">{text.views.label}</legend>
      {views.map((view) => (
        <ViewButton
          key={view.id}
          view={view}
          isCurrent={view.id === current?.id}
          count={data?.counts[view.id]}
          most={data?.most ?? 0}
          onChoose={onChoose}
        />
      ))}
      <CriticalLink />
    </fieldset>
  );
}

type ViewButtonProps = { view: View; isCurrent: boolean; count: number | undefined; most: number; onChoose: (view: View) => void };

function ViewButton({ view, isCurrent, count, most, onChoose }: ViewButtonProps) {
  const isAlarming = count !== undefined && count > 0 && view.id === 'critical';
  return (
    <button
      type="button"
      aria-pressed={isCurrent}
      onClick={() => onChoose(view)}
      {...(view.sharedBy ? { title: text.views.sharedBy(view.sharedBy.full_name) } : {})}
      className={cx(
        'inline-flex h-7 shrink-0 items-center gap-1.5 whitespace-nowrap rounded-md px-2 text-muted transition-colors hover:bg-hover hover:text-text',
        'aria-pressed:bg-hover aria-pressed:font-medium aria-pressed:text-text',
      )}
    >
      {view.sharedBy && <UsersRound aria-hidden size={13} className="shrink-0 text-faint" />}
      <bdi>{view.name}</bdi>
      {view.sharedBy && <span className="sr-only">{text.views.sharedBy(view.sharedBy.full_name)}</span>}
      {count !== undefined && (
        <span className={cx('text-sm tabular-nums', isAlarming ? 'font-semibold text-critical' : 'text-faint')}>
          {count >= most ? text.views.more(most - 1) : count}
        </span>
      )}
    </button>
  );
}

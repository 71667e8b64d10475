import type { ReadingFilter, ReadingPreferences, SharedView } from '../../contract/reading-list.ts';
import { worklistWords as text } from '../strings/worklist/words.ts';
import type { Shown } from './worklist-queries.ts';

/** A view that everybody has, or that somebody saved. */
export type View = Shown & {
  id: string;
  name: string;
  isOwn: boolean;
  /** Who shares it with everybody. */
  sharedBy?: SharedView['owner'];
};

type CommonView = 'open' | 'mine' | 'nobody' | 'critical' | 'overdue' | 'drafted' | 'all';
/** As the server counts them (`reading-list/list-readings.ts`); `all` is not counted. */
const COMMON: Readonly<Record<CommonView, ReadingFilter>> = {
  open: {},
  mine: { assignee: 'me' },
  nobody: { assignee: 'nobody' },
  critical: { level: 'critical' },
  overdue: { overdue: true },
  drafted: { status: 'drafted' },
  all: { status: 'all' },
};

/** Every view of a person: the common ones first, then those that are shared, then the own. */
export function viewsOf(preferences: ReadingPreferences | undefined, shared: readonly SharedView[]): View[] {
  const common = Object.entries(COMMON) as [CommonView, ReadingFilter][];
  return [
    ...common.map(
      ([id, filter]): View => ({ id, name: text.views[id], filter, order: id === 'all' ? 'arrival' : 'priority', isOwn: false }),
    ),
    ...shared.map(({ is_own, owner, ...view }): View => ({ ...view, isOwn: is_own, sharedBy: owner })),
    ...(preferences?.views ?? []).map((view): View => ({ ...view, isOwn: true })),
  ];
}

/** The view whose filter is the same, whatever the search says. */
export function viewFor(views: readonly View[], shown: Shown): View | undefined {
  const wanted = keyOf(shown);
  return views.find((view) => keyOf(view) === wanted);
}

function keyOf({ filter, order }: Shown): string {
  const parts = Object.entries(filter).filter(([name, value]) => name !== 'q' && value !== undefined && value !== '');
  return JSON.stringify([order, parts.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}

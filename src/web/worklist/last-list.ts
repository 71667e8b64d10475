import type { ReadingItem } from '../../contract/reading-list.ts';
import type { Shown } from './worklist-queries.ts';

type Order = readonly string[];

/** What was shown last: who comes back from a study finds the list as it was. */
let shown: Shown = { filter: {}, order: 'priority' };
/** Studies of that list in its order, as far as it was loaded. */
let order: Order = [];
let opened: string | undefined;

export function lastShown(): Shown {
  return shown;
}

export function noteShown(next: Shown): void {
  shown = next;
}

export function noteOrder(items: readonly ReadingItem[]): void {
  order = items.map(({ study_instance_uid }) => study_instance_uid);
}

/** The study that was opened last: keys walk on from its line. */
export function lastOpened(): string | undefined {
  return opened;
}

export function noteOpened(studyInstanceUid: string): void {
  opened = studyInstanceUid;
}

/** Studies that stood after this one in the list, in its order; none if it was not in it. */
export function studiesAfter(studyInstanceUid: string): Order {
  const at = order.indexOf(studyInstanceUid);
  return at < 0 ? [] : order.slice(at + 1);
}

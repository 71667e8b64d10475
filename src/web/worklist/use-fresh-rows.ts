import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { EventMessage } from '../../contract/events.ts';
import type { ReadingItem } from '../../contract/reading-list.ts';
import { useEvents } from '../live/live.ts';
import { putRows, readingOf } from './worklist-queries.ts';

/** A burst of events about a study asks for its line once. */
const GATHER_MS = 500;
/** More lines than these at a time are not asked for one by one: the list says that it is out of date. */
const MOST_LINES = 40;

export type Fresh = {
  /** Studies that are new to the list; more than are known where `isOutdated`. */
  added: ReadonlySet<string>;
  isOutdated: boolean;
  forget: () => void;
};
type State = { added: ReadonlySet<string>; isOutdated: boolean };
const NOTHING: State = { added: new Set(), isOutdated: false };

/**
 * Keeps the rows that are shown up to date where they stand, and counts what would be new: the list itself moves only when somebody says so,
 * or while nobody has a hand on it (`mayMove`).
 */
export function useFreshRows(items: RefObject<readonly ReadingItem[]>, mayMove: () => boolean, reload: () => void): Fresh {
  const queryClient = useQueryClient();
  const [state, setState] = useState(NOTHING);
  const gathered = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef({ mayMove, reload });
  latest.current = { mayMove, reload };

  const move = useCallback((change: (before: State) => State) => {
    if (latest.current.mayMove()) latest.current.reload();
    else setState(change);
  }, []);
  const flush = useCallback(async () => {
    timer.current = undefined;
    const uids = [...gathered.current];
    gathered.current.clear();
    if (uids.length > MOST_LINES) return move((before) => ({ ...before, isOutdated: true }));
    const lines = await readLines(uids);
    const shown = new Set(items.current.map(({ study_instance_uid }) => study_instance_uid));
    putShown(queryClient, lines, shown);
    const added = [...lines.keys()].filter((uid) => !shown.has(uid) && isNew(lines.get(uid), items.current));
    if (added.length > 0) move((before) => ({ ...before, added: new Set([...before.added, ...added]) }));
  }, [items, move, queryClient]);
  const take = ({ data }: EventMessage) => {
    const uid = data['study_instance_uid'];
    if (typeof uid !== 'string') return;
    gathered.current.add(uid);
    timer.current ??= setTimeout(() => void flush(), GATHER_MS);
  };
  useEvents('all', undefined, take, () => move((before) => ({ ...before, isOutdated: true })));
  useEffect(() => () => clearTimeout(timer.current), []);
  return { ...state, forget: useCallback(() => setState(NOTHING), []) };
}

/** The lines of studies that are there, and may be seen. */
async function readLines(uids: readonly string[]): Promise<Map<string, ReadingItem>> {
  const answers = await Promise.allSettled(uids.map(readingOf));
  return new Map(
    answers.flatMap((answer) => (answer.status === 'fulfilled' ? [[answer.value.study_instance_uid, answer.value] as const] : [])),
  );
}

function putShown(queryClient: QueryClient, lines: ReadonlyMap<string, ReadingItem>, shown: ReadonlySet<string>): void {
  const changed = new Map([...lines].filter(([uid]) => shown.has(uid)));
  if (changed.size > 0) putRows(queryClient, changed);
}

/** Not one that merely stands further down: it came after what is shown, or was lifted above the last of it. */
function isNew(line: ReadingItem | undefined, shown: readonly ReadingItem[]): boolean {
  if (!line || line.reading_status === 'signed') return false;
  return shown.every(({ created_at }) => created_at < line.created_at) || line.level === 'critical' || line.level === 'urgent';
}

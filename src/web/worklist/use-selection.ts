import { type RefObject, useCallback, useRef, useState } from 'react';
import type { ReadingItem } from '../../contract/reading-list.ts';

export type Selection = {
  selected: ReadonlySet<string>;
  /** @param isRange everything from the row that was chosen last up to this one */
  select: (uid: string, selected: boolean, isRange: boolean) => void;
  setAll: (uids: Iterable<string>) => void;
};

/** Which rows are chosen. */
export function useSelection(items: RefObject<readonly ReadingItem[]>): Selection {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const anchor = useRef<string | null>(null);
  const select = useCallback(
    (uid: string, isSelected: boolean, isRange: boolean) => {
      const uids = isRange ? between(items.current, anchor.current, uid) : [uid];
      anchor.current = uid;
      setSelected((before) => {
        const next = new Set(before);
        for (const one of uids)
          if (isSelected) next.add(one);
          else next.delete(one);
        return next;
      });
    },
    [items],
  );
  return { selected, select, setAll: useCallback((uids) => setSelected(new Set(uids)), []) };
}

function between(items: readonly ReadingItem[], from: string | null, to: string): string[] {
  const place = (uid: string | null) => items.findIndex(({ study_instance_uid }) => study_instance_uid === uid);
  const [a, b] = [place(from), place(to)];
  if (a < 0 || b < 0) return [to];
  return items.slice(Math.min(a, b), Math.max(a, b) + 1).map(({ study_instance_uid }) => study_instance_uid);
}

import type { ReadingItem } from '../../contract/reading-list.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';

const PAGE = 10;

export type ListKeys = {
  items: readonly ReadingItem[];
  active: number;
  onActive: (index: number) => void;
  onAssign: (item: ReadingItem) => void;
  onReasons: (item: ReadingItem) => void;
  onSelect: (item: ReadingItem) => void;
  onEscape: () => boolean;
  onRefresh: () => void;
  onHelp: () => void;
};

/** The list by keyboard: rows are walked, and letters act on the row that is walked to. */
export function useListKeys(list: ListKeys): void {
  const { items, active, onActive } = list;
  const walk = (by: number) => () => {
    if (items.length === 0) return false;
    onActive(Math.max(0, Math.min(items.length - 1, active + by)));
    return true;
  };
  const on = (act: (item: ReadingItem) => void) => () => {
    const item = items[active];
    if (!item) return false;
    act(item);
    return true;
  };
  useShortcuts({
    j: walk(1),
    arrowdown: walk(1),
    k: walk(-1),
    arrowup: walk(-1),
    pagedown: walk(PAGE),
    pageup: walk(-PAGE),
    home: walk(-items.length),
    end: walk(items.length),
    a: on(list.onAssign),
    p: on(list.onReasons),
    x: on(list.onSelect),
    r: list.onRefresh,
    escape: list.onEscape,
    '?': list.onHelp,
  });
}

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { AuditEntry } from '../../../contract/audit.ts';
import { auditWords as text } from '../../strings/audit/words.ts';
import { intlLocale } from '../../strings/locale.ts';
import { cx } from '../../ui/cx.ts';
import { OutcomeBadge } from './OutcomeBadge.tsx';

const ROW_PX = 32;
/** Rows before the end at which more are asked for. */
const AHEAD = 60;
const GRID =
  'grid grid-cols-[9.5rem_minmax(6rem,12rem)_minmax(6rem,10rem)_minmax(0,1fr)_7rem] items-center gap-3 px-4 max-lg:grid-cols-[9rem_minmax(5rem,1fr)_minmax(5rem,1fr)_6.5rem] max-sm:grid-cols-[9rem_minmax(0,1fr)_6rem] max-md:px-3';

type EntryListProps = {
  entries: readonly AuditEntry[];
  hasMore: boolean;
  onMore: () => void;
  onOpen: (entry: AuditEntry) => void;
};

/** The trail, newest first; of however many entries there are, those in sight are drawn. */
export function EntryList({ entries, hasMore, onMore, onOpen }: EntryListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const last = rows.getVirtualItems().at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= entries.length - AHEAD) onMore();
  }, [hasMore, last, entries.length, onMore]);
  return (
    <div ref={scroller} className="min-h-0 grow overflow-y-auto">
      <table className="block" aria-rowcount={hasMore ? -1 : entries.length + 1}>
        <caption className="sr-only">{text.tabs.entries}</caption>
        <thead className="sticky top-0 z-10 block bg-canvas">
          <tr className={cx(GRID, 'h-8 border-b border-line text-start text-sm text-muted *:text-start *:font-medium')}>
            <th>{text.time}</th>
            <th>{text.who}</th>
            <th className="max-sm:hidden">{text.act}</th>
            <th className="max-lg:hidden">{text.what}</th>
            <th>{text.outcome}</th>
          </tr>
        </thead>
        <tbody className="relative block" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const entry = entries[index];
            return entry && <EntryRow key={entry.seq} entry={entry} index={index} start={start} onOpen={onOpen} />;
          })}
        </tbody>
      </table>
    </div>
  );
}

type EntryRowProps = { entry: AuditEntry; index: number; start: number; onOpen: (entry: AuditEntry) => void };

function EntryRow({ entry, index, start, onOpen }: EntryRowProps) {
  const { seq, at, actor_name, actor_kind, action, operation, outcome } = entry;
  return (
    <tr
      aria-rowindex={index + 2}
      className={cx(GRID, 'absolute inset-x-0 top-0 h-8 border-b border-line hover:bg-hover focus-within:bg-hover')}
      style={{ transform: `translateY(${start}px)` }}
    >
      <td className="truncate text-muted tabular-nums">{exactTime(at)}</td>
      <td className="truncate">
        <button
          type="button"
          aria-label={`${text.open(seq)}: ${actor_name ?? text.kinds[actor_kind]}, ${text.actions[action]}`}
          onClick={() => onOpen(entry)}
          className="max-w-full truncate font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
        >
          <bdi>{actor_name ?? text.kinds[actor_kind]}</bdi>
        </button>
      </td>
      <td className="truncate max-sm:hidden">{text.actions[action]}</td>
      <td dir="ltr" className="truncate text-start font-mono text-sm text-muted max-lg:hidden">
        {operation}
      </td>
      <td>
        <OutcomeBadge outcome={outcome} />
      </td>
    </tr>
  );
}

/** To the second: an order of events is read from it. */
export function exactTime(at: string): string {
  const date = new Date(at);
  const day = date.toLocaleDateString(intlLocale(), { day: 'numeric', month: 'short' });
  return `${day}, ${date.toLocaleTimeString(intlLocale(), { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })}`;
}

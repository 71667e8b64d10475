import { flexRender, getCoreRowModel, useReactTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, type ReactNode, type RefObject, useEffect } from 'react';
import type { ReadingItem } from '../../contract/reading-list.ts';
import { useAppearance } from '../shell/appearance.ts';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { cx } from '../ui/cx.ts';
import { type CellContext, COLUMNS, type ColumnName } from './columns.tsx';
import type { LineProps } from './line-props.ts';
import { usePhone } from './use-phone.ts';
import { Card } from './WorklistCard.tsx';

/** Rows that are drawn beyond what is seen. */
const OVERSCAN = 12;
/** So many rows before the end the next page is asked for. */
const AHEAD = 80;
const ROW_UNITS = 8;
const CARD_UNITS = 22;
const UNIT_PX = { comfortable: 4, compact: 3.5 } as const;
const HEAD = 'h-8 truncate border-b border-line px-2 text-start text-sm font-medium whitespace-nowrap text-muted last:pe-4';
const CELL = 'h-8 truncate border-b border-line px-2 last:pe-4';

type WorklistTableProps = {
  items: readonly ReadingItem[];
  columns: readonly ColumnName[];
  context: CellContext;
  /** The row that keys act on. */
  active: number;
  /** The row that a key has moved to just now. */
  moved: { index: number } | null;
  onActive: (index: number) => void;
  scroller: RefObject<HTMLDivElement | null>;
  hasMore: boolean;
  onMore: () => void;
  /** Stands after the last row. */
  foot: ReactNode;
  selectAll: ReactNode;
};

/**
 * The list: only the rows in sight are in the page, however many there are. The library for tables sees these alone, so that a hundred thousand
 * rows cost no more than fifty.
 */
export function WorklistTable({
  items,
  columns,
  context,
  active,
  moved,
  onActive,
  scroller,
  hasMore,
  onMore,
  foot,
  selectAll,
}: WorklistTableProps) {
  const isPhone = usePhone();
  const [{ density }] = useAppearance();
  const rowPx = Math.round((isPhone ? CARD_UNITS : ROW_UNITS) * UNIT_PX[density]);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
    // The head lies over the first rows.
    scrollPaddingStart: isPhone ? 0 : ROW_UNITS * UNIT_PX[density],
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights follow density and window
  useEffect(() => virtual.measure(), [rowPx]);
  const rows = virtual.getVirtualItems();
  const [first, last] = [rows[0], rows.at(-1)];
  const table = useReactTable({
    data: rows.flatMap(({ index }) => items[index] ?? []),
    columns: COLUMNS,
    state: {
      columnOrder: ['select', ...columns],
      columnVisibility: Object.fromEntries(COLUMNS.map(({ id = '' }) => [id, id === 'select' || columns.includes(id as ColumnName)])),
    },
    getRowId: ({ study_instance_uid }) => study_instance_uid,
    getCoreRowModel: getCoreRowModel(),
    // The rows in sight are others at each scroll; there are no pages to begin anew.
    autoResetAll: false,
    meta: context,
  });
  const end = last?.index ?? 0;
  useEffect(() => {
    if (hasMore && end >= items.length - AHEAD) onMore();
  }, [hasMore, end, items.length, onMore]);
  useFocusOf(moved, { items, scroller, reveal: (index) => virtual.scrollToIndex(index, { align: 'auto' }) });
  const shown = table.getRowModel().rows;
  return (
    <>
      <table
        aria-rowcount={hasMore ? -1 : items.length + 1}
        className="w-full table-fixed border-separate border-spacing-0 max-md:block"
        style={{ minWidth: isPhone ? undefined : `${widthOf(columns)}px` }}
      >
        <caption className="sr-only">{text.title}</caption>
        <thead className="sticky top-0 z-10 bg-canvas max-md:hidden">
          <tr aria-rowindex={1}>
            {table.getVisibleLeafColumns().map(({ id, columnDef }) => (
              <th
                key={id}
                scope="col"
                style={columnDef.meta?.width ? { width: columnDef.meta.width } : undefined}
                className={cx(HEAD, id === 'select' && 'ps-4', columnDef.meta?.align === 'end' && 'text-end!')}
              >
                {id === 'select' ? selectAll : text.columns[id as ColumnName]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="max-md:block">
          <Space px={first?.start ?? 0} />
          {shown.map((row, offset) => {
            const index = (first?.index ?? 0) + offset;
            const props = { row, index, height: rowPx, isActive: index === active, onActive, context };
            return isPhone ? <Card key={row.id} {...props} /> : <Line key={row.id} {...props} />;
          })}
          <Space px={virtual.getTotalSize() - (last?.end ?? 0)} />
        </tbody>
      </table>
      {foot}
    </>
  );
}

function Line({ row, index, height, isActive, onActive, context }: LineProps) {
  const isSelected = context.selected.has(row.id);
  const select = (event: MouseEvent) => {
    if (!event.shiftKey && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    context.onSelect(row.id, event.shiftKey || !isSelected, event.shiftKey);
  };
  return (
    <tr
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      style={{ height }}
      onClickCapture={select}
      onFocus={() => onActive(index)}
      className={cx(
        'relative transition-colors focus-within:bg-hover hover:bg-hover',
        isSelected && 'bg-raised',
        isActive && 'shadow-[inset_2px_0_0_var(--strong)] rtl:shadow-[inset_-2px_0_0_var(--strong)]',
      )}
    >
      {row.getVisibleCells().map((cell) => (
        <td
          key={cell.id}
          className={cx(CELL, cell.column.id === 'select' && 'ps-4', cell.column.columnDef.meta?.align === 'end' && 'text-end')}
        >
          {flexRender(cell.column.columnDef.cell, cell.getContext())}
        </td>
      ))}
    </tr>
  );
}

/** Holds the place of rows that are not drawn. */
function Space({ px }: { px: number }) {
  return (
    <tr aria-hidden style={{ height: Math.max(0, px) }} className="max-md:block">
      <td className="p-0 max-md:block" />
    </tr>
  );
}

type Focused = { items: readonly ReadingItem[]; scroller: RefObject<HTMLDivElement | null>; reveal: (index: number) => void };

/** Brings the row that a key moves to into sight, and the focus onto it. */
function useFocusOf(moved: { index: number } | null, { items, scroller, reveal }: Focused): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows the keys, not the list
  useEffect(() => {
    const uid = moved && items[moved.index]?.study_instance_uid;
    if (!uid) return;
    reveal(moved.index);
    // The row may have to be drawn first, which takes two frames.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        scroller.current?.querySelector<HTMLAnchorElement>(`a[data-row="${uid}"]`)?.focus({ preventScroll: true });
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [moved]);
}

/** What the columns need at least, in pixels: below it the list scrolls sideways. */
function widthOf(columns: readonly ColumnName[]): number {
  const own = COLUMNS.filter(({ id }) => columns.includes(id as ColumnName)).map(({ meta }) => Number.parseInt(meta?.width ?? '160', 10));
  return own.reduce((sum, width) => sum + Math.max(width, 68), 160);
}

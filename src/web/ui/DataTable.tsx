import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { strings } from '../strings/strings.ts';
import { Button } from './Button.tsx';
import { cx } from './cx.ts';
import { Skeleton } from './EmptyState.tsx';
import { ProblemNote } from './ProblemNote.tsx';
import { type Column, type Sort, useSortedRows } from './table-columns.ts';

/** For the one link of a row: the whole row is then what is clicked, and what shows the focus. */
export const ROW_LINK_CLASS =
  'font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus';

type DataTableProps<Row> = {
  /** What the table lists, for screen readers. */
  caption: string;
  columns: readonly Column<Row>[];
  /** Undefined while it loads. */
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => string;
  error?: unknown;
  onRetry?: () => void;
  /** Shown in place of no rows: an `EmptyState`. */
  empty: ReactNode;
  /** With `onSort` the server sorts; without, the table sorts what it has. */
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  /** Whether there are further rows; `onMore` asks for them. */
  hasMore?: boolean;
  isLoadingMore?: boolean;
  onMore?: () => void;
};

const HEAD = 'h-8 border-b border-line px-2 text-start text-sm whitespace-nowrap font-medium text-muted first:ps-4 last:pe-4';
const CELL =
  'h-8 truncate border-b border-line px-2 first:ps-4 last:pe-4 max-md:flex max-md:h-auto max-md:items-baseline max-md:gap-2 max-md:border-0 max-md:px-0! max-md:py-0.5 max-md:whitespace-normal max-md:empty:hidden max-md:[&:has(>:is(span,bdi):only-child:empty)]:hidden';
/** On a phone a row is a card, and each cell but the first says what it is. */
const LABEL =
  'max-md:before:w-28 max-md:before:shrink-0 max-md:before:text-sm max-md:before:text-faint max-md:before:content-[attr(data-label)]';

/** The one button of a row stands in the corner of its card. */
const CORNER =
  'max-md:[&:has(>button:only-child)]:absolute max-md:[&:has(>button:only-child)]:end-1 max-md:[&:has(>button:only-child)]:top-0 max-md:[&:has(>button:only-child)]:z-1';

/**
 * A plain table: sticky head, sortable columns, and its empty, loading and error states. It scrolls with its container
 * (`ScrollArea`). For what has more than some hundred rows at a time there is the virtual worklist.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { caption, columns, rows, rowKey, error, onRetry, empty, hasMore = false, isLoadingMore = false, onMore } = props;
  const [sorted, sort, sortBy] = useSortedRows(props);
  if (error && !rows)
    return (
      <div className="p-4">
        <ProblemNote error={error} {...(onRetry ? { action: <Button onClick={onRetry}>{strings.common.retry}</Button> } : {})} />
      </div>
    );
  if (!rows) return <Skeleton rows={8} label={strings.common.loading} />;
  if (rows.length === 0) return empty;
  const hasActs = columns.at(-1)?.title === '';
  return (
    <>
      <table className="w-full table-fixed border-separate border-spacing-0 max-md:block">
        <caption className="sr-only">{caption}</caption>
        <thead className="sticky top-0 z-10 bg-canvas max-md:hidden">
          <tr>
            {columns.map((column) => (
              <Head key={column.key} column={column} sort={sort} onSort={sortBy} />
            ))}
          </tr>
        </thead>
        <tbody className="max-md:block">
          {sorted.map((row) => (
            <tr
              key={rowKey(row)}
              className="relative transition-colors focus-within:bg-hover hover:bg-hover max-md:block max-md:border-b max-md:border-line max-md:px-3 max-md:py-2"
            >
              {columns.map(({ key, title, cell, align, hideBelow }, index) => (
                <td
                  key={key}
                  data-label={title}
                  className={cx(
                    CELL,
                    index > 0 && title !== '' && LABEL,
                    index === 0 && hasActs && 'max-md:pe-14!',
                    title === '' && CORNER,
                    align === 'end' && 'text-end tabular-nums max-md:text-start',
                    hideBelow === 'lg' && 'md:max-lg:hidden',
                    hideBelow === 'xl' && 'md:max-xl:hidden',
                  )}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {hasMore && onMore && (
        <div className="flex justify-center p-4">
          <Button busy={isLoadingMore} onClick={onMore}>
            {strings.studies.loadMore}
          </Button>
        </div>
      )}
    </>
  );
}

type HeadProps<Row> = { column: Column<Row>; sort: Sort | undefined; onSort: (sort: Sort) => void };

function Head<Row>({ column, sort, onSort }: HeadProps<Row>) {
  const { key, title, width, align, hideBelow, sortBy, isSortable } = column;
  const direction = sort?.key === key ? sort.direction : undefined;
  const Arrow = direction === 'descending' ? ArrowDown : ArrowUp;
  const next = direction === 'ascending' ? 'descending' : 'ascending';
  return (
    <th
      scope="col"
      {...(direction ? { 'aria-sort': direction } : {})}
      style={width ? { width } : undefined}
      className={cx(HEAD, align === 'end' && 'text-end!', hideBelow === 'lg' && 'max-lg:hidden', hideBelow === 'xl' && 'max-xl:hidden')}
    >
      {sortBy || isSortable ? (
        <button
          type="button"
          onClick={() => onSort({ key, direction: next })}
          className="group inline-flex h-6 max-w-full items-center gap-1 rounded-sm font-medium hover:text-text"
        >
          <span className="truncate">{title}</span>
          <Arrow aria-hidden size={12} className={cx('shrink-0', direction ? 'text-text' : 'opacity-0 group-hover:opacity-60')} />
        </button>
      ) : (
        title
      )}
    </th>
  );
}

import { type ReactNode, useState } from 'react';
import { intlLocale } from '../strings/locale.ts';

export type Column<Row> = {
  key: string;
  /** Empty only for a column of buttons. */
  title: string;
  cell: (row: Row) => ReactNode;
  /** A CSS width; columns without one share the rest. */
  width?: string;
  align?: 'start' | 'end';
  /** Left out of the table where the window is narrower; a phone's cards show all. */
  hideBelow?: 'lg' | 'xl';
  /** What the table sorts by, when it sorts itself; null comes last. */
  sortBy?: (row: Row) => string | number | null;
  /** The server can sort by it (`onSort`). */
  isSortable?: boolean;
};
export type Sort = { key: string; direction: 'ascending' | 'descending' };

type SortedRows<Row> = {
  columns: readonly Column<Row>[];
  rows: readonly Row[] | undefined;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
};

/** The rows in the order that is asked for, that order, and how to ask for another. */
export function useSortedRows<Row>(table: SortedRows<Row>): [readonly Row[], Sort | undefined, (sort: Sort) => void] {
  const [own, setOwn] = useState(table.sort);
  const rows = table.rows ?? [];
  if (table.onSort) return [rows, table.sort, table.onSort];
  const sortBy = table.columns.find(({ key }) => key === own?.key)?.sortBy;
  return [sortBy && own ? sortedRows(rows, sortBy, own.direction) : rows, own, setOwn];
}

/** A copy of `rows` by what `sortBy` says of each: numbers by size, words as the language sorts them, null last in both directions. */
export function sortedRows<Row>(
  rows: readonly Row[],
  sortBy: (row: Row) => string | number | null,
  direction: Sort['direction'],
): readonly Row[] {
  const words = new Intl.Collator(intlLocale(), { numeric: true });
  const sign = direction === 'ascending' ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [first, second] = [sortBy(a), sortBy(b)];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    if (typeof first === 'number' && typeof second === 'number') return sign * (first - second);
    return sign * words.compare(String(first), String(second));
  });
}

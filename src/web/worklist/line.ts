import type { Row } from '@tanstack/react-table';
import type { ReadingItem } from '../../contract/reading-list.ts';
import type { CellContext } from './columns.tsx';

/** What one row of the list is drawn from, as a line or as a card. */
export type LineProps = {
  row: Row<ReadingItem>;
  index: number;
  height: number;
  isActive: boolean;
  onActive: (index: number) => void;
  context: CellContext;
};

import type { Row } from '@tanstack/react-table';
import type { ReadingItem } from '../../contract/reading-list.ts';
import type { CellContext } from './columns.tsx';

/** What a row of the worklist is given, on a wide screen and on a narrow one. */
export type LineProps = {
  row: Row<ReadingItem>;
  index: number;
  height: number;
  isActive: boolean;
  onActive: (index: number) => void;
  context: CellContext;
};

import type { DragEvent } from 'react';

/** Kind of what is dragged from the strip of series to a cell: the place of the stack in the viewer's list. */
export const SERIES_DRAG = 'application/x-isocenter-series';

/** Handlers of a cell that takes series. */
export function useSeriesDrop(onDrop: (stack: number) => void) {
  return {
    onDragOver: (event: DragEvent) => {
      if (event.dataTransfer.types.includes(SERIES_DRAG)) event.preventDefault();
    },
    onDrop: (event: DragEvent) => {
      const stack = event.dataTransfer.getData(SERIES_DRAG);
      if (stack === '') return;
      event.preventDefault();
      onDrop(Number(stack));
    },
  };
}

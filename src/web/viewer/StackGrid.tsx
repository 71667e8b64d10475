import { type Dispatch, type SetStateAction, useState } from 'react';
import { cx } from '../ui/cx.ts';
import { type Arrangement, withStack } from './cells.ts';
import { EmptyCell } from './EmptyCell.tsx';
import type { StackView } from './engine/stack-view.ts';
import type { FrameInfo } from './frame-info.ts';
import type { FrameSource } from './frame-source.ts';
import type { Overlay } from './overlay.ts';
import { type ReadingAids, StackCell } from './StackCell.tsx';
import type { Stack } from './stack.ts';
import type { ShownSegmentation } from './use-segmentations.ts';
import type { HeldSurface } from './use-viewer-surface.ts';
import type { ToolName } from './viewer-surface.ts';

type StackGridProps = {
  held: {
    stacks: readonly Stack[];
    sources: readonly (readonly FrameSource[])[];
    arrangement: Arrangement;
    setArrangement: Dispatch<SetStateAction<Arrangement>>;
  };
  reading: {
    tool: ToolName;
    surface: HeldSurface;
    overlay: Overlay;
    segmentations: readonly ShownSegmentation[];
    aids: ReadingAids;
  };
  onScroll: (cell: number, slices: number) => void;
  /** A cell's view once it is open, and null when it goes. */
  onView: (cell: number, view: StackView | null) => void;
};

const GRIDS = { '1x1': '', '1x2': 'grid-cols-2', '2x2': 'grid-cols-2 grid-rows-2', mpr: '', volume: '' } as const;

/** Stacks beside each other. */
export function StackGrid({ held, reading, onScroll, onView }: StackGridProps) {
  const { stacks, sources, arrangement, setArrangement } = held;
  const { layout, cells, active } = arrangement;
  const [infos, setInfos] = useState<readonly (FrameInfo | null)[]>([]);
  return (
    <div dir="ltr" className={cx('grid min-h-0 min-w-0 grow', GRIDS[layout])}>
      {cells.map((item, at) => {
        const shown = item.stack === null ? undefined : stacks[item.stack];
        const frames = item.stack === null ? undefined : sources[item.stack];
        const dropped = (picked: number) =>
          setArrangement((before) => ({ ...withStack(before, at, { stack: picked }, stacks), active: at }));
        const activate = () => setArrangement((before) => (before.active === at ? before : { ...before, active: at }));
        if (!shown || !frames) {
          // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
          return <EmptyCell key={at} number={at + 1} isActive={at === active} onActivate={activate} onDropSeries={dropped} />;
        }
        return (
          <StackCell
            // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
            key={at}
            number={at + 1}
            stack={shown}
            sources={frames}
            index={item.index}
            isActive={at === active}
            isAlone={cells.length === 1}
            {...reading}
            others={infos.slice(0, cells.length).filter((info): info is FrameInfo => info !== null && info !== infos[at])}
            onActivate={activate}
            onScroll={(slices) => onScroll(at, slices)}
            onDropSeries={dropped}
            onView={(view) => onView(at, view)}
            onShown={(snapshot) => {
              setInfos((before) => (before[at] === snapshot.info ? before : replaced(before, at, snapshot.info)));
              reading.surface.shown(at, snapshot, frames);
            }}
          />
        );
      })}
    </div>
  );
}

function replaced<T extends object>(list: readonly (T | null)[], at: number, value: T | null): (T | null)[] {
  const copy: (T | null)[] = Array.from({ length: Math.max(list.length, at + 1) }, (_, index) => list[index] ?? null);
  copy[at] = value;
  return copy;
}

import { useMemo, useRef, useState } from 'react';
import { cx } from '../ui/cx.ts';
import { type Arrangement, firstArrangement, scrolled, withLayout, withStack } from './cells.ts';
import { EmptyCell } from './EmptyCell.tsx';
import type { StackView } from './engine/stack-view.ts';
import type { FrameInfo } from './frame-info.ts';
import { sourcesOf } from './frame-source.ts';
import { FIRST_OVERLAY, type Overlay } from './overlay.ts';
import { SeriesStrip } from './SeriesStrip.tsx';
import { SliceBar } from './SliceBar.tsx';
import { type ReadingAids, StackCell } from './StackCell.tsx';
import { type Stack, withoutSegmentations } from './stack.ts';
import { useCine } from './use-cine.ts';
import { useSegmentations } from './use-segmentations.ts';
import { useViewerKeys } from './use-viewer-keys.ts';
import { useViewerSurface } from './use-viewer-surface.ts';
import { ViewerToolbar } from './ViewerToolbar.tsx';
import { VolumeLayout } from './VolumeLayout.tsx';
import type { ToolName, ViewerSurface } from './viewer-surface.ts';

type ViewerProps = {
  /** Of the study, and of others that are compared with it. */
  stacks: readonly Stack[];
  aids: ReadingAids;
  onSurface?: (surface: ViewerSurface | null) => void;
};

const GRIDS = { '1x1': '', '1x2': 'grid-cols-2', '2x2': 'grid-cols-2 grid-rows-2', mpr: '', volume: '' } as const;

/** The pictures with their tools. */
export function Viewer({ stacks: all, aids, onSurface }: ViewerProps) {
  const { pictures: stacks, segmentations: overlaid } = useMemo(() => withoutSegmentations(all), [all]);
  const segmentations = useSegmentations(overlaid);
  const sources = useMemo(() => stacks.map(sourcesOf), [stacks]);
  const [arrangement, setArrangement] = useState<Arrangement>(() => firstArrangement(stacks));
  const [tool, setTool] = useState<ToolName>('window');
  const [overlay, setOverlay] = useState<Overlay>(FIRST_OVERLAY);
  const [infos, setInfos] = useState<readonly (FrameInfo | null)[]>([]);
  const views = useRef<(StackView | null)[]>([]);
  const { layout, cells, active } = arrangement;
  const cell = cells[active];
  const stack = cell?.stack == null ? undefined : stacks[cell.stack];
  const count = stack?.frames.length ?? 0;
  const scrollTo = (at: number, index: number) => setArrangement((before) => scrolled(before, at, index, sources));
  const scrollBy = (at: number, slices: number) =>
    setArrangement((before) => scrolled(before, at, (before.cells[at]?.index ?? 0) + slices, sources));
  const viewOf = (at: number) => views.current[at] ?? null;
  const activeView = () => viewOf(active);
  const cine = useCine((step) => {
    setArrangement((before) => scrolled(before, active, ((before.cells[active]?.index ?? 0) + step) % count, sources));
  }, count > 1);
  const held = { stacks, sources, arrangement, setArrangement, setTool, viewOf };
  const surface = useViewerSurface({ ...held, ...(onSurface ? { onSurface } : {}) });

  useViewerKeys({
    isCt: stack?.series.modality === 'CT',
    view: activeView,
    setTool,
    setOverlay,
    cine,
    scrollBy: (slices) => scrollBy(active, slices),
    scrollTo: (index) => scrollTo(active, index < 0 ? count - 1 : index),
  });

  return (
    <div className="flex min-h-0 min-w-0 grow flex-col bg-black">
      <ViewerToolbar
        stack={stack}
        tool={tool}
        onTool={setTool}
        view={activeView}
        overlay={overlay}
        onOverlay={setOverlay}
        arrangement={arrangement}
        onLayout={(next) => setArrangement((before) => withLayout(before, next, stacks))}
        onLink={(isLinked) => setArrangement((before) => ({ ...before, isLinked }))}
        cine={cine}
      />
      <div className="flex min-h-0 grow max-lg:flex-col-reverse">
        {stacks.length > 1 && (
          <SeriesStrip
            stacks={stacks}
            active={cell?.stack ?? -1}
            onPick={(picked) => setArrangement((before) => withStack(before, active, { stack: picked }, stacks))}
          />
        )}
        {(layout === 'mpr' || layout === 'volume') && cell?.stack != null && (
          <VolumeLayout key={cell.stack} layout={layout} sources={sources[cell.stack] ?? []} />
        )}
        <div dir="ltr" className={cx(layout === 'mpr' || layout === 'volume' ? 'hidden' : 'grid', 'min-h-0 min-w-0 grow', GRIDS[layout])}>
          {(layout === 'mpr' || layout === 'volume' ? [] : cells).map((item, at) => {
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
                tool={tool}
                surface={surface}
                overlay={overlay}
                segmentations={segmentations}
                others={infos.slice(0, cells.length).filter((info): info is FrameInfo => info !== null && info !== infos[at])}
                aids={aids}
                onActivate={activate}
                onScroll={(slices) => scrollBy(at, slices)}
                onDropSeries={dropped}
                onView={(view) => {
                  views.current[at] = view;
                }}
                onShown={(snapshot) => {
                  setInfos((before) => (before[at] === snapshot.info ? before : replaced(before, at, snapshot.info)));
                  surface.shown(at, snapshot, frames);
                }}
              />
            );
          })}
        </div>
      </div>
      {stack && cell && count > 1 && layout !== 'mpr' && layout !== 'volume' && (
        <SliceBar stack={stack} index={cell.index} onMove={(index) => scrollTo(active, index)} findings={aids.findings} />
      )}
    </div>
  );
}

function replaced<T extends object>(list: readonly (T | null)[], at: number, value: T | null): (T | null)[] {
  const copy: (T | null)[] = Array.from({ length: Math.max(list.length, at + 1) }, (_, index) => list[index] ?? null);
  copy[at] = value;
  return copy;
}

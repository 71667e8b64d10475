import { useEffect, useMemo, useRef, useState } from 'react';
import { type Arrangement, firstArrangement, scrolled, withLayout, withStack } from './cells.ts';
import type { GrayWindow, StackView } from './engine/stack-view.ts';
import { askAhead, type FrameSource, sourcesOf } from './frame-source.ts';
import { FIRST_OVERLAY, type Overlay } from './overlay.ts';
import { SeriesStrip } from './SeriesStrip.tsx';
import { SliceBar } from './SliceBar.tsx';
import type { ReadingAids } from './StackCell.tsx';
import { StackGrid } from './StackGrid.tsx';
import { type Stack, withoutSegmentations } from './stack.ts';
import { useCine } from './use-cine.ts';
import { useSegmentations } from './use-segmentations.ts';
import { useViewerKeys } from './use-viewer-keys.ts';
import { useViewerSurface } from './use-viewer-surface.ts';
import { ViewerToolbar } from './ViewerToolbar.tsx';
import { VolumeLayout } from './VolumeLayout.tsx';
import type { ToolName, ViewerSurface } from './viewer-surface.ts';
import type { VolumeReading } from './volume-reading.ts';

type ViewerProps = {
  /** Of the study, and of others that are compared with it. */
  stacks: readonly Stack[];
  aids: ReadingAids;
  onSurface?: (surface: ViewerSurface | null) => void;
};

const NO_SOURCES: readonly FrameSource[] = [];

/** The pictures with their tools. */
export function Viewer({ stacks: all, aids, onSurface }: ViewerProps) {
  const { pictures: stacks, segmentations: overlaid } = useMemo(() => withoutSegmentations(all), [all]);
  const segmentations = useSegmentations(overlaid);
  const sources = useMemo(() => stacks.map(sourcesOf), [stacks]);
  const [arrangement, setArrangement] = useState<Arrangement>(() => firstArrangement(stacks));
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the picture that is seen first
  useEffect(() => {
    const first = sources[arrangement.cells[0]?.stack ?? -1]?.[arrangement.cells[0]?.index ?? 0];
    if (first) askAhead(first);
  }, []);
  const [tool, setTool] = useState<ToolName>(firstTool);
  const [overlay, setOverlay] = useState<Overlay>(FIRST_OVERLAY);
  const [preset, setPreset] = useState<VolumeReading['preset']>(null);
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

  const isVolume = layout === 'mpr' || layout === 'volume';
  const setWindow = (window: GrayWindow | null) => (isVolume ? setPreset({ window }) : activeView()?.setWindow(window));
  useViewerKeys({
    isCt: stack?.series.modality === 'CT',
    view: activeView,
    setTool,
    setWindow,
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
        onWindow={setWindow}
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
        {isVolume && cell?.stack != null && (
          <VolumeLayout
            key={cell.stack}
            layout={layout}
            reading={{ sources: sources[cell.stack] ?? NO_SOURCES, patient: aids.patient, tool, surface, overlay, segmentations, preset }}
          />
        )}
        {!isVolume && (
          <StackGrid
            held={held}
            reading={{ tool, surface, overlay, segmentations, aids }}
            onScroll={scrollBy}
            onView={(at, view) => {
              views.current[at] = view;
            }}
          />
        )}
      </div>
      {stack && cell && count > 1 && !isVolume && (
        <SliceBar stack={stack} index={cell.index} onMove={(index) => scrollTo(active, index)} findings={aids.findings} />
      )}
    </div>
  );
}

/** A finger goes through the slices; a mouse has a wheel for that. */
function firstTool(): ToolName {
  return matchMedia('(pointer: coarse)').matches ? 'scroll' : 'window';
}

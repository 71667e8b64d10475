import { useRef, useState } from 'react';
import type { Analysis } from '../../contract/analysis.ts';
import type { Finding } from '../../contract/findings.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import type { Overlay } from './overlay.ts';
import { SeriesStrip } from './SeriesStrip.tsx';
import { SliceBar } from './SliceBar.tsx';
import { Stage } from './Stage.tsx';
import type { Position, Stack } from './stack.ts';
import { usePanZoom } from './use-pan-zoom.ts';
import { ViewerToolbar } from './ViewerToolbar.tsx';
import { WINDOW_PRESETS } from './window-presets.ts';

type ViewerProps = {
  stacks: readonly Stack[];
  position: Position;
  onMove: (position: Position) => void;
  findings: readonly Finding[];
  selectedId: string | null;
  onSelect: (id: string) => void;
  analyses: readonly Analysis[];
};

/** The picture with its tools; pictures are rendered by the server. */
export function Viewer({ stacks, position, onMove, findings, selectedId, onSelect, analyses }: ViewerProps) {
  const [preset, setPreset] = useState(0);
  const [overlay, setOverlay] = useState<Overlay>({ boxes: true, heatmap: true, opacity: 0.5 });
  const stage = useRef<HTMLElement>(null);
  const stack = stacks[position.stack] ?? stacks[0];
  const frame = stack?.frames[position.index] ?? stack?.frames[0];
  const count = stack?.frames.length ?? 0;
  const moveTo = (index: number) => onMove({ stack: position.stack, index: Math.max(0, Math.min(count - 1, index)) });
  const moveBy = (slices: number) => moveTo(position.index + slices);
  const panZoom = usePanZoom(stage, moveBy);
  const isCt = stack?.series.modality === 'CT';
  const window = (isCt && WINDOW_PRESETS[preset]?.window) || null;
  const heatmapOf = analyses.find((run) => run.has_heatmap && run.sop_instance_uid === frame?.instance.sop_instance_uid);

  useShortcuts({
    arrowup: () => moveBy(-1),
    arrowleft: () => moveBy(-1),
    arrowdown: () => moveBy(1),
    arrowright: () => moveBy(1),
    pageup: () => moveBy(-10),
    pagedown: () => moveBy(10),
    home: () => moveTo(0),
    end: () => moveTo(count - 1),
    f: panZoom.fit,
    '+': () => panZoom.zoomBy(1),
    '-': () => panZoom.zoomBy(-1),
    h: () => setOverlay((before) => ({ ...before, heatmap: !before.heatmap })),
    b: () => setOverlay((before) => ({ ...before, boxes: !before.boxes })),
    ...(isCt ? Object.fromEntries(WINDOW_PRESETS.map((_, index) => [String(index + 1), () => setPreset(index)])) : {}),
  });

  if (!stack || !frame) return null;
  return (
    <div className="flex min-h-0 min-w-0 grow flex-col bg-black">
      <ViewerToolbar
        preset={preset}
        onPreset={setPreset}
        presetsApply={isCt}
        overlay={overlay}
        onOverlay={setOverlay}
        hasHeatmap={heatmapOf !== undefined}
        panZoom={panZoom}
      />
      <div className="flex min-h-0 grow max-lg:flex-col-reverse">
        {stacks.length > 1 && <SeriesStrip stacks={stacks} active={position.stack} onMove={onMove} />}
        <Stage
          ref={stage}
          stack={stack}
          index={position.index}
          window={window}
          overlay={overlay}
          heatmapOf={heatmapOf}
          findings={findings}
          selectedId={selectedId}
          onSelect={onSelect}
          panZoom={panZoom}
        />
      </div>
      {count > 1 && <SliceBar stack={stack} index={position.index} onMove={moveTo} findings={findings} />}
    </div>
  );
}

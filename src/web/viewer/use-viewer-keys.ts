import type { Dispatch, SetStateAction } from 'react';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import type { GrayWindow, StackView } from './engine/stack-view.ts';
import type { Overlay } from './overlay.ts';
import type { Cine } from './use-cine.ts';
import { FITTED, zoomedAt } from './view-geometry.ts';
import type { ToolName } from './viewer-surface.ts';
import { WINDOW_PRESETS } from './window-presets.ts';

const ZOOM_STEP = 1.25;
/** Tools by key; decisions on findings have a, e, j, k and r. */
const TOOL_KEYS: Readonly<Record<string, ToolName>> = {
  w: 'window',
  d: 'pan',
  z: 'zoom',
  s: 'scroll',
  m: 'magnify',
  l: 'length',
  n: 'angle',
  o: 'ellipse',
  q: 'rectangle',
  v: 'probe',
};

type ViewerKeysOptions = {
  isCt: boolean;
  view: () => StackView | null;
  setTool: (tool: ToolName) => void;
  setWindow: (window: GrayWindow | null) => void;
  setOverlay: Dispatch<SetStateAction<Overlay>>;
  cine: Cine;
  scrollBy: (slices: number) => void;
  /** -1 is the last. */
  scrollTo: (index: number) => void;
};

/** Everything in the viewer that has a key. */
export function useViewerKeys({ isCt, view, setTool, setWindow, setOverlay, cine, scrollBy, scrollTo }: ViewerKeysOptions): void {
  const zoomBy = (factor: number) => {
    const shown = view();
    if (!shown) return;
    const { width, height } = shown.size();
    shown.setView(zoomedAt(shown.snapshot().view, factor, { x: width / 2, y: height / 2 }, shown.size()));
  };
  const take = (tool: ToolName) => {
    setTool(tool);
    // Whoever chose a tool by key draws with it by key: the surface is there once the tool is taken.
    requestAnimationFrame(() => document.querySelector<SVGElement>(`[data-draw="${tool}"]`)?.focus());
  };
  const tools = Object.fromEntries(Object.entries(TOOL_KEYS).map(([key, tool]) => [key, () => take(tool)]));
  const presets = Object.fromEntries(WINDOW_PRESETS.map(({ window }, index) => [String(index + 1), () => setWindow(window)]));
  useShortcuts({
    arrowup: () => scrollBy(-1),
    arrowleft: () => scrollBy(-1),
    arrowdown: () => scrollBy(1),
    arrowright: () => scrollBy(1),
    pageup: () => scrollBy(-10),
    pagedown: () => scrollBy(10),
    home: () => scrollTo(0),
    end: () => scrollTo(-1),
    f: () => view()?.setView(FITTED),
    '+': () => zoomBy(ZOOM_STEP),
    '-': () => zoomBy(1 / ZOOM_STEP),
    i: () => invert(view()),
    t: () => turn(view()),
    x: () => mirror(view()),
    p: cine.toggle,
    h: () => setOverlay((before) => ({ ...before, heatmap: !before.heatmap })),
    b: () => setOverlay((before) => ({ ...before, boxes: !before.boxes })),
    ...tools,
    ...(isCt ? presets : {}),
  });
}

export function invert(view: StackView | null): void {
  view?.setInverted(!view.snapshot().isInverted);
}

export function turn(view: StackView | null): void {
  const placed = view?.snapshot().view;
  if (placed) view?.setView({ ...placed, rotation: (placed.rotation + (placed.isFlipped ? 270 : 90)) % 360 });
}

export function mirror(view: StackView | null): void {
  const placed = view?.snapshot().view;
  if (placed) view?.setView({ ...placed, isFlipped: !placed.isFlipped, panX: -placed.panX });
}

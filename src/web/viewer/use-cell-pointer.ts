import { type PointerEvent, useEffect, useRef, useState } from 'react';
import type { GrayWindow, StackView } from './engine/stack-view.ts';
import { toPixel, zoomedAt } from './view-geometry.ts';
import type { PixelPoint, ToolName } from './viewer-surface.ts';

/** Wheel travel, in pixels, of one slice: a notch of a wheel gives about 100, a trackpad many small ones. */
const WHEEL_PX_PER_SLICE = 60;
const DRAG_PX_PER_SLICE = 8;
/** Pixels of a drag that double the size. */
const ZOOM_PX = 160;
/** A drag of this many pixels changes the window by its own width. */
const WINDOW_PX = 300;
/** Fewer pixels than this between down and up are a click. */
const CLICK_PX = 4;
const WHEEL_ZOOM = 1.25;

type Point = { x: number; y: number };
type CellPointerOptions = {
  element: HTMLElement | null;
  view: StackView | null;
  tool: ToolName;
  onScroll: (slices: number) => void;
  onClick: (point: PixelPoint) => void;
  onActivate: () => void;
};
type Drag = { tool: ToolName; from: Point; last: Point; window: GrayWindow | null; travel: number };

/** What pointer and wheel do in a cell; `lens` is where the magnifier is held, in CSS pixels of the cell. */
export function useCellPointer({ element, view, tool, onScroll, onClick, onActivate }: CellPointerOptions) {
  const [lens, setLens] = useState<Point | null>(null);
  const pointers = useRef(new Map<number, Point>());
  const drag = useRef<Drag | null>(null);
  useWheel(element, view, onScroll);

  const at = (event: PointerEvent): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const onPointerDown = (event: PointerEvent) => {
    onActivate();
    if (!view || (event.target instanceof Element && event.target.closest('button, input, [data-annotation]'))) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const point = at(event);
    pointers.current.set(event.pointerId, point);
    if (pointers.current.size > 1) {
      // A second finger takes back what the first one has begun, which was not meant.
      const begun = drag.current;
      if (begun?.tool === 'window' && begun.window) view.setWindow(begun.window);
      drag.current = null;
      setLens(null);
      return;
    }
    const used = event.button === 1 ? 'pan' : event.button === 2 ? 'zoom' : tool;
    drag.current = { tool: used, from: point, last: point, window: view.snapshot().window, travel: 0 };
    if (used === 'magnify') setLens(point);
  };
  const onPointerMove = (event: PointerEvent) => {
    const before = pointers.current.get(event.pointerId);
    if (!view || !before) return;
    const point = at(event);
    if (pointers.current.size === 2) {
      pinch(view, pointers.current, { id: event.pointerId, to: point });
      pointers.current.set(event.pointerId, point);
      return;
    }
    pointers.current.set(event.pointerId, point);
    if (!drag.current) return;
    const slices = move(view, drag.current, point);
    if (slices !== 0) onScroll(slices);
    if (drag.current.tool === 'magnify') setLens(point);
  };
  const onPointerUp = (event: PointerEvent) => {
    pointers.current.delete(event.pointerId);
    setLens(null);
    const ended = drag.current;
    if (pointers.current.size === 0) drag.current = null;
    const { placement } = view?.snapshot() ?? {};
    const point = at(event);
    if (!ended || !placement || event.button !== 0 || Math.hypot(point.x - ended.from.x, point.y - ended.from.y) >= CLICK_PX) return;
    onClick(toPixel(placement, point));
  };
  return { lens, handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp } };
}

/** Applies a step of a drag; gives back how many slices to scroll. */
function move(view: StackView, drag: Drag, to: Point): number {
  const [dx, dy] = [to.x - drag.last.x, to.y - drag.last.y];
  drag.last = to;
  const { view: placed } = view.snapshot();
  switch (drag.tool) {
    case 'window': {
      if (!drag.window) return 0;
      const perPixel = drag.window.width / WINDOW_PX;
      const width = Math.max(perPixel, drag.window.width + (to.x - drag.from.x) * perPixel);
      view.setWindow({ center: drag.window.center + (to.y - drag.from.y) * perPixel, width });
      return 0;
    }
    case 'pan':
      view.setView({ ...placed, panX: placed.panX + dx, panY: placed.panY + dy });
      return 0;
    case 'zoom':
      view.setView(zoomedAt(placed, 2 ** (-dy / ZOOM_PX), drag.from, view.size()));
      return 0;
    case 'scroll': {
      drag.travel += dy;
      const slices = Math.trunc(drag.travel / DRAG_PX_PER_SLICE);
      drag.travel -= slices * DRAG_PX_PER_SLICE;
      return slices;
    }
    default:
      return 0;
  }
}

/** Two fingers: their middle moves the picture, their distance zooms it. */
function pinch(view: StackView, pointers: ReadonlyMap<number, Point>, { id, to }: { id: number; to: Point }): void {
  const [other] = [...pointers].filter(([pointer]) => pointer !== id).map(([, point]) => point);
  const from = pointers.get(id);
  if (!other || !from) return;
  const ratio = Math.hypot(to.x - other.x, to.y - other.y) / (Math.hypot(from.x - other.x, from.y - other.y) || 1);
  const { view: placed } = view.snapshot();
  const moved = { ...placed, panX: placed.panX + (to.x - from.x) / 2, panY: placed.panY + (to.y - from.y) / 2 };
  view.setView(zoomedAt(moved, ratio, { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 }, view.size()));
}

function useWheel(element: HTMLElement | null, view: StackView | null, onScroll: (slices: number) => void): void {
  const travel = useRef(0);
  const latest = useRef(onScroll);
  latest.current = onScroll;
  useEffect(() => {
    if (!element) return;
    // React's own wheel listener is passive and could not keep the page from zooming.
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      if (event.ctrlKey && view) {
        const box = element.getBoundingClientRect();
        const at = { x: event.clientX - box.left, y: event.clientY - box.top };
        view.setView(zoomedAt(view.snapshot().view, WHEEL_ZOOM ** (-event.deltaY / 100), at, view.size()));
        return;
      }
      travel.current += event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 33 : event.deltaY;
      const slices = Math.trunc(travel.current / WHEEL_PX_PER_SLICE);
      travel.current -= slices * WHEEL_PX_PER_SLICE;
      if (slices !== 0) latest.current(slices);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [element, view]);
}

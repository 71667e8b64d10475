import { type PointerEvent, useRef } from 'react';
import type { PlaneView } from './engine/volume-views.ts';
import type { ToolName } from './viewer-surface.ts';

type Point = { x: number; y: number };
/** What a drag does on a plane. */
type Use = 'crosshair' | 'window' | 'pan' | 'zoom' | 'scroll';
type PlanePointerOptions = {
  view: PlaneView | null;
  tool: ToolName;
  onPoint: (at: Point) => void;
  onThrough: (slices: number) => void;
  /** Pixels across and down of a drag that changes the window. */
  onWindow: (x: number, y: number) => void;
  /** The picture was moved or zoomed. */
  onCamera: () => void;
};

const CLICK_PX = 4;
const DRAG_PX_PER_SLICE = 8;
/** Pixels of a drag that double the size. */
const ZOOM_PX = 160;

/**
 * What pointers do on a plane. The main button moves the crosshair, or does what the tool says; the middle one moves the picture, the right
 * one changes the window. One finger does what the tool says, two move and zoom; a tap sets the crosshair.
 */
export function usePlanePointer({ view, tool, onPoint, onThrough, onWindow, onCamera }: PlanePointerOptions) {
  const pointers = useRef(new Map<number, Point>());
  const drag = useRef<{ use: Use; from: Point; travel: number } | null>(null);
  const at = (event: PointerEvent): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const onPointerDown = (event: PointerEvent): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const point = at(event);
    pointers.current.set(event.pointerId, point);
    // A second finger ends what the first one did.
    drag.current = pointers.current.size > 1 ? null : { use: dragOf(event, tool), from: point, travel: 0 };
    if (drag.current?.use === 'crosshair') onPoint(point);
  };
  const onPointerMove = (event: PointerEvent): void => {
    const from = pointers.current.get(event.pointerId);
    if (!view || !from) return;
    const to = at(event);
    pointers.current.set(event.pointerId, to);
    if (pointers.current.size === 2) {
      pinch(view, pointers.current, { id: event.pointerId, from, to });
      onCamera();
      return;
    }
    const held = drag.current;
    if (!held) return;
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    if (held.use === 'crosshair') onPoint(to);
    else if (held.use === 'window') onWindow(dx, dy);
    else if (held.use === 'scroll') {
      held.travel += dy;
      const slices = Math.trunc(held.travel / DRAG_PX_PER_SLICE);
      held.travel -= slices * DRAG_PX_PER_SLICE;
      if (slices !== 0) onThrough(slices);
    } else {
      if (held.use === 'pan') view.panBy(dx, dy);
      else view.zoomBy(2 ** (-dy / ZOOM_PX));
      onCamera();
    }
  };
  const onPointerUp = (event: PointerEvent): void => {
    pointers.current.delete(event.pointerId);
    const held = drag.current;
    if (pointers.current.size === 0) drag.current = null;
    const to = at(event);
    const isTap = held && event.button === 0 && Math.hypot(to.x - held.from.x, to.y - held.from.y) < CLICK_PX;
    if (isTap && held.use !== 'crosshair') onPoint(to);
  };
  const onPointerCancel = (event: PointerEvent): void => {
    pointers.current.delete(event.pointerId);
    drag.current = null;
  };
  return { onPointerDown, onPointerMove, onPointerUp, onPointerCancel };
}

function dragOf({ button, pointerType }: PointerEvent, tool: ToolName): Use {
  if (button === 1) return 'pan';
  if (button === 2) return 'window';
  if (tool === 'pan' || tool === 'zoom' || tool === 'scroll') return tool;
  return tool === 'window' && pointerType === 'touch' ? 'window' : 'crosshair';
}

function pinch(view: PlaneView, pointers: ReadonlyMap<number, Point>, { id, from, to }: { id: number; from: Point; to: Point }): void {
  const [other] = [...pointers].filter(([pointer]) => pointer !== id).map(([, point]) => point);
  if (!other) return;
  const ratio = Math.hypot(to.x - other.x, to.y - other.y) / (Math.hypot(from.x - other.x, from.y - other.y) || 1);
  view.panBy((to.x - from.x) / 2, (to.y - from.y) / 2);
  view.zoomBy(ratio);
}

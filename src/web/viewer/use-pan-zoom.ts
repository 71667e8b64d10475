import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';

const MAX_ZOOM = 12;
const ZOOM_STEP = 1.25;
/** Wheel travel, in pixels, of one slice: a notch of a wheel gives about 100, a trackpad many small ones. */
const WHEEL_PX_PER_SLICE = 60;
const DRAG_PX_PER_SLICE = 8;

/** Zoom is relative to "fits the stage"; x and y move the picture's centre, in CSS pixels. */
export type View = { zoom: number; x: number; y: number };
const FIT: View = { zoom: 1, x: 0, y: 0 };

export type PanZoom = {
  view: View;
  size: { width: number; height: number };
  fit: () => void;
  zoomBy: (steps: number) => void;
  pointer: { onPointerDown: (event: PointerEvent) => void; onPointerMove: (event: PointerEvent) => void };
};

/** Wheel and drag on the stage: slices while the picture fits, moving it when it is enlarged; Ctrl and wheel zoom. */
export function usePanZoom(stage: RefObject<HTMLElement | null>, onScroll: (slices: number) => void): PanZoom {
  const [view, setView] = useState(FIT);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const travel = useRef(0);
  const latest = useRef(onScroll);
  latest.current = onScroll;
  const zoomBy = (steps: number) => setView((before) => zoomed(before, steps));
  const scroll = (px: number, pxPerSlice: number) => {
    travel.current += px;
    const slices = Math.trunc(travel.current / pxPerSlice);
    travel.current -= slices * pxPerSlice;
    if (slices !== 0) latest.current(slices);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the stage element stays the same, and `scroll` reads only refs
  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    // React's own wheel listener is passive and could not keep the page from zooming.
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      if (event.ctrlKey) setView((before) => zoomed(before, -event.deltaY / 100));
      else scroll(event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 33 : event.deltaY, WHEEL_PX_PER_SLICE);
    };
    observer.observe(element);
    element.addEventListener('wheel', wheel, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener('wheel', wheel);
    };
  }, []);

  const pointer = {
    onPointerDown: (event: PointerEvent) => {
      if (event.target instanceof Element && event.target.closest('button')) return;
      travel.current = 0;
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => {
      if (event.buttons !== 1 || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
      if (view.zoom > 1) setView((before) => ({ ...before, x: before.x + event.movementX, y: before.y + event.movementY }));
      else scroll(event.movementY, DRAG_PX_PER_SLICE);
    },
  };
  return { view, size, fit: () => setView(FIT), zoomBy, pointer };
}

function zoomed(view: View, steps: number): View {
  const zoom = Math.max(1, Math.min(MAX_ZOOM, view.zoom * ZOOM_STEP ** steps));
  const ratio = zoom / view.zoom;
  return zoom === 1 ? FIT : { zoom, x: view.x * ratio, y: view.y * ratio };
}

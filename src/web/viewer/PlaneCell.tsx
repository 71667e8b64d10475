import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { strings } from '../strings/strings.ts';
import { viewerWords as text } from '../strings/viewer/words.ts';
import { cx } from '../ui/cx.ts';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import type { PlaneName, PlaneView, SlabMode } from './engine/volume-views.ts';
import type { LoadedVolume } from './use-volume.ts';
import { type Crosshair, moved } from './volume-grid.ts';

const ZOOM = 1.2;
const STEPS: Readonly<Record<string, readonly ['across' | 'down', number]>> = {
  ArrowLeft: ['across', -1],
  ArrowRight: ['across', 1],
  ArrowUp: ['down', -1],
  ArrowDown: ['down', 1],
};
const WHEEL_PX_PER_SLICE = 60;
const WINDOW_PX = 300;
/** Each plane's line has its own color and its own dashes in the other two. */
const LINES: Readonly<Record<PlaneName, string>> = {
  axial: 'stroke-ai',
  sagittal: 'stroke-attention [stroke-dasharray:8_4]',
  coronal: 'stroke-accepted [stroke-dasharray:2_4]',
};
const ACROSS: Readonly<Record<PlaneName, readonly [vertical: PlaneName, horizontal: PlaneName]>> = {
  axial: ['sagittal', 'coronal'],
  coronal: ['sagittal', 'axial'],
  sagittal: ['coronal', 'axial'],
};

type PlaneCellProps = {
  plane: PlaneName;
  volume: LoadedVolume;
  point: Crosshair;
  onPoint: (point: Crosshair) => void;
  window: { center: number; width: number };
  onWindow: (window: { center: number; width: number }) => void;
  slab: { mm: number; mode: SlabMode };
};

/** One plane with the crosshair: a drag moves it, the right button the window, the wheel goes through the slices. */
export function PlaneCell({ plane, volume, point, onPoint, window, onWindow, slab }: PlaneCellProps) {
  const [host, setHost] = useState<HTMLDivElement | null>(null);
  const { view, error, size } = usePlane(host, volume, plane);
  const [, redraw] = useState(0);
  const travel = useRef(0);
  const last = useRef<{ x: number; y: number } | null>(null);
  useEffect(() => {
    view?.cutAt(point);
    redraw((count) => count + 1);
  }, [view, point]);
  useEffect(() => view?.setWindow(window), [view, window]);
  useEffect(() => view?.setSlab(slab.mm, slab.mode), [view, slab]);
  const through = (slices: number) => view && onPoint(moved(point, view.normal(), -slices * volume.grid.spacingMm[2], volume.grid));
  const at = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const onPointerMove = (event: PointerEvent) => {
    const [from, to] = [last.current, at(event)];
    if (!view || !from) return;
    last.current = to;
    if (event.buttons === 1) onPoint(moved(view.toPatient(to), view.normal(), 0, volume.grid));
    if (event.buttons === 4) {
      view.panBy(to.x - from.x, to.y - from.y);
      redraw((count) => count + 1);
    }
    if (event.buttons !== 2) return;
    const perPixel = window.width / WINDOW_PX;
    onWindow({ center: window.center + (to.y - from.y) * perPixel, width: Math.max(perPixel, window.width + (to.x - from.x) * perPixel) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!view || !act(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const act = (key: string): boolean => {
    if (!view) return false;
    const step = STEPS[key];
    const { right, down } = view.axes();
    if (step) onPoint(moved(point, step[0] === 'across' ? right : down, step[1] * volume.grid.spacingMm[0], volume.grid));
    else if (key === 'PageUp' || key === 'PageDown') through(key === 'PageUp' ? -1 : 1);
    else if (key === '+' || key === '-') zoom(key === '+' ? ZOOM : 1 / ZOOM);
    else return false;
    return true;
  };
  const zoom = (factor: number) => {
    view?.zoomBy(factor);
    redraw((count) => count + 1);
  };
  const cross = view?.toCell(point);
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the crosshair is moved by keys
      tabIndex={0}
      data-plane={plane}
      data-ready={view !== null}
      aria-label={`${text.planes[plane]}. ${text.crosshair}`}
      className="relative min-h-0 min-w-0 touch-none overflow-hidden bg-black text-text select-none after:pointer-events-none after:absolute after:inset-0 after:border after:border-line after:content-[''] focus-visible:after:border-focus"
      onKeyDown={onKeyDown}
      onContextMenu={(event) => event.preventDefault()}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        last.current = at(event);
        if (view && event.button === 0) onPoint(moved(view.toPatient(at(event)), view.normal(), 0, volume.grid));
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        last.current = null;
      }}
      onWheel={(event) => {
        if (event.ctrlKey) zoom(event.deltaY < 0 ? ZOOM : 1 / ZOOM);
        travel.current += event.ctrlKey ? 0 : event.deltaY;
        const slices = Math.trunc(travel.current / WHEEL_PX_PER_SLICE);
        travel.current -= slices * WHEEL_PX_PER_SLICE;
        if (slices !== 0) through(slices);
      }}
    >
      <div ref={setHost} className="absolute inset-0" />
      {cross && (
        <svg className="pointer-events-none absolute inset-0 size-full" aria-hidden="true">
          <line x1={cross.x} x2={cross.x} y1={0} y2={size.height} className={cx('opacity-80', LINES[ACROSS[plane][0]])} />
          <line x1={0} x2={size.width} y1={cross.y} y2={cross.y} className={cx('opacity-80', LINES[ACROSS[plane][1]])} />
        </svg>
      )}
      <p className="pointer-events-none absolute top-2 left-3 text-sm [text-shadow:0_0_3px_#000]">{text.planes[plane]}</p>
      {view === null && error === null && <p className="absolute inset-0 m-auto size-fit text-muted">{strings.common.loading}</p>}
      {error !== null && (
        <div className="absolute inset-4">
          <ProblemNote error={error} />
        </div>
      )}
    </section>
  );
}

function usePlane(element: HTMLDivElement | null, volume: LoadedVolume, plane: PlaneName) {
  const [view, setView] = useState<PlaneView | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (!element) return;
    let opened: PlaneView | null = null;
    let isGone = false;
    const open = async () => {
      const { openPlaneView } = await import('./engine/volume-views.ts');
      if (isGone) return;
      opened = await openPlaneView(element, volume, plane);
      if (isGone) opened.close();
      else setView(opened);
    };
    open().catch(setError);
    const observer = new ResizeObserver(() => {
      setSize({ width: element.clientWidth, height: element.clientHeight });
      opened?.resize();
    });
    observer.observe(element);
    return () => {
      isGone = true;
      observer.disconnect();
      opened?.close();
      setView(null);
    };
  }, [element, volume, plane]);
  return { view, error, size };
}

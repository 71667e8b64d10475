import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { length, subtract, type Vector } from '../../imaging/vector.ts';
import { strings } from '../strings/strings.ts';
import { viewerWords as text } from '../strings/viewer/words.ts';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { AnnotationLayer } from './AnnotationLayer.tsx';
import type { AnnotationStore } from './annotation-store.ts';
import type { DrawnOn, Space } from './drawn-on.ts';
import type { PlaneView, SlabMode } from './engine/volume-views.ts';
import { ON_PICTURE } from './on-picture.ts';
import { PlaneLines } from './PlaneLines.tsx';
import { PlaneSegments } from './PlaneSegments.tsx';
import { type PlaneDirection, type PlaneDirections, type PlaneName, screenAxes } from './plane-directions.ts';
import type { ShownMask } from './use-mask-volumes.ts';
import { usePlanePointer } from './use-plane-pointer.ts';
import { usePlaneView } from './use-plane-view.ts';
import type { LoadedVolume } from './use-volume.ts';
import { lettersOf } from './view-geometry.ts';
import type { AnnotationKind, ToolName, ViewerEvent } from './viewer-surface.ts';
import { type Crosshair, moved } from './volume-grid.ts';

const ZOOM = 1.2;
const TURN_DEGREES = 5;
const STEPS: Readonly<Record<string, readonly ['across' | 'down', number]>> = {
  ArrowLeft: ['across', -1],
  ArrowRight: ['across', 1],
  ArrowUp: ['down', -1],
  ArrowDown: ['down', 1],
};
const WHEEL_PX_PER_SLICE = 60;
const WINDOW_PX = 300;
const LETTER = `${ON_PICTURE} font-semibold`;

/** What all three planes of a volume share. */
export type PlaneState = {
  volume: LoadedVolume;
  space: Space | null;
  patient: string;
  point: Crosshair;
  onPoint: (point: Crosshair) => void;
  directions: PlaneDirections;
  onTurn: (plane: PlaneName, degrees: number) => void;
  window: { center: number; width: number };
  onWindow: (window: { center: number; width: number }) => void;
  slab: { mm: number; mode: SlabMode };
  tool: ToolName;
  kind: AnnotationKind | null;
  annotations: AnnotationStore;
  emit: (event: ViewerEvent) => void;
  masks: readonly ShownMask[];
  opacity: number;
};

/** One plane with the crosshair, the segments and what is measured on it. */
export function PlaneCell({ plane, state }: { plane: PlaneName; state: PlaneState }) {
  const { volume, point, directions, window, slab, onPoint } = state;
  const [host, setHost] = useState<HTMLDivElement | null>(null);
  const { view, error, size } = usePlaneView(host, volume, plane);
  const [, redraw] = useState(0);
  const direction = directions[plane];
  const { right, down } = screenAxes(direction);
  const travel = useRef(0);
  const onCamera = () => redraw((count) => count + 1);
  useEffect(() => {
    view?.setDirection(direction);
    view?.cutAt(point);
    redraw((count) => count + 1);
  }, [view, point, direction]);
  useEffect(() => view?.setWindow(window), [view, window]);
  useEffect(() => view?.setSlab(slab.mm, slab.mode), [view, slab]);
  const through = (slices: number) => onPoint(moved(point, direction.normal, -slices * volume.grid.spacingMm[2], volume.grid));
  const pointer = usePlanePointer({
    view,
    tool: state.tool,
    onPoint: (at) => view && onPoint(moved(view.toPatient(at), direction.normal, 0, volume.grid)),
    onThrough: through,
    onWindow: (x, y) => {
      const perPixel = window.width / WINDOW_PX;
      state.onWindow({ center: window.center + y * perPixel, width: Math.max(perPixel, window.width + x * perPixel) });
    },
    onCamera,
  });
  const zoom = (factor: number) => {
    view?.zoomBy(factor);
    onCamera();
  };
  const act = ({ key, shiftKey }: KeyboardEvent): boolean => {
    const step = STEPS[key];
    if (step && shiftKey) state.onTurn(plane, -step[1] * TURN_DEGREES);
    else if (step) onPoint(moved(point, step[0] === 'across' ? right : down, step[1] * volume.grid.spacingMm[0], volume.grid));
    else if (key === 'PageUp' || key === 'PageDown') through(key === 'PageUp' ? -1 : 1);
    else if (key === '+' || key === '-') zoom(key === '+' ? ZOOM : 1 / ZOOM);
    else return false;
    return true;
  };
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the crosshair is moved by keys
      tabIndex={0}
      data-plane={plane}
      data-ready={view !== null}
      aria-label={`${text.planes[plane]}. ${text.crosshair}`}
      className="relative min-h-0 min-w-0 touch-none overflow-hidden bg-black text-text select-none after:pointer-events-none after:absolute after:inset-0 after:border after:border-line after:content-[''] focus-visible:after:border-focus"
      onKeyDown={(event) => {
        if (!view || !act(event)) return;
        event.preventDefault();
        event.stopPropagation();
      }}
      onContextMenu={(event) => event.preventDefault()}
      {...pointer}
      onPointerDown={(event: PointerEvent) => {
        if (!(event.target instanceof Element && event.target.closest('button'))) pointer.onPointerDown(event);
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
      {view && size.width > 0 && <PlaneLayers plane={plane} state={state} view={view} size={size} />}
      <PlaneLetters direction={direction} />
      <p className={`${ON_PICTURE} top-2 left-3 max-w-[42%]`}>
        {text.planes[plane]}
        <span className="block truncate">{state.patient}</span>
      </p>
      {view === null && error === null && <p className="absolute inset-0 m-auto size-fit text-muted">{strings.common.loading}</p>}
      {error !== null && (
        <div className="absolute inset-4">
          <ProblemNote error={error} />
        </div>
      )}
    </section>
  );
}

type PlaneLayersProps = { plane: PlaneName; state: PlaneState; view: PlaneView; size: { width: number; height: number } };

/** All that lies over the picture of a plane. */
function PlaneLayers({ plane, state, view, size }: PlaneLayersProps) {
  const { point, directions, masks, space, volume } = state;
  const frame = frameOf(directions[plane], { point, view, volume, space });
  return (
    <>
      {masks.length > 0 && (
        <PlaneSegments masks={masks} info={frame.info} placement={frame.placement} size={size} opacity={state.opacity} />
      )}
      <PlaneLines
        plane={plane}
        view={view}
        point={point}
        directions={directions}
        size={size}
        canTurn={state.kind === null}
        onTurn={(degrees) => state.onTurn(plane, degrees)}
      />
      {space && <AnnotationLayer frame={frame} kind={state.kind} store={state.annotations} emit={state.emit} size={size} />}
    </>
  );
}

type FrameParts = { point: Vector; view: PlaneView; volume: LoadedVolume; space: Space | null };

/** The plane as a frame of which a pixel is a millimeter, its first at the crosshair. */
function frameOf(direction: PlaneDirection, { point, view, volume, space }: FrameParts): DrawnOn {
  const { right, down } = screenAxes(direction);
  const center = view.toCell(point);
  const reach = 100;
  const ahead = view.toCell([point[0] + right[0] * reach, point[1] + right[1] * reach, point[2] + right[2] * reach]);
  const perMm = Math.hypot(ahead.x - center.x, ahead.y - center.y) / reach;
  const info = {
    ...volume.info,
    spacing: { row: 1, column: 1 },
    spacingAt: 'patient' as const,
    aspect: 1,
    plane: { position: point, rows: right, columns: down },
    sliceThicknessMm: volume.grid.spacingMm[2],
  };
  const placement = { a: perMm, b: 0, c: 0, d: perMm, e: center.x - perMm / 2, f: center.y - perMm / 2 };
  const nowhere = { study_instance_uid: '', series_instance_uid: '', sop_instance_uid: '', frame: 0 };
  return { on: space?.nearest(point) ?? nowhere, info, placement, values: () => null, ...(space ? { space } : {}) };
}

/** Where the edges of the screen lie in the patient. */
function PlaneLetters({ direction }: { direction: PlaneDirection }) {
  const { right, down } = screenAxes(direction);
  const opposite = (vector: Vector): Vector => subtract([0, 0, 0], vector);
  if (length(right) < 0.5) return null;
  return (
    <div aria-hidden>
      <span className={`${LETTER} top-1/2 left-2 -translate-y-1/2`}>{lettersOf(opposite(right))}</span>
      <span className={`${LETTER} top-1/2 right-2 -translate-y-1/2`}>{lettersOf(right)}</span>
      <span className={`${LETTER} top-1.5 left-1/2 -translate-x-1/2`}>{lettersOf(opposite(down))}</span>
      <span className={`${LETTER} bottom-1.5 left-1/2 -translate-x-1/2`}>{lettersOf(down)}</span>
    </div>
  );
}

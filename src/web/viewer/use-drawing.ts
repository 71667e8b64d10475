import { type PointerEvent, useState } from 'react';
import { movedBy, pointsOf, STROKES, type Stroke, strokesInMiddle, withPoint } from './annotation-geometry.ts';
import type { AnnotationStore } from './annotation-store.ts';
import { type DrawnOn, drawnAnew, movedTo, type Placed } from './drawn-on.ts';
import { toPixel } from './view-geometry.ts';
import type { Annotation, AnnotationKind, PixelPoint, ViewerEvent } from './viewer-surface.ts';

/** `placed` as it was when it was taken. */
type Grip = { index: number | null; from: PixelPoint; placed: Placed; isMoved: boolean };
type DrawingOptions = { frame: DrawnOn; kind: AnnotationKind | null; store: AnnotationStore; emit: (event: ViewerEvent) => void };

/** Drawing by strokes, and moving what is drawn by its points or as a whole. */
export function useDrawing({ frame, kind, store, emit }: DrawingOptions) {
  const [strokes, setStrokes] = useState<readonly Stroke[]>([]);
  const [grip, setGrip] = useState<Grip | null>(null);
  const at = (event: PointerEvent): PixelPoint => {
    const box = event.currentTarget.closest('section')?.getBoundingClientRect();
    return toPixel(frame.placement, { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) });
  };
  const add = (made: AnnotationKind, finished: readonly Stroke[]): void => {
    const annotation = drawnAnew(made, pointsOf(made, finished), frame);
    store.put(annotation);
    store.select(annotation.id);
    emit({ type: 'annotation_added', annotation });
    emit({ type: 'annotation_selected', id: annotation.id });
  };
  const change = (placed: Placed, points: readonly PixelPoint[]): Annotation => {
    const changed = movedTo(placed, points, frame);
    store.put(changed);
    return changed;
  };

  const onDrawDown = (event: PointerEvent): void => {
    if (!kind || event.button !== 0) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    const point = at(event);
    const vertex = kind === 'angle' ? strokes[0]?.[1] : undefined;
    setStrokes([...strokes, [vertex ?? point, point]]);
  };
  const onDrawMove = (event: PointerEvent): void => {
    const last = strokes.at(-1);
    if (!last || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    setStrokes([...strokes.slice(0, -1), [last[0], at(event)]]);
  };
  const onDrawUp = (event: PointerEvent): void => {
    const last = strokes.at(-1);
    if (!kind || !last) return;
    const finished: Stroke[] = [...strokes.slice(0, -1), [last[0], at(event)]];
    const [from, to] = finished.at(-1) ?? last;
    // A click draws nothing but a point; the stroke is taken back.
    if (kind !== 'probe' && Math.hypot(to[0] - from[0], to[1] - from[1]) < 0.5) setStrokes(strokes.slice(0, -1));
    else if (finished.length < STROKES[kind]) setStrokes(finished);
    else {
      setStrokes([]);
      add(kind, finished);
    }
  };
  const onGripDown = (event: PointerEvent, placed: Placed, index: number | null): void => {
    if (event.button !== 0) return;
    event.stopPropagation();
    store.select(placed.annotation.id);
    emit({ type: 'annotation_selected', id: placed.annotation.id });
    if (!placed.canMove) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setGrip({ index, from: at(event), placed, isMoved: false });
  };
  const onGripMove = (event: PointerEvent, { annotation }: Placed): void => {
    if (grip?.placed.annotation.id !== annotation.id) return;
    const to = at(event);
    const { index, from, placed } = grip;
    const { points } = placed;
    change(placed, index === null ? movedBy(points, to[0] - from[0], to[1] - from[1]) : withPoint(annotation.kind, points, index, to));
    if (!grip.isMoved) setGrip({ ...grip, isMoved: true });
  };
  const onGripUp = ({ annotation }: Placed): void => {
    if (grip?.placed.annotation.id !== annotation.id) return;
    setGrip(null);
    if (grip.isMoved) emit({ type: 'annotation_changed', annotation });
  };

  return {
    drawn: kind && strokes.length > 0 ? pointsOf(kind, strokes) : null,
    cancel: () => setStrokes([]),
    drawHandlers: { onPointerDown: onDrawDown, onPointerMove: onDrawMove, onPointerUp: onDrawUp },
    onGripDown,
    onGripMove,
    onGripUp,
    addInMiddle: (middle: PixelPoint, size: number) => kind && add(kind, strokesInMiddle(kind, middle, size)),
    nudge: (placed: Placed, columns: number, rows: number) => {
      if (placed.canMove) emit({ type: 'annotation_changed', annotation: change(placed, movedBy(placed.points, columns, rows)) });
    },
    remove: (annotation: Annotation) => {
      store.remove(annotation.id);
      emit({ type: 'annotation_removed', annotation });
    },
  };
}

import { type PointerEvent, useState } from 'react';
import { movedBy, pointsOf, STROKES, type Stroke, strokesInMiddle, withPoint } from './annotation-geometry.ts';
import type { AnnotationStore } from './annotation-store.ts';
import type { FrameInfo } from './frame-info.ts';
import { type FrameValues, readingsOf } from './readings.ts';
import { type Placement, planeOf, toPixel, worldOf } from './view-geometry.ts';
import type { Annotation, AnnotationKind, FrameReference, PixelPoint, ViewerEvent } from './viewer-surface.ts';

/** A cell's frame, as what is drawn on it needs to know. */
export type DrawnOn = { on: FrameReference; info: FrameInfo; placement: Placement; values: () => FrameValues | null };
type Grip = { id: string; index: number | null; from: PixelPoint; points: readonly PixelPoint[] };
type DrawingOptions = { frame: DrawnOn; kind: AnnotationKind | null; store: AnnotationStore; emit: (event: ViewerEvent) => void };

/** An annotation with its points in space and its figures. */
export function measured(annotation: Omit<Annotation, 'readings'>, { info, values }: Pick<DrawnOn, 'info' | 'values'>): Annotation {
  const { patientPoints: _, frameOfReferenceUid: __, ...rest } = annotation;
  const plane = planeOf(info);
  return {
    ...rest,
    ...(info.plane ? { patientPoints: annotation.pixelPoints.map((point) => worldOf(plane, point)) } : {}),
    ...(info.frameOfReferenceUid ? { frameOfReferenceUid: info.frameOfReferenceUid } : {}),
    readings: readingsOf(annotation.kind, annotation.pixelPoints, info, values()),
  };
}

/** Drawing by strokes, and moving what is drawn by its points or as a whole. */
export function useDrawing({ frame, kind, store, emit }: DrawingOptions) {
  const [strokes, setStrokes] = useState<readonly Stroke[]>([]);
  const [grip, setGrip] = useState<Grip | null>(null);
  const at = (event: PointerEvent): PixelPoint => {
    const box = event.currentTarget.closest('section')?.getBoundingClientRect();
    return toPixel(frame.placement, { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) });
  };
  const add = (made: AnnotationKind, finished: readonly Stroke[]): void => {
    const pixelPoints = pointsOf(made, finished);
    const annotation = measured({ id: crypto.randomUUID(), kind: made, on: frame.on, pixelPoints, label: '', isLocked: false }, frame);
    store.put(annotation);
    store.select(annotation.id);
    emit({ type: 'annotation_added', annotation });
    emit({ type: 'annotation_selected', id: annotation.id });
  };
  const change = (annotation: Annotation, points: readonly PixelPoint[]): Annotation => {
    const changed = measured({ ...annotation, pixelPoints: points }, frame);
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
  const onGripDown = (event: PointerEvent, annotation: Annotation, index: number | null): void => {
    if (event.button !== 0) return;
    event.stopPropagation();
    store.select(annotation.id);
    emit({ type: 'annotation_selected', id: annotation.id });
    if (annotation.isLocked) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setGrip({ id: annotation.id, index, from: at(event), points: annotation.pixelPoints });
  };
  const onGripMove = (event: PointerEvent, annotation: Annotation): void => {
    if (grip?.id !== annotation.id) return;
    const to = at(event);
    const { index, from, points } = grip;
    change(annotation, index === null ? movedBy(points, to[0] - from[0], to[1] - from[1]) : withPoint(annotation.kind, points, index, to));
  };
  const onGripUp = (annotation: Annotation): void => {
    if (grip?.id !== annotation.id) return;
    const isMoved = grip.points !== annotation.pixelPoints;
    setGrip(null);
    if (isMoved) emit({ type: 'annotation_changed', annotation });
  };

  return {
    drawn: kind && strokes.length > 0 ? pointsOf(kind, strokes) : null,
    cancel: () => setStrokes([]),
    drawHandlers: { onPointerDown: onDrawDown, onPointerMove: onDrawMove, onPointerUp: onDrawUp },
    onGripDown,
    onGripMove,
    onGripUp,
    addInMiddle: (middle: PixelPoint, size: number) => kind && add(kind, strokesInMiddle(kind, middle, size)),
    nudge: (annotation: Annotation, columns: number, rows: number) => {
      if (annotation.isLocked) return;
      emit({ type: 'annotation_changed', annotation: change(annotation, movedBy(annotation.pixelPoints, columns, rows)) });
    },
    remove: (annotation: Annotation) => {
      store.remove(annotation.id);
      emit({ type: 'annotation_removed', annotation });
    },
  };
}

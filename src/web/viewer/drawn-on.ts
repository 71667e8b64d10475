import { add, cross, dot, scale, subtract, type Vector } from '../../imaging/vector.ts';
import type { FrameInfo } from './frame-info.ts';
import { type FrameValues, readingsOf } from './readings.ts';
import { readingsInSpace, type Sampled } from './space-readings.ts';
import { type Placement, type Plane, pixelOf, planeOf, worldOf } from './view-geometry.ts';
import type { Annotation, AnnotationKind, FrameReference, PatientPoint, PixelPoint } from './viewer-surface.ts';

/** The space of a volume, of which a cell shows a plane: what is drawn there belongs to no picture. */
export type Space = Sampled & { frameOfReferenceUid: string; nearest: (point: Vector) => FrameReference };
/** What a cell shows, as what is drawn on it needs to know: a picture, or with `space` a plane through a volume. */
export type DrawnOn = { on: FrameReference; info: FrameInfo; placement: Placement; values: () => FrameValues | null; space?: Space };

/** Something drawn, where it lies in a cell; `canMove`: its points may be taken there. */
export type Placed = { annotation: Annotation; points: readonly PixelPoint[]; canMove: boolean };

/** What lies nearer to a plane than this is shown on it: slices are often no thinner. */
const LEAST_TOLERANCE_MM = 0.5;
/** Sides that lean less, in pixels, are upright. */
const UPRIGHT_PX = 0.05;

/** Where an annotation lies in a cell; undefined if it does not: on another picture, or beside the plane. */
export function placedOn(annotation: Annotation, frame: DrawnOn): Placed | undefined {
  const { on, patientPoints, isInSpace, isLocked } = annotation;
  const isOwn = !isInSpace && !frame.space && on.sop_instance_uid === frame.on.sop_instance_uid && on.frame === frame.on.frame;
  if (isOwn) return { annotation, points: annotation.pixelPoints, canMove: !isLocked };
  const { info, space } = frame;
  if (!patientPoints || !info.plane || (!isInSpace && !space) || annotation.frameOfReferenceUid !== info.frameOfReferenceUid)
    return undefined;
  const plane = planeOf(info);
  const tolerance = Math.max(LEAST_TOLERANCE_MM, (info.sliceThicknessMm ?? 0) / 2);
  if (patientPoints.some((point) => Math.abs(distanceOf(plane, point)) > tolerance)) return undefined;
  const points = patientPoints.map((point) => pixelOf(plane, point));
  const upright = uprightPoints(annotation.kind, points);
  return {
    annotation,
    points: upright ?? points,
    canMove: !isLocked && isInSpace === true && space !== undefined && upright !== undefined,
  };
}

/** Something new. */
export function drawnAnew(kind: AnnotationKind, points: readonly PixelPoint[], frame: DrawnOn): Annotation {
  const made = { id: crypto.randomUUID(), kind, on: frame.on, pixelPoints: points, label: '', isLocked: false };
  return frame.space ? inSpace({ ...made, readings: [] }, pointsInPatient(points, frame), frame.space) : measured(made, frame);
}

/** With its points elsewhere, of which those of `placed` have been dragged. */
export function movedTo(placed: Placed, points: readonly PixelPoint[], frame: DrawnOn): Annotation {
  const { annotation } = placed;
  if (!frame.space) return measured({ ...annotation, pixelPoints: points }, frame);
  const plane = planeOf(frame.info);
  const normal = cross(plane.rows, plane.columns);
  const offsets = (annotation.patientPoints ?? []).map((point) => distanceOf(plane, point));
  const mean = offsets.reduce((sum, offset) => sum + offset, 0) / (offsets.length || 1);
  const isRegion = annotation.kind === 'rectangle' || annotation.kind === 'ellipse';
  // Each point keeps its distance from the plane on which it is seen.
  const moved = pointsInPatient(points, frame).map((point, index) => add(point, scale(normal, isRegion ? mean : (offsets[index] ?? 0))));
  return inSpace(annotation, moved, frame.space);
}

/** An annotation on a picture with its points in space and its figures. */
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

function inSpace(annotation: Annotation, patientPoints: readonly PatientPoint[], space: Space): Annotation {
  const sum = patientPoints.reduce<Vector>((total, point) => add(total, point), [0, 0, 0]);
  return {
    ...annotation,
    on: space.nearest(scale(sum, 1 / (patientPoints.length || 1))),
    isInSpace: true,
    pixelPoints: [],
    patientPoints,
    frameOfReferenceUid: space.frameOfReferenceUid,
    readings: readingsInSpace(annotation.kind, patientPoints, space),
  };
}

function pointsInPatient(points: readonly PixelPoint[], { info }: DrawnOn): PatientPoint[] {
  return points.map((point) => worldOf(planeOf(info), point));
}

function distanceOf({ position, rows, columns }: Plane, point: Vector): number {
  return dot(subtract(point, position), cross(rows, columns));
}

/** A region's points in the order that its kind has on this plane; undefined where its sides lean on it. Other kinds have their own order. */
function uprightPoints(kind: AnnotationKind, points: readonly PixelPoint[]): readonly PixelPoint[] | undefined {
  if (kind !== 'rectangle' && kind !== 'ellipse') return points;
  const [left, right] = [Math.min(...points.map(([x]) => x)), Math.max(...points.map(([x]) => x))];
  const [top, bottom] = [Math.min(...points.map(([, y]) => y)), Math.max(...points.map(([, y]) => y))];
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const wanted: PixelPoint[] =
    kind === 'rectangle'
      ? [
          [left, top],
          [right, top],
          [left, bottom],
          [right, bottom],
        ]
      : [
          [x, bottom],
          [x, top],
          [left, y],
          [right, y],
        ];
  const isThere = ([column, row]: PixelPoint): boolean =>
    points.some((point) => Math.hypot(point[0] - column, point[1] - row) < UPRIGHT_PX);
  return wanted.every(isThere) ? wanted : undefined;
}

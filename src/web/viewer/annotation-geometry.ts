import type { AnnotationKind, PixelPoint } from './viewer-surface.ts';

/** From where the pointer went down to where it was let go. */
export type Stroke = readonly [from: PixelPoint, to: PixelPoint];

/** Strokes that draw each kind; the second of an angle begins at its vertex. */
export const STROKES: Readonly<Record<AnnotationKind, 1 | 2>> = {
  length: 1,
  arrow: 1,
  rectangle: 1,
  ellipse: 1,
  probe: 1,
  angle: 2,
  cobb: 2,
  cardiothoracic: 2,
};

export function isAnnotationKind(tool: string): tool is AnnotationKind {
  return Object.hasOwn(STROKES, tool);
}

/** Points of an annotation from the strokes made for it so far, in the order that `Annotation` names. */
export function pointsOf(kind: AnnotationKind, strokes: readonly Stroke[]): PixelPoint[] {
  const [first, second] = strokes;
  if (!first) return [];
  const [from, to] = first;
  switch (kind) {
    case 'probe':
      return [to];
    case 'rectangle':
      return cornersOf(from, to);
    case 'ellipse': {
      const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
      const [left, right] = [Math.min(from[0], to[0]), Math.max(from[0], to[0])];
      const [top, bottom] = [Math.min(from[1], to[1]), Math.max(from[1], to[1])];
      return [
        [x, bottom],
        [x, top],
        [left, y],
        [right, y],
      ];
    }
    case 'angle':
      return second ? [from, to, second[1]] : [from, to];
    default:
      return second ? [from, to, ...second] : [from, to];
  }
}

/** With one of its points dragged elsewhere; what is bound to keep its shape does. */
export function withPoint(kind: AnnotationKind, points: readonly PixelPoint[], index: number, to: PixelPoint): PixelPoint[] {
  if (kind === 'rectangle') {
    const opposite = points[3 - index];
    return opposite ? cornersOf(opposite, to) : [...points];
  }
  if (kind === 'ellipse') return ellipseWith(points, index, to);
  return points.map((point, at) => (at === index ? to : point));
}

export function movedBy(points: readonly PixelPoint[], columns: number, rows: number): PixelPoint[] {
  return points.map(([column, row]): PixelPoint => [column + columns, row + rows]);
}

/** Lines to draw, as pairs of indices of points. */
export function linesOf(kind: AnnotationKind, points: readonly PixelPoint[]): Stroke[] {
  const pairs: Readonly<Record<AnnotationKind, readonly [number, number][]>> = {
    length: [[0, 1]],
    arrow: [[1, 0]],
    angle: [
      [0, 1],
      [1, 2],
    ],
    cobb: [
      [0, 1],
      [2, 3],
    ],
    cardiothoracic: [
      [0, 1],
      [2, 3],
    ],
    rectangle: [
      [0, 1],
      [1, 3],
      [3, 2],
      [2, 0],
    ],
    ellipse: [],
    probe: [],
  };
  return pairs[kind].flatMap(([a, b]): Stroke[] => {
    const [from, to] = [points[a], points[b]];
    return from && to ? [[from, to]] : [];
  });
}

/** Something of a usable size in the middle of a part of the frame, for those who draw by keys. */
export function strokesInMiddle(kind: AnnotationKind, [column, row]: PixelPoint, size: number): Stroke[] {
  const first: Stroke =
    kind === 'probe'
      ? [
          [column, row],
          [column, row],
        ]
      : [
          [column - size, row - size / 2],
          [column + size, row + size / 2],
        ];
  if (STROKES[kind] === 1) return [first];
  const second: Stroke =
    kind === 'angle'
      ? [first[1], [column - size, row + size]]
      : [
          [column - size, row + size],
          [column + size, row + size],
        ];
  return [first, second];
}

function cornersOf(a: PixelPoint, b: PixelPoint): PixelPoint[] {
  const [left, right] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])];
  const [top, bottom] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])];
  return [
    [left, top],
    [right, top],
    [left, bottom],
    [right, bottom],
  ];
}

function ellipseWith(points: readonly PixelPoint[], index: number, to: PixelPoint): PixelPoint[] {
  const [bottom = to, top = to, left = to, right = to] = points;
  const ends = { bottom: bottom[1], top: top[1], left: left[0], right: right[0] };
  const moved = { ...ends, ...[{ bottom: to[1] }, { top: to[1] }, { left: to[0] }, { right: to[0] }][index] };
  return pointsOf('ellipse', [
    [
      [moved.left, moved.top],
      [moved.right, moved.bottom],
    ],
  ]);
}

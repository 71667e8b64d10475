import { type KeyboardEvent, type PointerEvent, useEffect, useSyncExternalStore } from 'react';
import { decimal, unitText } from '../format.ts';
import { viewerWords as text } from '../strings/viewer/words.ts';
import { cx } from '../ui/cx.ts';
import { linesOf, type Stroke } from './annotation-geometry.ts';
import type { AnnotationStore } from './annotation-store.ts';
import { type DrawnOn, measured, type Placed, placedOn } from './drawn-on.ts';
import { useDrawing } from './use-drawing.ts';
import { type Placement, toCell, toPixel } from './view-geometry.ts';
import type { Annotation, AnnotationKind, PixelPoint, ViewerEvent } from './viewer-surface.ts';

const GRIP_PX = 4;
/** What the pointer must hit: WCAG 2.2 asks for 24 pixels. */
const TARGET_PX = 12;
const LINE_PX = 17;
/** Dark under every line, so that it is seen on bone as well. */
const CASING_PX = 4;
const NUDGES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

type AnnotationLayerProps = {
  frame: DrawnOn;
  kind: AnnotationKind | null;
  store: AnnotationStore;
  emit: (event: ViewerEvent) => void;
  size: { width: number; height: number };
};

/** What is drawn on this frame, and the drawing itself. */
export function AnnotationLayer({ frame, kind, store, emit, size }: AnnotationLayerProps) {
  const all = useSyncExternalStore(store.subscribe, store.all);
  const selectedId = useSyncExternalStore(store.subscribe, store.selectedId);
  const drawing = useDrawing({ frame, kind, store, emit });
  const here = all.flatMap((annotation) => placedOn(annotation, frame) ?? []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was put in is measured once its frame is shown
  useEffect(() => {
    for (const { annotation } of here)
      if (annotation.readings.length === 0 && annotation.kind !== 'arrow') measureAnew(annotation, frame, store);
  }, [all, frame.on.sop_instance_uid, frame.on.frame]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tool ends what is half drawn
  useEffect(() => drawing.cancel(), [kind]);
  const drawKeys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') drawing.cancel();
    if (event.key !== 'Enter') return;
    event.preventDefault();
    const middle = toPixel(frame.placement, { x: size.width / 2, y: size.height / 2 });
    drawing.addInMiddle(middle, 60 / Math.hypot(frame.placement.a, frame.placement.b));
  };
  const annotationKeys = (event: KeyboardEvent, placed: Placed): void => {
    const nudge = NUDGES[event.key];
    if (nudge) drawing.nudge(placed, nudge[0] * (event.shiftKey ? 10 : 1), nudge[1] * (event.shiftKey ? 10 : 1));
    else if (event.key === 'Delete' || event.key === 'Backspace') drawing.remove(placed.annotation);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing is no set of fields
    <svg className="pointer-events-none absolute inset-0 size-full" role="group" aria-label={text.annotations}>
      {kind && (
        // biome-ignore lint/a11y/useSemanticElements: a surface to draw on has no element of its own
        <rect
          data-annotation
          data-draw={kind}
          role="button"
          tabIndex={0}
          aria-label={text.toolNames[kind]}
          className="pointer-events-auto size-full cursor-crosshair fill-transparent outline-none"
          onKeyDown={drawKeys}
          {...drawing.drawHandlers}
        />
      )}
      {here.map((placed) => (
        <Drawn
          key={placed.annotation.id}
          placed={placed}
          frame={frame}
          isSelected={placed.annotation.id === selectedId}
          drawing={drawing}
          onKeyDown={(event) => annotationKeys(event, placed)}
        />
      ))}
      {drawing.drawn && kind && <Shape kind={kind} points={drawing.drawn} placement={frame.placement} isSelected />}
    </svg>
  );
}

type DrawnProps = {
  placed: Placed;
  frame: DrawnOn;
  isSelected: boolean;
  drawing: ReturnType<typeof useDrawing>;
  onKeyDown: (event: KeyboardEvent) => void;
};

/** One annotation with its points to take and its figures. */
function Drawn({ placed, frame, isSelected, drawing, onKeyDown }: DrawnProps) {
  const { annotation, points, canMove } = placed;
  const lines = linesOfText(annotation, frame);
  const handlers = (index: number | null) => ({
    onPointerDown: (event: PointerEvent) => drawing.onGripDown(event, placed, index),
    onPointerMove: (event: PointerEvent) => drawing.onGripMove(event, placed),
    onPointerUp: () => drawing.onGripUp(placed),
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: within a drawing there is no button element
    <g
      data-annotation={annotation.kind}
      role="button"
      tabIndex={0}
      aria-label={[text.toolNames[annotation.kind], ...lines].join(' ')}
      aria-pressed={isSelected}
      className="pointer-events-auto outline-none [&:focus-visible_.shape]:stroke-focus"
      onKeyDown={onKeyDown}
      {...handlers(null)}
    >
      <Shape kind={annotation.kind} points={points} placement={frame.placement} isSelected={isSelected} />
      {canMove &&
        points.map((point, index) => {
          const { x, y } = toCell(frame.placement, point);
          return (
            <circle
              // biome-ignore lint/suspicious/noArrayIndexKey: a point is its place among the points
              key={index}
              cx={x}
              cy={y}
              r={TARGET_PX}
              className="cursor-move fill-transparent"
              {...handlers(index)}
            />
          );
        })}
      <Caption lines={lines} at={captionPlace(points, frame.placement)} />
    </g>
  );
}

type ShapeProps = { kind: AnnotationKind; points: readonly PixelPoint[]; placement: Placement; isSelected: boolean };

function Shape({ kind, points, placement, isSelected }: ShapeProps) {
  const places = points.map((point) => toCell(placement, point));
  const stroke = isSelected ? 'stroke-attention' : 'stroke-strong';
  return (
    <>
      {kind === 'ellipse' && (
        <>
          <Ellipse points={points} placement={placement} width={CASING_PX} className="fill-transparent stroke-black/60" />
          <Ellipse points={points} placement={placement} width={1.5} className={cx('shape fill-transparent', stroke)} />
        </>
      )}
      {linesOf(kind, points).map((line) => (
        <Line key={line.join()} line={line} placement={placement} hasTip={kind === 'arrow'} className={stroke} />
      ))}
      {places.map(({ x, y }, index) => (
        <circle
          // biome-ignore lint/suspicious/noArrayIndexKey: a point is its place among the points
          key={index}
          cx={x}
          cy={y}
          r={kind === 'arrow' ? 2 : GRIP_PX}
          className={cx('shape fill-black/40', stroke)}
          strokeWidth={1.25}
        />
      ))}
    </>
  );
}

function Line({ line, placement, hasTip, className }: { line: Stroke; placement: Placement; hasTip: boolean; className: string }) {
  const [from, to] = [toCell(placement, line[0]), toCell(placement, line[1])];
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const wing = (turn: number): string => `${to.x - 12 * Math.cos(angle + turn)},${to.y - 12 * Math.sin(angle + turn)}`;
  return (
    <>
      <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} className="stroke-transparent" strokeWidth={TARGET_PX} />
      <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} className="stroke-black/60" strokeWidth={CASING_PX} />
      <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} className={cx('shape', className)} strokeWidth={1.5} />
      {hasTip && (
        <polyline points={`${wing(0.4)} ${to.x},${to.y} ${wing(-0.4)}`} fill="none" className={cx('shape', className)} strokeWidth={1.5} />
      )}
    </>
  );
}

type EllipseProps = { points: readonly PixelPoint[]; placement: Placement; width: number; className: string };

function Ellipse({ points, placement, width, className }: EllipseProps) {
  const [bottom, top, left, right] = points.map((point) => toCell(placement, point));
  if (!bottom || !top || !left || !right) return null;
  // Half of each axis: where the plane was turned they are neither upright nor lying.
  const [across, down] = [
    { x: (right.x - left.x) / 2, y: (right.y - left.y) / 2 },
    { x: (bottom.x - top.x) / 2, y: (bottom.y - top.y) / 2 },
  ];
  return (
    <circle
      r={1}
      transform={`matrix(${across.x} ${across.y} ${down.x} ${down.y} ${(left.x + right.x) / 2} ${(top.y + bottom.y) / 2})`}
      vectorEffect="non-scaling-stroke"
      strokeWidth={width}
      className={className}
    />
  );
}

function Caption({ lines, at }: { lines: readonly string[]; at: { x: number; y: number } }) {
  return (
    <text x={at.x} y={at.y} className="fill-strong text-sm tabular-nums [paint-order:stroke]" stroke="#000" strokeWidth={3}>
      {lines.map((line, index) => (
        <tspan key={line} x={at.x} dy={index === 0 ? 0 : LINE_PX}>
          {/* The space keeps the lines apart for who reads them as one text. */}
          {`${line} `}
        </tspan>
      ))}
    </text>
  );
}

/** Right of the lowest point on the screen. */
function captionPlace(points: readonly PixelPoint[], placement: Placement): { x: number; y: number } {
  const places = points.map((point) => toCell(placement, point));
  return { x: Math.max(...places.map(({ x }) => x)) + 10, y: Math.min(...places.map(({ y }) => y)) + 4 };
}

/** The figures as a reader writes them, and what they cannot be trusted for. */
function linesOfText({ kind, label, readings }: Annotation, { info }: DrawnOn): string[] {
  const isLong = readings.length > 1;
  const figures = readings.map(({ name, value, unit }) => {
    const figure = `${decimal(value, name === 'ratio' ? 2 : 1)}${unitSuffix(unit)}`;
    return isLong ? `${text.readings[name]} ${figure}` : figure;
  });
  const isMetric = kind === 'length' || kind === 'rectangle' || kind === 'ellipse';
  const note = !isMetric ? [] : info.spacing ? (info.spacingAt === 'detector' ? [text.atDetector] : []) : [text.noSpacing];
  return [...(label ? [label] : []), ...figures, ...note];
}

function unitSuffix(unit: string): string {
  if (unit === 'deg') return '\u00b0';
  const named = unit.startsWith('{pixels}') ? unit.replace('{pixels}', 'px').replace('2', '\u00b2') : unitText(unit);
  return named === '' ? '' : ` ${named}`;
}

function measureAnew(annotation: Annotation, frame: DrawnOn, store: AnnotationStore): void {
  if (frame.space || annotation.isInSpace) return;
  const again = measured(annotation, frame);
  if (again.readings.length > 0) store.put(again);
}

import { type PointerEvent, useRef } from 'react';
import { add, type Vector } from '../../imaging/vector.ts';
import { viewerWords as text } from '../strings/viewer/words.ts';
import { cx } from '../ui/cx.ts';
import type { PlaneView } from './engine/volume-views.ts';
import { cutOf, PLANE_NAMES, type PlaneDirections, type PlaneName } from './plane-directions.ts';

/** Each plane's line has its own color and its own dashes in the other two. */
const LINES: Readonly<Record<PlaneName, string>> = {
  axial: 'stroke-ai',
  sagittal: 'stroke-attention [stroke-dasharray:8_4]',
  coronal: 'stroke-accepted [stroke-dasharray:2_4]',
};
/** Of the shorter side of the cell: how far from the crosshair a line is taken to turn it. */
const HANDLE_SHARE = 0.36;
/** What the pointer must hit: WCAG 2.2 asks for 24 pixels. */
const TARGET_PX = 12;

type PlaneLinesProps = {
  plane: PlaneName;
  view: PlaneView;
  point: Vector;
  directions: PlaneDirections;
  size: { width: number; height: number };
  /** While something is drawn, lines are not taken. */
  canTurn: boolean;
  /** Counterclockwise, degrees. */
  onTurn: (degrees: number) => void;
};

/** Where the other two planes cut through this one; a drag at the end of a line turns both. */
export function PlaneLines({ plane, view, point, directions, size, canTurn, onTurn }: PlaneLinesProps) {
  const last = useRef<number | null>(null);
  const center = view.toCell(point);
  const reach = Math.min(size.width, size.height) * HANDLE_SHARE;
  const angleAt = (event: PointerEvent): number => {
    const box = event.currentTarget.closest('section')?.getBoundingClientRect();
    return Math.atan2(event.clientY - (box?.top ?? 0) - center.y, event.clientX - (box?.left ?? 0) - center.x);
  };
  const handlers = {
    onPointerDown: (event: PointerEvent) => {
      event.stopPropagation();
      event.currentTarget.setPointerCapture(event.pointerId);
      last.current = angleAt(event);
    },
    onPointerMove: (event: PointerEvent) => {
      if (last.current === null) return;
      event.stopPropagation();
      const now = angleAt(event);
      // The short way around; downwards is positive on a screen.
      const turned = Math.atan2(Math.sin(last.current - now), Math.cos(last.current - now));
      last.current = now;
      if (turned !== 0) onTurn((turned * 180) / Math.PI);
    },
    onPointerUp: () => {
      last.current = null;
    },
  };
  return (
    <svg className="pointer-events-none absolute inset-0 size-full" aria-hidden="true">
      {PLANE_NAMES.filter((name) => name !== plane).map((name) => {
        const ahead = view.toCell(add(point, cutOf(directions, plane, name)));
        const length = Math.hypot(ahead.x - center.x, ahead.y - center.y) || 1;
        const [x, y] = [(ahead.x - center.x) / length, (ahead.y - center.y) / length];
        const far = size.width + size.height;
        return (
          <g key={name}>
            <line
              x1={center.x - far * x}
              y1={center.y - far * y}
              x2={center.x + far * x}
              y2={center.y + far * y}
              className={cx('opacity-80', LINES[name])}
            />
            {canTurn &&
              [-reach, reach].map((at) => (
                <g key={at} data-turn={name} className="pointer-events-auto cursor-grab active:cursor-grabbing" {...handlers}>
                  <title>{text.turnPlanes}</title>
                  <circle cx={center.x + at * x} cy={center.y + at * y} r={TARGET_PX} className="fill-transparent" />
                  <circle
                    cx={center.x + at * x}
                    cy={center.y + at * y}
                    r={4}
                    className={cx('fill-black [stroke-dasharray:none]', LINES[name])}
                  />
                </g>
              ))}
          </g>
        );
      })}
    </svg>
  );
}

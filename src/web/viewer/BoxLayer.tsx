import type { Box, Finding } from '../../contract/findings.ts';
import { findingTitle } from '../strings/clinical/words.ts';
import { cx } from '../ui/cx.ts';
import { type Placement, toCell } from './view-geometry.ts';

const STROKE: Record<Finding['status'], string> = {
  proposed: 'stroke-ai',
  accepted: 'stroke-accepted',
  edited: 'stroke-accepted',
  rejected: 'stroke-faint [stroke-dasharray:4_4]',
};
const LABEL: Record<Finding['status'], string> = {
  proposed: 'bg-ai',
  accepted: 'bg-accepted',
  edited: 'bg-accepted',
  rejected: 'bg-faint',
};

type BoxLayerProps = {
  /** All findings: a box carries the number that its finding has in the list. */
  findings: readonly Finding[];
  here: readonly Finding[];
  placement: Placement;
  selectedId: string | null;
  onSelect: (id: string) => void;
};

/** The boxes of the findings on this frame, in the frame's pixel coordinates. */
export function BoxLayer({ findings, here, placement, selectedId, onSelect }: BoxLayerProps) {
  const boxed = here.flatMap((finding) => (finding.box ? [{ finding, box: finding.box }] : []));
  const { a, b, c, d, e, f } = placement;
  return (
    <>
      <svg className="pointer-events-none absolute inset-0 size-full" aria-hidden="true">
        <g transform={`matrix(${a} ${b} ${c} ${d} ${e} ${f})`}>
          {boxed.map(({ finding, box }) => (
            <rect
              key={finding.id}
              {...box}
              fill="none"
              vectorEffect="non-scaling-stroke"
              className={STROKE[finding.status]}
              strokeWidth={finding.id === selectedId ? 2.5 : 1.25}
            />
          ))}
        </g>
      </svg>
      {boxed.map(({ finding, box }) => {
        const { x, y } = topLeft(placement, box);
        return (
          <button
            key={finding.id}
            type="button"
            title={findingTitle(finding)}
            // What is read on it comes first in its name.
            aria-label={`${findings.indexOf(finding) + 1} ${findingTitle(finding)}`}
            aria-pressed={finding.id === selectedId}
            onClick={() => onSelect(finding.id)}
            className={cx(
              'absolute flex h-6 min-w-6 -translate-y-full items-center justify-center rounded-sm px-1 text-xs font-semibold text-on-strong',
              LABEL[finding.status],
            )}
            style={{ left: x, top: y }}
          >
            {findings.indexOf(finding) + 1}
          </button>
        );
      })}
    </>
  );
}

/** Of the box as it lies on the screen, which may be turned and mirrored. */
function topLeft(placement: Placement, { x, y, width, height }: Box): { x: number; y: number } {
  const corners = [
    [x, y],
    [x + width, y],
    [x, y + height],
    [x + width, y + height],
  ].map(([column = 0, row = 0]) => toCell(placement, [column, row]));
  return { x: Math.min(...corners.map((corner) => corner.x)), y: Math.min(...corners.map((corner) => corner.y)) };
}

import type { FrameInfo } from './frame-info.ts';
import { referenceLine } from './linked-index.ts';
import { type Placement, toCell } from './view-geometry.ts';

type ReferenceLinesProps = { info: FrameInfo; placement: Placement; others: readonly FrameInfo[] };

/** Where the frames of the other cells cut through this one. */
export function ReferenceLines({ info, placement, others }: ReferenceLinesProps) {
  const lines = others.flatMap((other) => {
    const line = referenceLine(info, other);
    return line ? [line.map((point) => toCell(placement, point))] : [];
  });
  return (
    <svg className="pointer-events-none absolute inset-0 size-full" aria-hidden="true">
      {lines.map(([from, to]) => (
        <line
          key={`${from?.x},${from?.y},${to?.x},${to?.y}`}
          x1={from?.x}
          y1={from?.y}
          x2={to?.x}
          y2={to?.y}
          className="stroke-attention [stroke-dasharray:6_4]"
          strokeWidth={1}
        />
      ))}
    </svg>
  );
}

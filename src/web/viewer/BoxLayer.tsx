import type { Finding } from '../../contract/findings.ts';
import { cx } from '../ui/cx.ts';

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
  columns: number;
  rows: number;
  selectedId: string | null;
  onSelect: (id: string) => void;
};

/** The boxes of the findings on this frame, in the frame's pixel coordinates. */
export function BoxLayer({ findings, here, columns, rows, selectedId, onSelect }: BoxLayerProps) {
  const boxed = here.flatMap((finding) => (finding.box ? [{ finding, box: finding.box }] : []));
  return (
    <>
      <svg
        className="pointer-events-none absolute inset-0 size-full overflow-visible"
        viewBox={`0 0 ${columns} ${rows}`}
        aria-hidden="true"
      >
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
      </svg>
      {boxed.map(({ finding, box }) => (
        <button
          key={finding.id}
          type="button"
          title={finding.title}
          aria-label={finding.title}
          aria-pressed={finding.id === selectedId}
          onClick={() => onSelect(finding.id)}
          className={cx(
            'absolute flex h-4 min-w-4 -translate-y-full items-center justify-center rounded-sm px-1 text-xs font-semibold text-on-strong',
            LABEL[finding.status],
          )}
          style={{ left: `${(100 * box.x) / columns}%`, top: `${(100 * box.y) / rows}%` }}
        >
          {findings.indexOf(finding) + 1}
        </button>
      ))}
    </>
  );
}

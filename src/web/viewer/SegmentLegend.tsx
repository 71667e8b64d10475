import type { Segment } from '../../imaging/segmentation.ts';
import { viewerWords as text } from '../strings/viewer/words.ts';

type SegmentLegendProps = {
  /** By the id under which each is hidden and shown. */
  segments: readonly (readonly [id: string, segment: Segment])[];
  hidden: ReadonlySet<string>;
  onToggle: (id: string) => void;
  className: string;
};

/** The segments that are seen here; each is hidden and shown again by its name. */
export function SegmentLegend({ segments, hidden, onToggle, className }: SegmentLegendProps) {
  return (
    <ul aria-label={text.segments} className={`flex max-w-48 flex-col gap-0.5 text-sm ${className}`}>
      {segments.map(([id, { label, color }]) => (
        <li key={id}>
          <button
            type="button"
            aria-pressed={!hidden.has(id)}
            onClick={() => onToggle(id)}
            className="flex h-6 items-center gap-1.5 rounded-sm bg-black/50 px-1.5 aria-[pressed=false]:text-faint aria-[pressed=false]:line-through"
          >
            <span className="max-w-36 truncate">{label}</span>
            <span aria-hidden className="size-2.5 rounded-sm" style={{ background: `rgb(${color.join(' ')})` }} />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** With what was shown hidden, or the other way round. */
export function toggled(hidden: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return hidden.has(id) ? new Set([...hidden].filter((item) => item !== id)) : new Set([...hidden, id]);
}

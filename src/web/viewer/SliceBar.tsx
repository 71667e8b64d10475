import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { Finding } from '../../contract/findings.ts';
import { strings } from '../strings/strings.ts';
import { IconButton } from '../ui/Button.tsx';
import type { Stack } from './stack.ts';

const text = strings.viewer;
/** Half of the slider's thumb: marks line up with its centre. */
const THUMB_INSET_PX = 6.5;

type SliceBarProps = { stack: Stack; index: number; onMove: (index: number) => void; findings: readonly Finding[] };

/** The stack as a line; small marks show where findings are. */
export function SliceBar({ stack, index, onMove, findings }: SliceBarProps) {
  const last = stack.frames.length - 1;
  const marks = findings.flatMap((finding) => {
    const at = stack.frames.findIndex(
      (item) => item.instance.sop_instance_uid === finding.sop_instance_uid && item.frame === (finding.frame ?? 1),
    );
    return at < 0 ? [] : [{ id: finding.id, share: at / last, rejected: finding.status === 'rejected' }];
  });
  // A range input takes Down for "less"; everywhere else in the viewer Down is the next slice.
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    onMove(Math.max(0, Math.min(last, index + (event.key === 'ArrowDown' ? 1 : -1))));
  };
  return (
    // As the stack lies, in every language.
    <div dir="ltr" className="flex h-9 shrink-0 items-center gap-1 border-t border-line bg-surface px-2">
      <IconButton icon={ChevronLeft} label={text.previous} disabled={index === 0} onClick={() => onMove(index - 1)} />
      <div className="relative flex grow items-center">
        {marks.map(({ id, share, rejected }) => (
          <span
            key={id}
            aria-hidden
            className={`pointer-events-none absolute top-0 h-1.5 w-0.5 ${rejected ? 'bg-line-strong' : 'bg-ai'}`}
            style={{ left: `calc(${THUMB_INSET_PX}px + ${share} * (100% - ${2 * THUMB_INSET_PX}px))` }}
          />
        ))}
        <input
          type="range"
          className="range w-full"
          aria-label={text.slice}
          aria-valuetext={`${index + 1} / ${last + 1}`}
          min={0}
          max={last}
          value={index}
          onKeyDown={keys}
          onChange={(event) => onMove(event.target.valueAsNumber)}
        />
      </div>
      <IconButton icon={ChevronRight} label={text.next} disabled={index === last} onClick={() => onMove(index + 1)} />
      <span className="min-w-18 text-end text-sm text-muted tabular-nums">
        {index + 1} / {last + 1}
      </span>
    </div>
  );
}

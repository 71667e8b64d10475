import { TimerOff } from 'lucide-react';
import type { ReadingItem } from '../../contract/reading-list.ts';
import { dateTime } from '../format.ts';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { duration } from './duration.ts';
import { useNow } from './use-now.ts';

/** How long a study has waited, or how long it took; the times of its way are told on hover. */
export function Waiting({ item }: { item: ReadingItem }) {
  const now = useNow();
  const arrived = Date.parse(item.created_at);
  const isSigned = item.reading_status === 'signed';
  const span = (isSigned && item.signed_at ? Date.parse(item.signed_at) : now) - arrived;
  const late = now - Date.parse(item.due_at);
  const isLate = !isSigned && late > 0;
  const aim = isSigned ? text.turnaround(duration(span)) : isLate ? text.overdueBy(duration(late)) : text.dueIn(duration(-late));
  return (
    <span className="relative z-1 inline-flex items-center gap-1 tabular-nums" title={[aim, ...timesOf(item)].join('\n')}>
      {isLate && <TimerOff aria-hidden size={13} className="shrink-0 text-attention" />}
      <span className={isLate ? 'text-attention' : isSigned ? 'text-faint' : 'text-muted'}>{duration(span)}</span>
      <span className="sr-only">{aim}</span>
    </span>
  );
}

function timesOf({ created_at, first_opened_at, drafted_at, signed_at }: ReadingItem): string[] {
  const { arrived, opened, drafted, signed } = text.times;
  const times = [
    [arrived, created_at],
    [opened, first_opened_at],
    [drafted, drafted_at],
    [signed, signed_at],
  ] as const;
  return times.flatMap(([name, at]) => (at ? [`${name}: ${dateTime(at)}`] : []));
}

import { TimerOff } from 'lucide-react';
import type { CriticalResult } from '../../contract/critical-results.ts';
import { dateTime } from '../format.ts';
import { worklistWords } from '../strings/worklist/words.ts';
import { duration } from '../worklist/duration.ts';
import { useNow } from '../worklist/use-now.ts';

/** How long there still is to tell somebody, or how late it is; when it was due, once somebody knows. */
export function DueTime({ result: { status, due_at } }: { result: CriticalResult }) {
  const late = useNow() - Date.parse(due_at);
  if (status !== 'open') return <span className="text-faint tabular-nums">{dateTime(due_at)}</span>;
  return (
    <span className="inline-flex items-center gap-1 tabular-nums" title={dateTime(due_at)}>
      {late > 0 && <TimerOff aria-hidden size={13} className="shrink-0 text-critical" />}
      <span className={late > 0 ? 'text-critical' : ''}>
        {late > 0 ? worklistWords.overdueBy(duration(late)) : worklistWords.dueIn(duration(-late))}
      </span>
    </span>
  );
}

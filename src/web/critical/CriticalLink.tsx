import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Siren } from 'lucide-react';
import { useRights } from '../rights.ts';
import { criticalWords as text } from '../strings/critical/words.ts';
import { cx } from '../ui/cx.ts';
import { criticalCountQuery } from './critical-queries.ts';

/** From the worklist to the critical results, with how many wait; not shown to who writes no reports. */
export function CriticalLink() {
  const may = useRights()?.('report:write') === true;
  const { data } = useQuery({ ...criticalCountQuery, enabled: may });
  if (!may) return null;
  const isLate = (data?.overdue ?? 0) > 0;
  return (
    <Link
      to="/critical-results"
      className={cx(
        'ms-auto inline-flex h-7 shrink-0 items-center gap-1.5 rounded-md px-2 whitespace-nowrap hover:bg-hover',
        isLate ? 'text-critical' : 'text-muted hover:text-text',
      )}
    >
      <Siren aria-hidden size={14} className="shrink-0" />
      {text.title}
      {data && data.waiting > 0 && (
        <span className="rounded-sm bg-hover px-1.5 text-sm text-text tabular-nums">
          {data.waiting}
          {data.hasMore && '+'}
        </span>
      )}
      {isLate && <span className="text-sm">{text.late(data?.overdue ?? 0)}</span>}
    </Link>
  );
}

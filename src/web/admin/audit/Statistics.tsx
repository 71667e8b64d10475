import { useQuery } from '@tanstack/react-query';
import type { AuditStatistics } from '../../../contract/audit.ts';
import { AUDIT_ACTIONS, type AuditOutcome } from '../../../contract/audit-terms.ts';
import { auditWords as text } from '../../strings/audit/words.ts';
import { intlLocale } from '../../strings/locale.ts';
import { strings } from '../../strings/strings.ts';
import { Card } from '../../ui/Card.tsx';
import { cx } from '../../ui/cx.ts';
import { Skeleton } from '../../ui/EmptyState.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { statisticsQuery } from './audit-queries.ts';

const DAY_MS = 86_400_000;
const OUTCOMES = ['success', 'refused', 'failed'] as const satisfies readonly AuditOutcome[];
const FILLS: Record<AuditOutcome, string> = { success: 'bg-control', refused: 'bg-attention', failed: 'bg-critical' };
const MOST_ACTORS = 12;

/** What was done in the last 30 days, on which days and by whom. */
export function Statistics() {
  const statistics = useQuery(statisticsQuery);
  if (statistics.isPending) return <Skeleton rows={8} label={strings.common.loading} />;
  if (statistics.isError)
    return (
      <div className="p-4">
        <ProblemNote error={statistics.error} />
      </div>
    );
  const { data } = statistics;
  const byAction = AUDIT_ACTIONS.map((action) => ({
    id: action,
    label: text.actions[action],
    count: sum(data.days.filter((day) => day.action === action)),
  }));
  const byActor = data.actors.slice(0, MOST_ACTORS).map(({ actor_name, actor_kind, actor_id, count }) => ({
    id: `${actor_kind} ${actor_id}`,
    label: actor_name ?? text.kinds[actor_kind],
    count,
  }));
  return (
    <div className="grid h-full auto-rows-max grid-cols-[minmax(0,1fr)] gap-4 overflow-y-auto p-4 lg:grid-cols-2">
      <Card title={`${text.stats.perDay} \u00b7 ${text.stats.days}`} className="lg:col-span-2">
        <Days statistics={data} />
      </Card>
      <Card title={text.stats.byAct}>
        <Bars rows={byAction.filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count)} />
      </Card>
      <Card title={text.stats.byActor}>
        <Bars rows={byActor} />
      </Card>
    </div>
  );
}

/** A bar for each day, with its refusals and failures on top, and the numbers in words for who does not see it. */
function Days({ statistics: { from, to, days, entries } }: { statistics: AuditStatistics }) {
  const first = Date.parse(from.slice(0, 10));
  const names = Array.from({ length: Math.floor((Date.parse(to) - first) / DAY_MS) + 1 }, (_, index) =>
    new Date(first + index * DAY_MS).toISOString().slice(0, 10),
  );
  const counts = names.map((day) =>
    Object.fromEntries(OUTCOMES.map((outcome) => [outcome, sum(days.filter((part) => part.day === day && part.outcome === outcome))])),
  ) as Record<AuditOutcome, number>[];
  const most = Math.max(1, ...counts.map((count) => count.success + count.refused + count.failed));
  const total = (outcome: AuditOutcome): number => sum(days.filter((part) => part.outcome === outcome));
  return (
    <>
      <p className="flex flex-wrap gap-x-5 gap-y-1 pb-3">
        <span>
          <b className="text-lg font-semibold tabular-nums">{whole(entries)}</b> <span className="text-muted">{text.stats.total}</span>
        </span>
        {OUTCOMES.map((outcome) => (
          <span key={outcome} className="inline-flex items-center gap-1.5 text-muted">
            <span aria-hidden className={cx('size-2.5 rounded-sm', FILLS[outcome])} />
            {text.outcomes[outcome]} <span className="text-text tabular-nums">{whole(total(outcome))}</span>
          </span>
        ))}
      </p>
      <div aria-hidden dir="ltr" className="flex h-32 items-end gap-0.5 border-b border-line">
        {counts.map((count, index) => (
          <div
            key={names[index]}
            title={`${shortDay(names[index] ?? '')}: ${whole(count.success + count.refused + count.failed)}`}
            className="flex h-full min-w-0 grow flex-col justify-end hover:bg-hover"
          >
            {OUTCOMES.toReversed().map((outcome) => (
              <div key={outcome} className={FILLS[outcome]} style={{ height: `${(100 * count[outcome]) / most}%` }} />
            ))}
          </div>
        ))}
      </div>
      <div aria-hidden dir="ltr" className="flex justify-between pt-1 text-sm text-faint tabular-nums">
        <span>{shortDay(names[0] ?? '')}</span>
        <span>{shortDay(names.at(-1) ?? '')}</span>
      </div>
      <table className="sr-only">
        <caption>{text.stats.perDay}</caption>
        <thead>
          <tr>
            <th>{text.stats.day}</th>
            {OUTCOMES.map((outcome) => (
              <th key={outcome}>{text.outcomes[outcome]}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {counts.map((count, index) => (
            <tr key={names[index]}>
              <th>{names[index]}</th>
              {OUTCOMES.map((outcome) => (
                <td key={outcome}>{count[outcome]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Bars({ rows }: { rows: readonly { id: string; label: string; count: number }[] }) {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <ul className="flex flex-col gap-1">
      {rows.map(({ id, label, count }) => (
        <li key={id} className="grid grid-cols-[9rem_minmax(0,1fr)_4rem] items-center gap-3">
          <bdi className="truncate">{label}</bdi>
          <span aria-hidden className="h-2 overflow-hidden rounded-sm bg-hover">
            <span className="block h-full bg-control" style={{ width: `${(100 * count) / most}%` }} />
          </span>
          <span className="text-end text-muted tabular-nums">{whole(count)}</span>
        </li>
      ))}
    </ul>
  );
}

function sum(parts: readonly { count: number }[]): number {
  return parts.reduce((total, { count }) => total + count, 0);
}

function whole(count: number): string {
  return count.toLocaleString(intlLocale());
}

function shortDay(day: string): string {
  return new Date(`${day}T12:00:00Z`).toLocaleDateString(intlLocale(), { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

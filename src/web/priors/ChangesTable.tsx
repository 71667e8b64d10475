import { useQuery } from '@tanstack/react-query';
import { type LucideIcon, Minus, TrendingDown, TrendingUp } from 'lucide-react';
import type { LesionChange, StudyChanges } from '../../contract/priors.ts';
import { decimal } from '../format.ts';
import { figure, signedFigure } from '../measurements/figures.ts';
import { compareWords as text } from '../strings/measurements/words.ts';
import { Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { changesQuery } from './prior-queries.ts';

const ICONS: Readonly<Record<LesionChange['change']['direction'], LucideIcon>> = { larger: TrendingUp, smaller: TrendingDown, same: Minus };

/** What was measured in both studies: each number then and now, and how it changed, with an arrow and a word. */
export function ChangesTable({ uid, prior }: { uid: string; prior: string }) {
  const { data, error, isPending } = useQuery(changesQuery(uid, prior));
  return (
    <section aria-labelledby="changes" className="border-b border-line pb-3">
      <h3 id="changes" className="px-4 pt-4 pb-1.5 text-sm font-medium text-muted">
        {data?.days == null ? text.changes : text.changesIn(data.days)}
      </h3>
      {isPending && <Skeleton rows={2} label={text.loading} />}
      {error && (
        <div className="px-4">
          <ProblemNote error={error} />
        </div>
      )}
      {data && data.items.length === 0 && <p className="px-4 text-muted">{text.nothingTracked}</p>}
      {data && data.items.length > 0 && (
        <ul>
          {data.items.map((item) => (
            <ChangeRow key={`${item.tracking_uid} ${item.quantity} ${item.unit}`} item={item} />
          ))}
        </ul>
      )}
      {data?.sum_of_diameters && data.sum_of_diameters.lesions > 1 && <Sum sum={data.sum_of_diameters} />}
      {data && data.items.length > 0 && <p className="px-4 pt-2 text-sm text-faint">{text.arithmetic}</p>}
    </section>
  );
}

function ChangeRow({ item }: { item: LesionChange }) {
  const { label, quantity, unit, prior, present, change, doubling_time_days: doubling } = item;
  return (
    <li className="px-4 py-1.5" data-change={change.direction}>
      <p className="flex items-baseline gap-2">
        <span className="min-w-0 grow truncate font-medium">
          <bdi>{label}</bdi> <span className="font-normal text-muted">{text.quantities[quantity]}</span>
        </span>
        <bdi dir="ltr" className="shrink-0 tabular-nums">
          {figure(prior, unit)} → {figure(present, unit)}
        </bdi>
      </p>
      <Changed change={change} unit={unit} />
      {doubling !== null && (
        <p className="text-sm text-faint">{doubling > 0 ? text.doubling(decimal(doubling, 0)) : text.halving(decimal(-doubling, 0))}</p>
      )}
    </li>
  );
}

function Changed({ change: { direction, absolute, percent }, unit }: { change: LesionChange['change']; unit: string }) {
  const Icon = ICONS[direction];
  return (
    <p className="flex items-center gap-1.5 text-muted">
      <Icon aria-hidden size={14} className="shrink-0" />
      <span>{text.directions[direction]}</span>
      {direction !== 'same' && (
        <bdi dir="ltr" className="tabular-nums">
          {signedFigure(absolute, unit)}
          {percent !== null && ` (${percent > 0 ? '+' : ''}${decimal(percent, 0)} %)`}
        </bdi>
      )}
    </p>
  );
}

function Sum({ sum }: { sum: NonNullable<StudyChanges['sum_of_diameters']> }) {
  return (
    <div className="mx-4 mt-1.5 border-t border-line pt-1.5">
      <p className="flex items-baseline gap-2">
        <span className="grow font-medium">{text.sum(sum.lesions)}</span>
        <bdi dir="ltr" className="tabular-nums">
          {figure(sum.prior_mm, 'mm')} → {figure(sum.present_mm, 'mm')}
        </bdi>
      </p>
      <Changed change={sum.change} unit="mm" />
      <p className="text-sm text-faint">{text.thresholds[sum.threshold]}</p>
    </div>
  );
}

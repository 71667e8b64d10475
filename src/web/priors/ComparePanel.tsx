import { CalendarClock } from 'lucide-react';
import type { Prior } from '../../contract/priors.ts';
import { dicomDate } from '../format.ts';
import { compareWords as text } from '../strings/measurements/words.ts';
import { cx } from '../ui/cx.ts';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { ChangesTable } from './ChangesTable.tsx';
import { HangingControls } from './HangingControls.tsx';
import type { Comparison } from './use-comparison.ts';

/** How the pictures hang, beside which prior, and what has changed since. */
export function ComparePanel({ uid, comparison }: { uid: string; comparison: Comparison }) {
  const { priors, chosen, choose, isLoading, error, openError } = comparison;
  return (
    <div className="flex flex-col">
      <HangingControls hanging={comparison.hanging} />
      {chosen && <ChangesTable uid={uid} prior={chosen.study_instance_uid} />}
      <h3 id="priors" className="px-4 pt-4 pb-1.5 text-sm font-medium text-muted">
        {text.priors}
      </h3>
      {openError !== null && openError !== undefined && (
        <div className="px-4 pb-3">
          <ProblemNote error={openError} />
        </div>
      )}
      {isLoading && <Skeleton rows={3} label={text.loading} />}
      {error !== null && error !== undefined && (
        <div className="p-4">
          <ProblemNote error={error} />
        </div>
      )}
      {!isLoading && !error && priors.length === 0 && <EmptyState icon={CalendarClock} title={text.none} detail={text.noneDetail} />}
      {priors.length > 0 && (
        <div role="radiogroup" aria-labelledby="priors" className="border-t border-line">
          <Choice title={text.without} isChosen={chosen === null} onChoose={() => choose(null)} />
          {priors.map((prior) => (
            <PriorChoice
              key={prior.study_instance_uid}
              prior={prior}
              isChosen={chosen?.study_instance_uid === prior.study_instance_uid}
              onChoose={() => choose(prior)}
            />
          ))}
        </div>
      )}
    </div>
  );
}

type PriorChoiceProps = { prior: Prior; isChosen: boolean; onChoose: () => void };

function PriorChoice({ prior, isChosen, onChoose }: PriorChoiceProps) {
  const { study_date, modalities, description, days, reasons, is_reported } = prior;
  const notes = [...reasons.map((reason) => text.reasons[reason]), ...(is_reported ? [text.reported] : [])];
  return (
    <Choice
      title={`${dicomDate(study_date) || text.noDate}  ${modalities.join(', ')}`}
      aside={days === null ? null : text.before(days)}
      isChosen={isChosen}
      onChoose={onChoose}
    >
      {description && (
        <span dir="auto" className="truncate text-text rtl:text-right">
          {description}
        </span>
      )}
      {notes.length > 0 && <span className="text-sm text-faint">{notes.join(' · ')}</span>}
    </Choice>
  );
}

type ChoiceProps = { title: string; aside?: string | null; isChosen: boolean; onChoose: () => void; children?: React.ReactNode };

function Choice({ title, aside, isChosen, onChoose, children }: ChoiceProps) {
  return (
    <label
      className={cx(
        'flex cursor-pointer items-start gap-2.5 border-b border-line px-4 py-2 -outline-offset-2 hover:bg-raised has-focus-visible:outline-2 has-focus-visible:outline-focus',
        isChosen && 'bg-raised',
      )}
    >
      <input type="radio" name="prior" checked={isChosen} onChange={onChoose} className="mt-1 accent-(--strong) outline-none" />
      <span className="flex min-w-0 grow flex-col">
        <span className="flex items-baseline gap-2">
          <span className="grow font-medium tabular-nums">{title}</span>
          {aside && <span className="shrink-0 text-sm text-faint tabular-nums">{aside}</span>}
        </span>
        {children}
      </span>
    </label>
  );
}

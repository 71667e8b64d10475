import { Check } from 'lucide-react';
import { diagnosisWords as text } from '../strings/diagnosis/words.ts';
import { cx } from '../ui/cx.ts';

export const ALL_STEPS = ['patient', 'images', 'complaints', 'preferences', 'progress', 'results', 'report'] as const;
export type AnyStep = (typeof ALL_STEPS)[number];

type WizardStepsProps = {
  current: AnyStep;
  done: ReadonlySet<AnyStep>;
  /** Steps that can be gone back to; left out where there is no way back. */
  onGo?: (step: AnyStep) => void;
};

/** From the patient to the report: where one is, and what is done. */
export function WizardSteps({ current, done, onGo }: WizardStepsProps) {
  return (
    <nav aria-label={text.steps} className="relative overflow-x-auto">
      <ol className="flex min-w-max items-center gap-1">
        {ALL_STEPS.map((step, index) => {
          const isCurrent = step === current;
          const isDone = done.has(step) && !isCurrent;
          const inside = (
            <>
              <span
                aria-hidden
                className={cx(
                  'flex size-5 shrink-0 items-center justify-center rounded-full border text-xs tabular-nums',
                  isCurrent ? 'border-strong bg-strong text-on-strong' : isDone ? 'border-accepted text-accepted' : 'border-line-strong',
                )}
              >
                {isDone ? <Check size={12} strokeWidth={2.5} /> : index + 1}
              </span>
              <span className={isCurrent ? '' : 'max-lg:sr-only'}>{text.stepNames[step]}</span>
              {isDone && <span className="sr-only">{text.stepDone}</span>}
            </>
          );
          const look = cx('flex h-8 items-center gap-2 rounded-md px-2', isCurrent ? 'font-medium' : 'text-muted');
          return (
            <li key={step} className="flex items-center gap-1" {...(isCurrent ? { 'aria-current': 'step' as const } : {})}>
              {index > 0 && <span aria-hidden className="h-px w-3 bg-line-strong" />}
              {onGo && (isDone || isCurrent) ? (
                <button type="button" className={cx(look, 'hover:bg-hover hover:text-text')} onClick={() => onGo(step)}>
                  {inside}
                </button>
              ) : (
                <span className={look}>{inside}</span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

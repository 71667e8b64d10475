import { Check, Crosshair, Sparkles } from 'lucide-react';
import type { Finding } from '../../contract/findings.ts';
import type { Statement } from '../../contract/reports.ts';
import { reportWords } from '../strings/report/words.ts';
import { cx } from '../ui/cx.ts';

const text = reportWords.ai;

type StatementListProps = {
  statements: readonly Statement[];
  findings: readonly Finding[];
  selectedId: string | null;
  onGoTo: (statement: Statement) => void;
  onConfirm: (isMeant: (statement: Statement) => boolean) => void;
};

/** Beside the text, in words: which of its sentences rests on which finding, and what nobody has reviewed yet. */
export function StatementList({ statements, findings, selectedId, onGoTo, onConfirm }: StatementListProps) {
  if (statements.length === 0) return null;
  const open = statements.filter(({ state }) => state === 'unreviewed');
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1 pt-1 text-sm">
      {open.length > 0 && (
        <>
          <span className="inline-flex items-center gap-1 font-medium text-ai">
            <Sparkles aria-hidden size={12} strokeWidth={2} />
            {text.unreviewed(open.length)}
          </span>
          <button
            type="button"
            onClick={() => onConfirm(() => true)}
            className="inline-flex h-6 items-center gap-1 rounded-sm border border-line-strong px-1.5 text-text hover:bg-hover"
          >
            <Check aria-hidden size={12} />
            {text.confirm}
          </button>
        </>
      )}
      <ul aria-label={text.evidence} className="flex flex-wrap items-center gap-1">
        {statements.map((statement) => {
          const number = findings.findIndex(({ id }) => id === statement.finding_id) + 1;
          const label = number > 0 ? text.finding(number) : text.measurement;
          return (
            <li key={`${statement.start} ${statement.finding_id}`}>
              <button
                type="button"
                aria-label={`${text.show(label)}, ${text.states[statement.state]}`}
                title={`${label}, ${text.states[statement.state]}`}
                onClick={() => onGoTo(statement)}
                className={cx(
                  'inline-flex h-6 min-w-6 items-center justify-center gap-1 rounded-sm px-1 tabular-nums hover:bg-hover',
                  statement.state === 'unreviewed' ? 'bg-ai-soft text-ai' : 'bg-raised text-muted',
                  statement.finding_id !== null && statement.finding_id === selectedId && 'outline outline-1 outline-line-strong',
                )}
              >
                {number > 0 ? number : <Crosshair aria-hidden size={12} />}
                {statement.state !== 'unreviewed' && <Check aria-hidden size={11} />}
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

import { OctagonX, TriangleAlert } from 'lucide-react';
import type { CheckIssue } from '../../contract/report-checks.ts';
import { reportWords } from '../strings/report/words.ts';
import { strings } from '../strings/strings.ts';

const text = reportWords.checks;
/** Places of one rule that are shown where nobody goes to them. */
const FEW = 2;

type CheckListProps = { issues: readonly CheckIssue[]; onGoTo?: (issue: CheckIssue) => void };

/** Each rule once, in words, with its places; choosing one leads there. */
export function CheckList({ issues, onGoTo }: CheckListProps) {
  const byRule = Map.groupBy(issues, ({ rule, severity }) => `${severity} ${rule}`);
  return (
    <ul className="flex flex-col">
      {[...byRule].map(([key, [first, ...others]]) => first && <Rule key={key} first={first} others={others} onGoTo={onGoTo} />)}
    </ul>
  );
}

type RuleProps = { first: CheckIssue; others: readonly CheckIssue[]; onGoTo: CheckListProps['onGoTo'] };

function Rule({ first, others, onGoTo }: RuleProps) {
  const isBlocking = first.severity === 'blocking';
  const Icon = isBlocking ? OctagonX : TriangleAlert;
  const all = [first, ...others];
  const shown = onGoTo ? all : all.slice(0, FEW);
  return (
    <li className="flex gap-2 border-b border-line px-4 py-2 last:border-b-0">
      <Icon aria-hidden size={14} className={`mt-0.5 shrink-0 ${isBlocking ? 'text-critical' : 'text-attention'}`} />
      <div className="flex min-w-0 grow flex-col gap-0.5">
        <p>
          <span className="sr-only">{isBlocking ? text.blocking : text.warning}: </span>
          {text.rules[first.rule]}
          {all.length > 1 && <span className="text-muted"> ({all.length})</span>}
        </p>
        {shown.map((issue) => (
          <Place key={`${issue.section} ${issue.start} ${issue.finding_ids.join(' ')}`} issue={issue} onGoTo={onGoTo} />
        ))}
        {shown.length < all.length && <p className="text-sm text-muted">…</p>}
        {first.citation && (
          <p className="text-sm text-faint">
            {text.source}: <bdi>{first.citation}</bdi>
          </p>
        )}
      </div>
    </li>
  );
}

function Place({ issue, onGoTo }: { issue: CheckIssue; onGoTo: CheckListProps['onGoTo'] }) {
  if (!issue.section && issue.finding_ids.length === 0) return null;
  const words = (
    <>
      {issue.section ? strings.report.sections[issue.section] : text.goTo}
      {issue.quote && (
        <>
          : <bdi>“{issue.quote}”</bdi>
        </>
      )}
    </>
  );
  if (!onGoTo) return <p className="line-clamp-2 text-sm text-muted">{issue.section && words}</p>;
  return (
    <button
      type="button"
      aria-label={`${text.goTo}: ${text.rules[issue.rule]} ${issue.quote ?? ''}`}
      onClick={() => onGoTo(issue)}
      className="-mx-1 min-h-6 rounded-sm px-1 text-start text-sm text-muted hover:bg-hover hover:text-text"
    >
      <span className="line-clamp-2">{words}</span>
    </button>
  );
}

import { OctagonX, TriangleAlert } from 'lucide-react';
import type { CheckIssue } from '../../contract/report-checks.ts';
import { reportWords } from '../strings/report/words.ts';
import { strings } from '../strings/strings.ts';

const text = reportWords.checks;

/** Each issue with its words and its place; choosing one leads there. */
export function CheckList({ issues, onGoTo }: { issues: readonly CheckIssue[]; onGoTo?: (issue: CheckIssue) => void }) {
  return (
    <ul>
      {issues.map((issue) => {
        const isBlocking = issue.severity === 'blocking';
        const Icon = isBlocking ? OctagonX : TriangleAlert;
        const content = (
          <>
            <Icon aria-hidden size={14} className={`mt-0.5 shrink-0 ${isBlocking ? 'text-critical' : 'text-attention'}`} />
            <span className="flex min-w-0 flex-col">
              <span>
                <span className="sr-only">{isBlocking ? text.blocking : text.warning}: </span>
                {text.rules[issue.rule]}
              </span>
              {issue.section && (
                <span className="text-sm text-muted">
                  {strings.report.sections[issue.section]}
                  {issue.quote && (
                    <>
                      : <bdi className="line-clamp-2">“{issue.quote}”</bdi>
                    </>
                  )}
                </span>
              )}
              {issue.citation && (
                <span className="text-sm text-faint">
                  {text.source}: <bdi>{issue.citation}</bdi>
                </span>
              )}
            </span>
          </>
        );
        return (
          <li
            key={`${issue.rule} ${issue.section} ${issue.start} ${issue.finding_ids.join(' ')}`}
            className="border-b border-line last:border-b-0"
          >
            {onGoTo ? (
              <button
                type="button"
                title={text.goTo}
                onClick={() => onGoTo(issue)}
                className="flex w-full gap-2 px-4 py-1.5 text-start -outline-offset-2 hover:bg-raised"
              >
                {content}
              </button>
            ) : (
              <div className="flex gap-2 py-1.5">{content}</div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

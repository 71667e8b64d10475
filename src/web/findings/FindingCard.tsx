import { useEffect, useRef } from 'react';
import type { Analysis } from '../../contract/analysis.ts';
import type { Finding } from '../../contract/findings.ts';
import { findingGist } from '../format.ts';
import { findingTitle } from '../strings/clinical/words.ts';
import { strings } from '../strings/strings.ts';
import { cx } from '../ui/cx.ts';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { ConfidenceBar } from './ConfidenceBar.tsx';
import { wordOf } from './CorrectionFields.tsx';
import { DecisionBadge } from './DecisionBadge.tsx';
import { Evidence } from './Evidence.tsx';
import { FindingHistory } from './FindingHistory.tsx';
import { ReviewActions } from './ReviewActions.tsx';
import { ReviewForm } from './ReviewForm.tsx';
import type { ReviewMode, ReviewMutation } from './use-review.ts';

type FindingCardProps = {
  finding: Finding;
  /** As on its box in the picture. */
  number: number;
  selected: boolean;
  onSelect: () => void;
  mode: ReviewMode;
  onMode: (mode: ReviewMode) => void;
  review: ReviewMutation;
  locked: boolean;
  run: Analysis | undefined;
};

/** One finding; the selected one shows its evidence and takes the decision. */
export function FindingCard({ finding, number, selected, onSelect, mode, onMode, review, locked, run }: FindingCardProps) {
  const card = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (selected) card.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  const mine = review.variables?.finding.id === finding.id;
  return (
    <li ref={card} className={cx('border-b border-line', selected && 'bg-raised')}>
      <button
        type="button"
        aria-expanded={selected}
        onClick={onSelect}
        className="flex w-full flex-col gap-2 px-4 py-2.5 text-start -outline-offset-2 hover:bg-raised"
      >
        <span className="flex w-full items-start gap-2">
          <span
            aria-hidden
            className="mt-0.5 flex h-4 min-w-4 shrink-0 items-center justify-center rounded-sm bg-hover px-1 text-xs font-semibold"
          >
            {number}
          </span>
          <span className={cx('grow font-medium', finding.status === 'rejected' && 'text-muted line-through')}>
            {findingTitle(finding)} <bdi className="font-normal text-muted">{findingGist(finding.evidence, wordOf)}</bdi>
          </span>
          <DecisionBadge status={finding.status} />
        </span>
        {finding.confidence !== null && <ConfidenceBar confidence={finding.confidence} threshold={finding.threshold} />}
        {finding.status === 'edited' && finding.text && (
          <span className="text-text">
            <bdi>{finding.text}</bdi>
          </span>
        )}
        {finding.status === 'rejected' && finding.reason && (
          <span className="text-muted">
            {strings.findings.reasonLabel}: <bdi>{finding.reason}</bdi>
          </span>
        )}
      </button>
      {selected && (
        <div className="flex flex-col gap-3 px-4 pb-3">
          <Evidence finding={finding} run={run} />
          <FindingHistory finding={finding} />
          {mode === null && !locked && <ReviewActions finding={finding} review={review} onMode={onMode} />}
          {mode !== null && !locked && (
            <ReviewForm key={mode} mode={mode} finding={finding} review={review} onCancel={() => onMode(null)} />
          )}
          {mine && review.isError && <ProblemNote error={review.error} />}
        </div>
      )}
    </li>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Finding, type FindingDecision, listFindingDecisions } from '../../contract/findings.ts';
import { call } from '../api.ts';
import { dateTime, decimal, evidenceLabel } from '../format.ts';
import { findingsWords as text } from '../strings/findings/words.ts';
import { strings } from '../strings/strings.ts';
import { Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { wordOf } from './CorrectionFields.tsx';

/** Every decision on a finding, for who opens it: who made it, when, and what it set. */
export function FindingHistory({ finding }: { finding: Finding }) {
  const [isOpen, setIsOpen] = useState(false);
  if (finding.status === 'proposed' || finding.source === 'person') return null;
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className="w-fit rounded-sm text-sm text-muted hover:text-text">{text.history}</summary>
      {isOpen && <Decisions finding={finding} />}
    </details>
  );
}

function Decisions({ finding: { id, study_instance_uid, reviewed_at } }: { finding: Finding }) {
  const decisions = useQuery({
    queryKey: ['study', study_instance_uid, 'decisions', id, reviewed_at],
    queryFn: ({ signal }) => call(listFindingDecisions, { params: { id } }, { signal }),
  });
  if (decisions.isError) return <ProblemNote error={decisions.error} />;
  if (!decisions.data) return <Skeleton rows={2} label={strings.common.loading} />;
  return (
    <ol className="flex flex-col divide-y divide-line">
      {decisions.data.items.length === 0 && <li className="py-1 text-sm text-muted">{text.noHistory}</li>}
      {decisions.data.items.map((decision) => (
        <li key={decision.id} className="py-1 text-sm">
          <p>
            {text.decisions[decision.decision]}{' '}
            <span className="text-faint tabular-nums">
              <bdi>{text.byAt(decision.decided_by, dateTime(decision.decided_at))}</bdi>
            </span>
          </p>
          <p className="text-muted">
            <bdi>{toldBy(decision)}</bdi>
          </p>
        </li>
      ))}
    </ol>
  );
}

function toldBy({ decision, title, text: words, reason, corrections }: FindingDecision): string {
  if (decision === 'accept') return title;
  if (decision === 'reject') return reason ?? '';
  const values = Object.entries(corrections).map(([name, value]) => {
    const label = (text.fields as Readonly<Record<string, string>>)[name] ?? name;
    return `${label} ${typeof value === 'number' ? `${decimal(value, 1)} ${evidenceLabel(name).unit}`.trim() : wordOf(String(value))}`;
  });
  return [title, ...values, words].filter(Boolean).join(' \u00b7 ');
}

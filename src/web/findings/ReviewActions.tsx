import { Check, type LucideIcon, PencilLine, X } from 'lucide-react';
import type { Finding } from '../../contract/findings.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import type { ReviewMode, ReviewMutation } from './use-review.ts';

const text = strings.findings;

type ReviewActionsProps = { finding: Finding; review: ReviewMutation; onMode: (mode: ReviewMode) => void };

/** The three decisions, each with its key; a decision can be changed until the report is signed. */
export function ReviewActions({ finding, review, onMode }: ReviewActionsProps) {
  const accept = () => review.mutate({ finding, decision: { decision: 'accept' } });
  return (
    <div className="grid grid-cols-3 gap-2">
      <Action icon={Check} label={text.accept} shortcut="A" busy={review.isPending || finding.status === 'accepted'} onClick={accept} />
      <Action icon={PencilLine} label={text.edit} shortcut="E" busy={review.isPending} onClick={() => onMode('edit')} />
      <Action icon={X} label={text.reject} shortcut="R" busy={review.isPending} onClick={() => onMode('reject')} />
    </div>
  );
}

type ActionProps = { icon: LucideIcon; label: string; shortcut: string; busy: boolean; onClick: () => void };

function Action({ icon, label, shortcut, busy, onClick }: ActionProps) {
  return (
    <Button icon={icon} aria-keyshortcuts={shortcut} disabled={busy} onClick={onClick} className="gap-1 px-1.5">
      {label}
      <kbd aria-hidden className="rounded-sm bg-hover px-1 font-sans text-xs text-muted">
        {shortcut}
      </kbd>
    </Button>
  );
}

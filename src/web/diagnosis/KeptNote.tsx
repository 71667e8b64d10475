import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { History } from 'lucide-react';
import { dateTime } from '../format.ts';
import { diagnosisWords as text } from '../strings/diagnosis/words.ts';
import { Button } from '../ui/Button.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import type { KeptDraft } from './use-kept-draft.ts';

/** Says that this is what was put together before, and offers to begin anew; or that what is typed is not kept. */
export function KeptNote({ kept }: { kept: KeptDraft }) {
  const navigate = useNavigate();
  const drop = useMutation({ mutationFn: kept.drop, onSuccess: () => navigate({ to: '/diagnoses/new', search: {} }) });
  const error = drop.error ?? kept.error;
  if (error) return <ProblemNote error={error} />;
  if (kept.restoredFrom === null) return null;
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
      <History aria-hidden size={15} className="shrink-0" />
      <span className="min-w-0 grow basis-60">{text.kept.restored(dateTime(kept.restoredFrom))}</span>
      <Button look="quiet" busy={drop.isPending} onClick={() => drop.mutate()}>
        {text.kept.startOver}
      </Button>
    </div>
  );
}

import { Link, useRouter } from '@tanstack/react-router';
import { LoaderCircle } from 'lucide-react';
import { ApiProblem } from '../api.ts';
import { strings } from '../strings/strings.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { EntryFrame } from './EntryFrame.tsx';

export function PagePending() {
  return (
    <div role="status" aria-label={strings.common.loading} className="flex h-dvh items-center justify-center text-muted">
      <LoaderCircle aria-hidden size={22} className="animate-spin" />
    </div>
  );
}

export function PageProblem({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  const again = async () => {
    reset();
    await router.invalidate();
  };
  if (error instanceof ApiProblem && error.kind === 'unreachable')
    return (
      <EntryFrame title={strings.frame.offline} lead={strings.frame.nothingKept}>
        <Button look="primary" onClick={() => void again()}>
          {strings.common.retry}
        </Button>
      </EntryFrame>
    );
  return (
    <div className="flex min-h-dvh items-center justify-center p-4">
      <ProblemNote error={error} action={<Button onClick={() => void again()}>{strings.common.retry}</Button>} />
    </div>
  );
}

export function NotFound() {
  return (
    <EntryFrame title={strings.common.notFoundTitle} lead={strings.common.notFoundDetail}>
      <Link to="/" className={buttonClass('primary')}>
        {strings.common.toStudies}
      </Link>
    </EntryFrame>
  );
}

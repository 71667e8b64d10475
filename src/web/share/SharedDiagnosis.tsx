import { useQuery } from '@tanstack/react-query';
import { getSharedDiagnosis } from '../../contract/diagnosis-shares.ts';
import { call } from '../api.ts';
import { AgentCards } from '../diagnosis/AgentCards.tsx';
import { DiagnosisResultsView } from '../diagnosis/DiagnosisResultsView.tsx';
import { isOver } from '../diagnosis/diagnosis-queries.ts';
import { diagnosisWords as words } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { ScrollArea } from '../ui/ScrollArea.tsx';
import { SharedFrame } from './SharedFrame.tsx';

/** The results of the diagnosis that a link shows: read-only, and without who the patient is. Kept no longer than it is shown. */
export function SharedDiagnosis({ onClose }: { onClose: () => void }) {
  const shared = useQuery({
    queryKey: ['shared-diagnosis'],
    queryFn: ({ signal }) => call(getSharedDiagnosis, undefined, { signal }),
    gcTime: 0,
  });
  return (
    <SharedFrame onClose={onClose}>
      <ScrollArea label={words.sharedDiagnosis}>
        <div className="mx-auto flex max-w-280 flex-col gap-4 px-4 py-4">
          <div>
            <h1 className="text-xl font-semibold tracking-tight">{words.sharedDiagnosis}</h1>
            <p className="text-muted">{words.sharedDiagnosisLead}</p>
          </div>
          {shared.isError && (
            <ProblemNote error={shared.error} action={<Button onClick={() => void shared.refetch()}>{strings.common.retry}</Button>} />
          )}
          {shared.isPending && <Skeleton rows={8} label={strings.common.loading} />}
          {shared.data && (
            <>
              <AgentCards agents={shared.data.agents} isOver={isOver(shared.data.status)} />
              <DiagnosisResultsView results={shared.data.results} showsStudies={false} />
            </>
          )}
        </div>
      </ScrollArea>
    </SharedFrame>
  );
}

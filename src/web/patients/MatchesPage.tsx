import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, GitMerge, Users, X } from 'lucide-react';
import { useState } from 'react';
import { acceptMatch, dismissMatch, type PatientMatch, undoMerge } from '../../contract/patients-merge.ts';
import { call } from '../api.ts';
import { dateTime } from '../format.ts';
import { AppFrame } from '../shell/AppFrame.tsx';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Badge } from '../ui/Badge.tsx';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { PageHeader } from '../ui/PageHeader.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { ScrollArea } from '../ui/ScrollArea.tsx';
import { Select } from '../ui/Select.tsx';
import { useToast } from '../ui/toast.ts';
import { CompareRecords } from './CompareRecords.tsx';
import { matchesQuery } from './patient-queries.ts';

/** Records that may be of one person, pair by pair: nothing is merged without somebody who has looked at both. */
export function MatchesPage() {
  const [status, setStatus] = useState<PatientMatch['status']>('open');
  const matches = useInfiniteQuery(matchesQuery(status));
  const items = matches.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <AppFrame title={words.matches}>
      <PageHeader
        title={words.matches}
        lead={words.matchesLead}
        actions={
          <>
            <Select label={words.status} isLabelHidden className="w-36" value={status} choices={words.matchStates} onChange={setStatus} />
            <Link to="/patients" className={buttonClass()}>
              <ArrowLeft aria-hidden size={15} className="rtl:rotate-180" />
              {strings.patients.title}
            </Link>
          </>
        }
      />
      <ScrollArea label={words.matches}>
        <div className="mx-auto flex max-w-240 flex-col gap-4 px-4 pb-4">
          {matches.isError && <ProblemNote error={matches.error} />}
          {matches.isPending && <Skeleton rows={8} label={strings.common.loading} />}
          {matches.data && items.length === 0 && <EmptyState icon={Users} title={words.noMatches} detail={words.noMatchesDetail} />}
          {items.map((match) => (
            <MatchCard key={match.id} match={match} />
          ))}
          {matches.hasNextPage && (
            <Button busy={matches.isFetchingNextPage} onClick={() => void matches.fetchNextPage()}>
              {strings.studies.loadMore}
            </Button>
          )}
        </div>
      </ScrollArea>
    </AppFrame>
  );
}

function MatchCard({ match }: { match: PatientMatch }) {
  // The contract says that there are two.
  const [one, other] = match.patients as [PatientMatch['patients'][number], PatientMatch['patients'][number]];
  const { accept, dismiss } = useDecision(match.id);
  const isBusy = accept.isPending || dismiss.isPending;
  const error = accept.error ?? dismiss.error;
  return (
    <Card>
      <p className="flex flex-wrap items-center gap-2 pb-2">
        <span className="font-medium">{words.matchRules[match.rule]}</span>
        {match.status !== 'open' && <Badge>{words.matchStates[match.status]}</Badge>}
        <span className="ms-auto text-sm text-faint tabular-nums">{dateTime(match.created_at)}</span>
      </p>
      <CompareRecords patients={[one, other]} />
      <div className="grid grid-cols-[8rem_minmax(0,1fr)_minmax(0,1fr)] gap-x-0 pt-2 max-sm:flex max-sm:flex-col max-sm:gap-3">
        <span className="max-sm:hidden" />
        {[one, other].map((patient) => (
          <div key={patient.id} className="flex flex-col items-start gap-2 pe-3">
            <Link to="/patients/$key" params={{ key: patient.id }} className="rounded-sm text-sm text-muted underline underline-offset-2">
              {words.openRecord} <bdi>{patient.patient_id}</bdi>
            </Link>
            {match.status === 'open' && (
              <Button icon={GitMerge} busy={isBusy} onClick={() => accept.mutate(patient.id)}>
                {words.keepThisOne}
                <bdi className="sr-only">{patient.patient_id}</bdi>
              </Button>
            )}
          </div>
        ))}
      </div>
      {match.status === 'open' && (
        <div className="flex justify-end pt-3">
          <Button look="quiet" icon={X} busy={isBusy} onClick={() => dismiss.mutate()}>
            {words.notSame}
          </Button>
        </div>
      )}
      {error && <ProblemNote error={error} />}
    </Card>
  );
}

function useDecision(match_id: string) {
  const queryClient = useQueryClient();
  const toast = useToast();
  const refresh = () =>
    Promise.all([queryClient.invalidateQueries({ queryKey: ['patients'] }), queryClient.invalidateQueries({ queryKey: ['patient'] })]);
  const accept = useMutation({
    mutationFn: (into: string) => call(acceptMatch, { params: { match_id }, body: { into } }),
    onSuccess: async ({ patient_key, id }) => {
      await refresh();
      toast({
        text: words.merged,
        undo: async () => {
          await call(undoMerge, { params: { patient_key, merge_id: id } });
          await refresh();
        },
      });
    },
  });
  const dismiss = useMutation({
    mutationFn: () => call(dismissMatch, { params: { match_id } }),
    onSuccess: async () => {
      await refresh();
      toast({ text: words.dismissed });
    },
  });
  return { accept, dismiss };
}

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Diagnosis } from '../../contract/diagnosis.ts';
import { reachOf } from '../../contract/permission.ts';
import { useEvents, useLiveState } from '../live/live.ts';
import { profileQuery } from '../queries.ts';
import { AppFrame } from '../shell/AppFrame.tsx';
import { diagnosisWords as words } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { Skeleton } from '../ui/EmptyState.tsx';
import { LiveRegion } from '../ui/LiveRegion.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { ScrollArea } from '../ui/ScrollArea.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { AgentCards } from './AgentCards.tsx';
import { AgentReportsView } from './AgentReportsView.tsx';
import { CommentsView } from './CommentsView.tsx';
import { DiagnosisHead } from './DiagnosisHead.tsx';
import { DiagnosisResultsView } from './DiagnosisResultsView.tsx';
import { diagnosisCommentsQuery, diagnosisQuery, diagnosisResultsQuery, diagnosisStatusQuery, isOver } from './diagnosis-queries.ts';
import { ReportCard } from './ReportCard.tsx';
import { TimelineView } from './TimelineView.tsx';
import { type AnyStep, WizardSteps } from './WizardSteps.tsx';

const text = strings.diagnosis;

/** One diagnosis: the agents at work, what they came to, each thing with its source, and what people say to it. */
export function DiagnosisPage() {
  const { id } = useParams({ from: '/signed-in/diagnoses/$id' });
  const { wizard = false, tab = 'results' } = useSearch({ from: '/signed-in/diagnoses/$id' });
  const navigate = useNavigate({ from: '/diagnoses/$id' });
  const diagnosis = useQuery(diagnosisQuery(id));
  const status = useQuery(diagnosisStatusQuery(id, useHearing(id)));
  const results = useQuery(diagnosisResultsQuery(id));
  const comments = useQuery(diagnosisCommentsQuery(id));
  useFollowing(id, status.data);
  const state = status.data?.status ?? diagnosis.data?.status;
  return (
    <AppFrame title={text.title}>
      <ScrollArea label={text.title}>
        <div className="mx-auto flex max-w-280 flex-col gap-4 px-4 py-4">
          {wizard && <WizardSteps current={stepOf(state, results.data?.status)} done={doneBy(state, results.data?.status)} />}
          {diagnosis.isPending && <Skeleton rows={6} label={strings.common.loading} />}
          {diagnosis.isError && <ProblemNote error={diagnosis.error} />}
          {diagnosis.data && <DiagnosisHead diagnosis={diagnosis.data} />}
          {status.data && (
            <AgentCards agents={status.data.agents} progress={status.data.progress.percentage} isOver={isOver(status.data.status)} />
          )}
          <LiveRegion>{state ? text.statuses[state] : ''}</LiveRegion>
          {diagnosis.data && (
            <Tabs
              label={text.title}
              value={tab}
              onChange={(next) => void navigate({ search: (before) => ({ ...before, tab: next }), replace: true })}
              tabs={[
                {
                  value: 'results',
                  title: text.results,
                  content: (
                    <Content>
                      {results.isError && <ProblemNote error={results.error} />}
                      {results.isPending && <Skeleton rows={6} label={strings.common.loading} />}
                      {results.data && <DiagnosisResultsView results={results.data} patientKey={diagnosis.data.patient_key} />}
                      {results.data && <ReportCard diagnosis={diagnosis.data} results={results.data} />}
                    </Content>
                  ),
                },
                {
                  value: 'agents',
                  title: words.agents,
                  content: <Content>{tab === 'agents' && <AgentReportsView id={id} patientKey={diagnosis.data.patient_key} />}</Content>,
                },
                { value: 'timeline', title: text.timeline, content: <Content>{tab === 'timeline' && <TimelineView id={id} />}</Content> },
                {
                  value: 'comments',
                  title: words.comments,
                  note: comments.data?.items.length,
                  content: (
                    <Content>
                      <CommentsView id={id} />
                    </Content>
                  ),
                },
              ]}
            />
          )}
        </div>
      </ScrollArea>
    </AppFrame>
  );
}

function Content({ children }: { children: ReactNode }) {
  return <div className="flex flex-col gap-4 pt-4">{children}</div>;
}

/** Whether whoever looks is told of every change of the diagnosis: events of all of the tenant, over a connection that stands. */
function useHearing(id: string): boolean {
  const { data: profile } = useQuery(profileQuery);
  useEvents(`diagnosis:${id}`);
  const state = useLiveState();
  return profile !== undefined && reachOf(profile.role, 'event:read') === 'tenant' && (state === 'connected' || state === 'polling');
}

/** Whenever an agent has begun or ended, what depends on it is loaded anew: the state is all that is watched. */
function useFollowing(id: string, status: { status: string; agents: readonly { status: string; progress: number }[] } | undefined): void {
  const queryClient = useQueryClient();
  const mark = status && [status.status, ...status.agents.map((agent) => agent.status)].join(' ');
  const last = useRef(mark);
  useEffect(() => {
    if (mark === undefined || mark === last.current) return;
    const isFirst = last.current === undefined;
    last.current = mark;
    if (!isFirst)
      void queryClient.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[1] === id && queryKey[0] === 'diagnosis' && queryKey[2] !== 'status',
      });
  }, [id, mark, queryClient]);
}

function stepOf(state: Diagnosis['status'] | undefined, results: string | undefined): AnyStep {
  if (state === undefined || !isOver(state)) return 'progress';
  return results === 'signed' ? 'report' : 'results';
}

function doneBy(state: Diagnosis['status'] | undefined, results: string | undefined): ReadonlySet<AnyStep> {
  const before = ['patient', 'images', 'complaints', 'preferences'] as const;
  if (state === undefined || !isOver(state)) return new Set(before);
  return new Set(results === 'signed' ? [...before, 'progress', 'results', 'report'] : [...before, 'progress']);
}

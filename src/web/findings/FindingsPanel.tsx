import { type UseQueryResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { Lock, RotateCw, ScanSearch } from 'lucide-react';
import { useState } from 'react';
import { type Analysis, analyzeStudyNow } from '../../contract/analysis.ts';
import type { Finding } from '../../contract/findings.ts';
import type { StudyDetail } from '../../contract/studies.ts';
import { call } from '../api.ts';
import { isBusy } from '../queries.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { AnalysisNotes } from './AnalysisNotes.tsx';
import { FindingCard } from './FindingCard.tsx';
import { Measurements } from './Measurements.tsx';
import { ModelRuns } from './ModelRuns.tsx';
import { currentRuns } from './runs.ts';
import { type ReviewMode, useReview } from './use-review.ts';

const text = strings.findings;

type FindingsPanelProps = {
  study: StudyDetail;
  findings: UseQueryResult<{ items: Finding[] }>;
  analyses: UseQueryResult<{ items: Analysis[] }>;
  /** Decisions are closed once the report is signed. */
  locked: boolean;
  selectedId: string | null;
  onSelect: (finding: Finding | undefined) => void;
};

/** Every finding with its evidence and the decision on it; what could not be evaluated stands among them. */
export function FindingsPanel({ study, findings, analyses, locked, selectedId, onSelect }: FindingsPanelProps) {
  const [mode, setMode] = useState<ReviewMode>(null);
  const items = findings.data?.items ?? [];
  const runs = currentRuns(analyses.data?.items ?? []);
  const selected = items.findIndex(({ id }) => id === selectedId);
  const choose = (finding: Finding | undefined) => {
    setMode(null);
    onSelect(finding);
  };
  const review = useReview(study.study_instance_uid, (decided) => {
    setMode(null);
    const next = [...items.slice(items.indexOf(decided) + 1), ...items].find(
      (finding) => finding.status === 'proposed' && finding.id !== decided.id,
    );
    if (next) onSelect(next);
  });
  const withSelected = (act: (finding: Finding) => unknown) => () => {
    const finding = items[selected];
    if (!finding || locked) return false;
    act(finding);
    return true;
  };
  // As its buttons: while a decision is under way, the next finding is not chosen yet, and a key would be about the one before.
  const withDecidable = (act: (finding: Finding) => void) => withSelected((finding) => !review.isPending && act(finding));
  useShortcuts({
    j: () => choose(items[Math.min(items.length - 1, selected + 1)]),
    k: () => choose(items[Math.max(0, selected - 1)]),
    a: withDecidable((finding) => review.mutate({ finding, decision: { decision: 'accept' } })),
    e: withDecidable(() => setMode('edit')),
    r: withDecidable(() => setMode('reject')),
  });
  if (findings.isPending || analyses.isPending) return <Skeleton rows={5} label={strings.common.loading} />;
  const failed = findings.error ?? analyses.error;
  return (
    <div className="flex flex-col">
      {failed && (
        <div className="p-3">
          <ProblemNote error={failed} />
        </div>
      )}
      {locked && (
        <p className="flex items-center gap-2 border-b border-line bg-raised px-4 py-2 text-muted">
          <Lock aria-hidden size={14} className="shrink-0" />
          {text.locked}
        </p>
      )}
      <ol aria-label={strings.study.findingsTab}>
        {items.map((finding, index) => (
          <FindingCard
            key={finding.id}
            finding={finding}
            number={index + 1}
            selected={finding.id === selectedId}
            onSelect={() => choose(finding)}
            mode={finding.id === selectedId ? mode : null}
            onMode={setMode}
            review={review}
            locked={locked}
            run={runs.find(({ id }) => id === finding.analysis_id)}
          />
        ))}
      </ol>
      <AnalysisNotes runs={runs} />
      {items.length === 0 && <NoFindings study={study} runs={runs} />}
      <Measurements runs={runs} />
      <ModelRuns runs={runs} />
      {!isBusy(study) && !locked && <AnalyzeButton uid={study.study_instance_uid} again={runs.length > 0} />}
    </div>
  );
}

function NoFindings({ study, runs }: { study: StudyDetail; runs: readonly Analysis[] }) {
  if (isBusy(study)) return <p className="px-4 py-3 text-muted">{text.waiting}</p>;
  if (runs.length === 0) return <p className="px-4 py-3 text-muted">{text.notStarted}</p>;
  if (!runs.some(({ status }) => status === 'succeeded')) return null;
  return <EmptyState icon={ScanSearch} title={text.none} detail={text.noneDetail} />;
}

function AnalyzeButton({ uid, again }: { uid: string; again: boolean }) {
  const queryClient = useQueryClient();
  const analyze = useMutation({
    mutationFn: () => call(analyzeStudyNow, { params: { study_instance_uid: uid } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['study', uid] }),
  });
  return (
    <div className="flex flex-col gap-2 px-4 py-3">
      <Button icon={RotateCw} look="quiet" className="self-start -ms-2" busy={analyze.isPending} onClick={() => analyze.mutate()}>
        {again ? text.again : text.run}
      </Button>
      {analyze.isError && <ProblemNote error={analyze.error} />}
    </div>
  );
}

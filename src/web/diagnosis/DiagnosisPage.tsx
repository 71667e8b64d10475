import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, Download, X } from 'lucide-react';
import { cancelDiagnosis, type Diagnosis } from '../../contract/diagnosis.ts';
import { exportDiagnosisPdf } from '../../contract/diagnosis-work.ts';
import { call, urlOf } from '../api.ts';
import { dateTime } from '../format.ts';
import { useEvents } from '../live/live.ts';
import { diagnosisQuery, diagnosisResultsQuery, diagnosisStatusQuery, isOver, patientQuery } from '../patients/patient-queries.ts';
import { AppFrame } from '../shell/AppFrame.tsx';
import { strings } from '../strings/strings.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { ScrollArea } from '../ui/ScrollArea.tsx';
import { AgentCards } from './AgentCards.tsx';
import { DiagnosisResultsView } from './DiagnosisResultsView.tsx';

const text = strings.diagnosis;

/** One diagnosis: the agents at work, and what they came to, each thing with its source. */
export function DiagnosisPage() {
  const { id } = useParams({ from: '/signed-in/diagnoses/$id' });
  useEvents(`diagnosis:${id}`);
  const diagnosis = useQuery(diagnosisQuery(id));
  const status = useQuery(diagnosisStatusQuery(id));
  const results = useQuery(diagnosisResultsQuery(id));
  return (
    <AppFrame title={text.title}>
      <ScrollArea label={text.title}>
        <div className="mx-auto flex max-w-280 flex-col gap-4 px-4 py-4">
          {diagnosis.isPending && <Skeleton rows={6} label={strings.common.loading} />}
          {diagnosis.isError && <ProblemNote error={diagnosis.error} />}
          {diagnosis.data && <DiagnosisHead diagnosis={diagnosis.data} />}
          {status.data && <AgentCards agents={status.data.agents} progress={status.data.progress.percentage} />}
          {results.isError && <ProblemNote error={results.error} />}
          {results.data && <DiagnosisResultsView results={results.data} />}
        </div>
      </ScrollArea>
    </AppFrame>
  );
}

function DiagnosisHead({ diagnosis }: { diagnosis: Diagnosis }) {
  const queryClient = useQueryClient();
  const patient = useQuery(patientQuery(diagnosis.patient_key));
  const cancel = useMutation({
    mutationFn: () => call(cancelDiagnosis, { params: { id: diagnosis.id } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['diagnosis', diagnosis.id] }),
  });
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <div className="min-w-0">
        <Link
          to="/patients/$key"
          params={{ key: diagnosis.patient_key }}
          className="flex w-fit items-center gap-1 rounded-sm text-muted hover:text-text"
        >
          <ArrowLeft aria-hidden size={14} className="rtl:rotate-180" />
          <bdi>{patient.data?.name ?? strings.patients.title}</bdi>
        </Link>
        <h1 className="text-xl font-semibold tracking-tight">
          {text.title} <span className="font-normal text-muted">{text.statuses[diagnosis.status]}</span>
        </h1>
        <p className="flex flex-wrap gap-x-3 text-muted">
          <span>{text.priorities[diagnosis.priority]}</span>
          <span className="tabular-nums">{dateTime(diagnosis.created_at)}</span>
          <bdi>{diagnosis.patient_data.symptoms.join(', ')}</bdi>
        </p>
      </div>
      <div className="ms-auto flex gap-2">
        {!isOver(diagnosis.status) && (
          <Button icon={X} busy={cancel.isPending} onClick={() => cancel.mutate()}>
            {text.cancel}
          </Button>
        )}
        <a className={buttonClass()} href={urlOf(exportDiagnosisPdf, { params: { id: diagnosis.id } })} target="_blank" rel="noreferrer">
          <Download aria-hidden size={15} />
          {text.pdf}
        </a>
      </div>
      {cancel.isError && <ProblemNote error={cancel.error} />}
    </header>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowLeft, ArrowRight, Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { AppFrame } from '../shell/AppFrame.tsx';
import { diagnosisWords as text } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Progress } from '../ui/Progress.tsx';
import { ScrollArea } from '../ui/ScrollArea.tsx';
import { ComplaintsStep } from './ComplaintsStep.tsx';
import { changeDraft, choosePatient, type Draft, openStepOf, STEPS, type Step, useDraft } from './draft.ts';
import { ImagesStep } from './ImagesStep.tsx';
import { KeptNote } from './KeptNote.tsx';
import { PatientStep } from './PatientStep.tsx';
import { PreferencesStep } from './PreferencesStep.tsx';
import { type Started, startDiagnosis } from './start-diagnosis.ts';
import { useKeptDraft } from './use-kept-draft.ts';
import { type AnyStep, WizardSteps } from './WizardSteps.tsx';

/** A new diagnosis, step by step. What is chosen stays while one looks elsewhere, and the server keeps it for its author; only files are lost with the page. */
export function WizardPage() {
  const { patient, step: asked } = useSearch({ from: '/signed-in/diagnoses/new' });
  const navigate = useNavigate({ from: '/diagnoses/new' });
  const draft = useDraft();
  useEffect(() => {
    if (patient !== undefined) choosePatient(patient);
  }, [patient]);
  const kept = useKeptDraft(draft);
  useLeaveWarning(draft.files.length > 0 || !kept.isKept);
  const step = draft.patientKey === null ? 'patient' : (asked ?? 'patient');
  const heading = useStepFocus(step);
  const go = (next: Step) => void navigate({ search: (before) => ({ ...before, step: next }) });
  return (
    <AppFrame title={text.newTitle}>
      <ScrollArea label={text.newTitle}>
        <div className="mx-auto flex max-w-240 flex-col gap-4 px-4 py-4">
          <h1 className="text-xl font-semibold tracking-tight">{text.newTitle}</h1>
          <KeptNote kept={kept} />
          <WizardSteps current={step} done={doneOf(draft, step)} onGo={(to) => isStep(to) && go(to)} />
          <Card>
            <div className="flex flex-col gap-4">
              <div>
                <h2 ref={heading} tabIndex={-1} className="text-lg font-semibold outline-none">
                  {text.stepTitles[step]}
                </h2>
                <p className="text-muted">{text.stepLeads[step]}</p>
              </div>
              {step === 'patient' && (
                <PatientStep
                  patientKey={draft.patientKey}
                  onChoose={(key) => {
                    choosePatient(key);
                    void navigate({ search: key === null ? {} : { patient: key, step: 'images' } });
                  }}
                />
              )}
              {step === 'images' && draft.patientKey !== null && <ImagesStep patientKey={draft.patientKey} draft={draft} />}
              {step === 'complaints' && <ComplaintsStep draft={draft} onChange={changeDraft} />}
              {step === 'preferences' && <PreferencesStep draft={draft} onChange={changeDraft} />}
            </div>
          </Card>
          <StepButtons draft={draft} step={step} onGo={go} onStarted={kept.drop} />
        </div>
      </ScrollArea>
    </AppFrame>
  );
}

type StepButtonsProps = { draft: Draft; step: Step; onGo: (step: Step) => void; onStarted: () => Promise<void> };

function StepButtons({ draft, step, onGo, onStarted }: StepButtonsProps) {
  const place = STEPS.indexOf(step);
  const [before, next] = [STEPS[place - 1], STEPS[place + 1]];
  const open = openStepOf(draft);
  const isBlocked = open !== undefined && STEPS.indexOf(open) <= place;
  const start = useStart(onStarted);
  const chosen = draft.patientKey === null ? undefined : { ...draft, patientKey: draft.patientKey };
  if (start.isPending && draft.files.length > 0)
    return <Progress label={text.sending(draft.files.length)} value={start.share} onCancel={start.cancel} />;
  return (
    <div className="flex flex-col gap-3">
      {start.isError && <ProblemNote error={start.error} />}
      {start.refused && <Refused started={start.refused} />}
      <div className="flex flex-wrap items-center gap-2">
        {before && (
          <Button icon={ArrowLeft} className="rtl:[&_svg]:rotate-180" onClick={() => onGo(before)}>
            {text.back}
          </Button>
        )}
        <span className="ms-auto" />
        {next ? (
          <Button look="primary" disabled={isBlocked} onClick={() => onGo(next)}>
            {text.next}
            <ArrowRight aria-hidden size={15} className="rtl:rotate-180" />
          </Button>
        ) : (
          <Button
            look="primary"
            icon={Play}
            busy={start.isPending}
            disabled={open !== undefined || !chosen}
            onClick={() => chosen && start.run(chosen)}
          >
            {strings.diagnosis.start}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Some files were not taken: said before one goes on to the diagnosis, which runs with the others. */
function Refused({ started }: { started: Started }) {
  const navigate = useNavigate();
  return (
    <Card title={text.refusedTitle(started.refused.length)}>
      <ul className="divide-y divide-line">
        {started.refused.map(({ file, reason }) => (
          <li key={file} className="py-1.5">
            <bdi className="font-medium">{file}</bdi> <span className="text-muted">{reason}</span>
          </li>
        ))}
      </ul>
      <Button
        look="primary"
        className="mt-2"
        onClick={() => void navigate({ to: '/diagnoses/$id', params: { id: started.id }, search: { wizard: true } })}
      >
        {text.goOn}
      </Button>
    </Card>
  );
}

function useStart(onStarted: () => Promise<void>) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const abort = useRef<AbortController>(undefined);
  const [share, setShare] = useState(0);
  const [refused, setRefused] = useState<Started>();
  const open = (id: string) => navigate({ to: '/diagnoses/$id', params: { id }, search: { wizard: true } });
  const start = useMutation({
    mutationFn: async (draft: Draft & { patientKey: string }) => {
      abort.current = new AbortController();
      let made: string | undefined;
      try {
        return await startDiagnosis(draft, { signal: abort.current.signal, onProgress: setShare }, (id) => {
          made = id;
        });
      } catch (error) {
        // The diagnosis is there already, with what was sent until then.
        if (made !== undefined && error instanceof DOMException) return { id: made, refused: [] };
        throw error;
      }
    },
    onSuccess: async (started) => {
      // The diagnosis is there: a draft of it that cannot be deleted now goes by itself.
      await onStarted().catch(() => {});
      await queryClient.invalidateQueries({ queryKey: ['diagnoses'] });
      if (started.refused.length > 0) setRefused(started);
      else await open(started.id);
    },
  });
  return { ...start, share, refused, run: start.mutate, cancel: () => abort.current?.abort() };
}

/** The steps before this one that lack nothing. */
function doneOf(draft: Draft, current: Step): ReadonlySet<AnyStep> {
  return new Set(STEPS.slice(0, STEPS.indexOf(current)).filter((step) => step !== openStepOf(draft)));
}

function isStep(step: AnyStep): step is Step {
  return STEPS.some((known) => known === step);
}

function useLeaveWarning(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isOn]);
}

/** A new step is read from its heading on, except the first one. */
function useStepFocus(step: Step) {
  const heading = useRef<HTMLHeadingElement>(null);
  const last = useRef(step);
  useEffect(() => {
    if (last.current !== step) heading.current?.focus();
    last.current = step;
  }, [step]);
  return heading;
}

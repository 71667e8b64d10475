import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Diagnosis, getDiagnosis, updateDiagnosis } from '../../contract/diagnosis.ts';
import { ApiProblem, call, callTagged } from '../api.ts';
import { diagnosisWords as text } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Drawer } from '../ui/Drawer.tsx';
import { Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { useToast } from '../ui/toast.ts';
import { ComplaintsStep } from './ComplaintsStep.tsx';
import { changeOf, formOf } from './change-of.ts';
import type { Draft } from './draft.ts';
import { PreferencesStep } from './PreferencesStep.tsx';
import { problemsOf } from './vital-form.ts';

type ChangeDialogProps = { diagnosis: Diagnosis; onClose: () => void };

/** What was asked for, to be changed: agents that go by it begin anew. Whoever changed it meanwhile is never overwritten unseen. */
export function ChangeDialog({ diagnosis: { id }, onClose }: ChangeDialogProps) {
  // The present state with its version, and not what the page has shown for a while.
  const present = useQuery({
    queryKey: ['diagnosis', id, 'to-change'],
    queryFn: ({ signal }) => callTagged(getDiagnosis, { params: { id } }, { signal }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (present.data) return <Form key={present.data.etag} {...present.data} onClose={onClose} onReload={() => void present.refetch()} />;
  return (
    <Drawer open wide onOpenChange={onClose} title={text.change.title}>
      {present.isError ? <ProblemNote error={present.error} /> : <Skeleton rows={8} label={strings.common.loading} />}
    </Drawer>
  );
}

type FormProps = { answer: Diagnosis; etag: string; onClose: () => void; onReload: () => void };

function Form({ answer, etag, onClose, onReload }: FormProps) {
  const [before] = useState(() => formOf(answer));
  const [form, setForm] = useState<Draft>(before);
  const queryClient = useQueryClient();
  const toast = useToast();
  const change = changeOf(before, form);
  const save = useMutation({
    mutationFn: () => call(updateDiagnosis, { params: { id: answer.id }, body: change }, { ifMatch: etag }),
    onSuccess: async () => {
      toast({ text: text.change.done });
      onClose();
      await queryClient.invalidateQueries({ queryKey: ['diagnosis', answer.id] });
    },
  });
  const isStale = save.error instanceof ApiProblem && save.error.status === 412;
  const isWrong = Object.keys(problemsOf(form.vitals)).length > 0;
  const set = (more: Partial<Draft>) => setForm((now) => ({ ...now, ...more }));
  return (
    <Drawer
      open
      wide
      onOpenChange={onClose}
      title={text.change.title}
      lead={text.change.lead}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button look="primary" busy={save.isPending} disabled={isWrong || Object.keys(change).length === 0} onClick={() => save.mutate()}>
            {strings.common.save}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-6">
        {save.isError && (
          <ProblemNote error={save.error} action={isStale && <Button onClick={onReload}>{text.change.takePresent}</Button>} />
        )}
        <ComplaintsStep draft={form} onChange={set} />
        <PreferencesStep draft={form} onChange={set} />
      </div>
    </Drawer>
  );
}

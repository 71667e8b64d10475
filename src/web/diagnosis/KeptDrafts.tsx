import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { type DiagnosisDraft, deleteDiagnosisDraft, saveDiagnosisDraft } from '../../contract/diagnosis-drafts.ts';
import { call } from '../api.ts';
import { dateTime, personName } from '../format.ts';
import { diagnosisWords as text } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { useToast } from '../ui/toast.ts';
import { keptDraftsQuery } from './use-kept-draft.ts';

/** What somebody has begun and not asked for yet, to go on with; one that was thrown away can be brought back. */
export function KeptDrafts({ onChoose }: { onChoose: (patientKey: string) => void }) {
  const kept = useQuery(keptDraftsQuery);
  const queryClient = useQueryClient();
  const toast = useToast();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: keptDraftsQuery.queryKey });
  const restore = useMutation({
    mutationFn: ({ patient_key, content }: DiagnosisDraft) => call(saveDiagnosisDraft, { params: { patient_key }, body: content }),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: ({ patient_key }: DiagnosisDraft) => call(deleteDiagnosisDraft, { params: { patient_key } }),
    onSuccess: (_, draft) => {
      toast({ text: text.kept.removed, undo: () => restore.mutate(draft) });
      return onSuccess();
    },
  });
  const error = kept.error ?? remove.error ?? restore.error;
  if (error) return <ProblemNote error={error} />;
  if (!kept.data || kept.data.items.length === 0) return null;
  return (
    <section aria-label={text.kept.title} className="order-first flex flex-col gap-1">
      <h3 className="text-sm font-medium">{text.kept.title}</h3>
      <p className="text-sm text-muted">{text.kept.lead}</p>
      <ul className="divide-y divide-line">
        {kept.data.items.map((draft) => {
          const name = personName(draft.patient_name ?? '') || strings.studies.unnamed;
          return (
            <li key={draft.patient_key} className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 py-1">
              <bdi className="min-w-0 truncate font-medium">{name}</bdi>
              <bdi className="min-w-0 grow basis-32 truncate text-muted">{draft.content.symptoms.split('\n', 1)}</bdi>
              <span className="text-sm text-faint tabular-nums">{dateTime(draft.updated_at)}</span>
              <span className="ms-auto flex shrink-0 items-center gap-1">
                <IconButton icon={Trash2} label={text.kept.remove(name)} onClick={() => remove.mutate(draft)} />
                <Button aria-label={`${text.kept.goOn}: ${name}`} onClick={() => onChoose(draft.patient_key)}>
                  {text.kept.goOn}
                </Button>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

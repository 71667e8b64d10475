import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Check } from 'lucide-react';
import { deleteStudy, restoreRecycled } from '../../contract/recycle-bin.ts';
import { addSampleStudy } from '../../contract/sample-study.ts';
import { call } from '../api.ts';
import { operationsWords } from '../strings/operations/words.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Progress } from '../ui/Progress.tsx';
import { showToast } from '../ui/toast.ts';

const text = operationsWords.firstSteps;

/** Adds the synthetic study, and takes it out again. */
export function SampleStudy() {
  const queryClient = useQueryClient();
  const refresh = (): Promise<void> => queryClient.invalidateQueries();
  const add = useMutation({ mutationFn: () => call(addSampleStudy), onSuccess: refresh });
  const remove = useMutation({
    mutationFn: (study_instance_uid: string) => call(deleteStudy, { params: { study_instance_uid } }),
    onSuccess: async ({ id }) => {
      add.reset();
      const undo = async (): Promise<void> => {
        await call(restoreRecycled, { params: { id } });
        add.mutate();
      };
      showToast({ text: text.sampleRemoved, undo });
      await refresh();
    },
  });
  if (add.isPending) return <Progress label={text.sampleOnItsWay} />;
  if (!add.data)
    return (
      <div className="flex flex-col gap-3">
        <div>
          <Button look="primary" onClick={() => add.mutate()}>
            {text.sampleAct}
          </Button>
        </div>
        {add.isError && <ProblemNote error={add.error} />}
      </div>
    );
  const uid = add.data.study_instance_uid;
  return (
    <div className="flex flex-col gap-3">
      <p role="status" className="flex items-center gap-2">
        <Check aria-hidden size={15} className="text-accepted" />
        {text.sampleAdded(add.data.instances)}
      </p>
      <div className="flex flex-wrap gap-2">
        <Link to="/studies/$uid" params={{ uid }} className={buttonClass()}>
          {text.sampleOpen}
        </Link>
        <Button look="quiet" busy={remove.isPending} onClick={() => remove.mutate(uid)}>
          {text.sampleRemove}
        </Button>
      </div>
      {remove.isError && <ProblemNote error={remove.error} />}
    </div>
  );
}

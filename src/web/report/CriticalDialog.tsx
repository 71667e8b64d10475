import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { CRITICAL_CATEGORIES, markCriticalResult } from '../../contract/critical-results.ts';
import type { Finding } from '../../contract/findings.ts';
import type { Report } from '../../contract/reports.ts';
import { call } from '../api.ts';
import { reportWords } from '../strings/report/words.ts';
import { Button } from '../ui/Button.tsx';
import { cx } from '../ui/cx.ts';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { CriticalResultCard } from './CriticalResultCard.tsx';
import type { Put } from './editor-dialog.ts';
import { criticalResultsQuery } from './report-queries.ts';
import { takeFocus } from './take-focus.ts';

const text = reportWords.results;

type CriticalDialogProps = {
  uid: string;
  /** The draft into which the sentence can be put; undefined once it is signed. */
  report?: Report;
  findings: readonly Finding[];
  selectedId: string | null;
  onPut?: (put: Put) => void;
  onClose: () => void;
};

/** The critical results of a study: marked, told to somebody, acknowledged. */
export function CriticalDialog({ uid, report, findings, selectedId, onPut, onClose }: CriticalDialogProps) {
  const results = useQuery(criticalResultsQuery(uid));
  const items = results.data?.items ?? [];
  return (
    <Modal open wide onOpenChange={onClose} title={text.title} lead={text.lead}>
      <div className="flex flex-col gap-4 pb-2">
        {results.isError && <ProblemNote error={results.error} />}
        {items.map((result) => (
          <CriticalResultCard
            key={result.id}
            uid={uid}
            report={report}
            result={result}
            onPut={(put) => {
              onPut?.(put);
              onClose();
            }}
          />
        ))}
        <MarkForm uid={uid} finding={findings.find(({ id, status }) => id === selectedId && status !== 'rejected')} />
      </div>
    </Modal>
  );
}

function MarkForm({ uid, finding }: { uid: string; finding: Finding | undefined }) {
  const [what, setWhat] = useState(finding?.title ?? '');
  const [category, setCategory] = useState<(typeof CRITICAL_CATEGORIES)[number]>('minutes');
  const queryClient = useQueryClient();
  const mark = useMutation({
    mutationFn: () =>
      call(markCriticalResult, {
        params: { study_instance_uid: uid },
        body: { category, text: what.trim(), ...(finding ? { finding_id: finding.id } : {}) },
      }),
    onSuccess: () => {
      setWhat('');
      return queryClient.invalidateQueries({ queryKey: ['study', uid] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mark.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <Field label={text.what}>
        {(control) => (
          <textarea
            {...control}
            ref={takeFocus}
            dir="auto"
            rows={2}
            maxLength={1000}
            className={cx(INPUT_CLASS, 'h-auto py-1.5')}
            value={what}
            onChange={({ target }) => setWhat(target.value)}
          />
        )}
      </Field>
      <fieldset className="flex flex-col gap-1">
        <legend className="pb-1 text-sm font-medium">{text.how}</legend>
        <div className="flex flex-wrap gap-x-4 gap-y-1">
          {CRITICAL_CATEGORIES.map((option) => (
            <label key={option} className="flex min-h-6 items-center gap-2">
              <input
                type="radio"
                name="category"
                className="accent-strong"
                checked={category === option}
                onChange={() => setCategory(option)}
              />
              {text.categories[option]}
            </label>
          ))}
        </div>
        <p className="text-sm text-faint">{text.categorySource}</p>
      </fieldset>
      {mark.isError && <ProblemNote error={mark.error} />}
      <Button type="submit" look="primary" className="self-end" busy={mark.isPending} disabled={what.trim().length < 3}>
        {text.mark}
      </Button>
    </form>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { amendReport, type Report } from '../../contract/reports.ts';
import { call } from '../api.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { cx } from '../ui/cx.ts';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';

const text = strings.report;
const FORM_ID = 'amend-report';

/** Opens a new version; the reason goes into it. */
export function AmendDialog({ uid, report, onClose }: { uid: string; report: Report; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const queryClient = useQueryClient();
  const amend = useMutation({
    mutationFn: () => call(amendReport, { params: { id: report.id }, body: { reason: reason.trim() } }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['study', uid] });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    amend.mutate();
  };
  return (
    <Modal
      open
      onOpenChange={onClose}
      title={text.amendTitle}
      lead={text.amendLead}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="submit" form={FORM_ID} look="primary" busy={amend.isPending} disabled={!reason.trim()}>
            {text.amend}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} onSubmit={submit} className="flex flex-col gap-3 pb-2">
        <Field label={text.amendReason}>
          {(control) => (
            <textarea
              {...control}
              dir="auto"
              rows={3}
              maxLength={1000}
              className={cx(INPUT_CLASS, 'h-auto py-1.5')}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        {amend.isError && <ProblemNote error={amend.error} />}
      </form>
    </Modal>
  );
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type Report, type ReportSections, signReport } from '../../contract/reports.ts';
import { call } from '../api.ts';
import { profileQuery } from '../queries.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';

const text = strings.report;
const FORM_ID = 'sign-report';

type SignDialogProps = { uid: string; report: Report; sections: ReportSections; flush: () => Promise<void>; onClose: () => void };

/** The signature: who, with which meaning, proven by the password again. */
export function SignDialog({ uid, report, sections, flush, onClose }: SignDialogProps) {
  const [password, setPassword] = useState('');
  const [meaning, setMeaning] = useState<string>(text.meanings[0]);
  const profile = useQuery(profileQuery);
  const queryClient = useQueryClient();
  const sign = useMutation({
    mutationFn: async () => {
      await flush();
      return call(signReport, { params: { id: report.id }, body: { password, meaning, seen_sections: sections } });
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['study', uid] });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    sign.mutate();
  };
  return (
    <Modal
      open
      onOpenChange={onClose}
      title={text.signTitle}
      lead={text.signLead}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="submit" form={FORM_ID} look="primary" busy={sign.isPending} disabled={!password}>
            {text.sign}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} onSubmit={submit} className="flex flex-col gap-4 pb-2">
        <input type="hidden" autoComplete="username" value={profile.data?.username ?? ''} readOnly />
        <p>
          <span className="text-muted">{text.signedBy}</span> <span className="font-medium">{profile.data?.full_name}</span>
        </p>
        <fieldset className="flex flex-col gap-2">
          <legend className="pb-1 text-sm font-medium">{text.meaning}</legend>
          {text.meanings.map((option) => (
            <label key={option} className="flex items-start gap-2">
              <input
                type="radio"
                name="meaning"
                className="mt-1 accent-strong"
                checked={meaning === option}
                onChange={() => setMeaning(option)}
              />
              {option}
            </label>
          ))}
        </fieldset>
        <Field label={text.password}>
          {(control) => (
            <input
              {...control}
              type="password"
              autoComplete="current-password"
              className={INPUT_CLASS}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        {sign.isError && <ProblemNote error={sign.error} />}
      </form>
    </Modal>
  );
}

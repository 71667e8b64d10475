import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { CheckIssue } from '../../contract/report-checks.ts';
import { type Report, signReport } from '../../contract/reports.ts';
import { call } from '../api.ts';
import { profileQuery } from '../queries.ts';
import { reportWords } from '../strings/report/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { CheckList } from './CheckList.tsx';
import { checksQuery } from './report-queries.ts';
import { takeFocus } from './take-focus.ts';
import type { Draft } from './use-draft.ts';

const text = strings.report;
const FORM_ID = 'sign-report';

type SignDialogProps = { uid: string; report: Report; draft: Draft; onClose: () => void };

/** The signature: what stands against it, who signs, with which meaning, proven by the password again. */
export function SignDialog({ uid, report, draft, onClose }: SignDialogProps) {
  const [password, setPassword] = useState('');
  const [meaning, setMeaning] = useState<string>(text.meanings[0]);
  const [acknowledges, setAcknowledges] = useState(false);
  const profile = useQuery(profileQuery);
  const checks = useQuery(checksQuery(uid, { id: report.id, revision: draft.revision }));
  const queryClient = useQueryClient();
  const issues = checks.isPlaceholderData ? [] : (checks.data?.items ?? []);
  const isBlocked = issues.some(({ severity }) => severity === 'blocking');
  const sign = useMutation({
    mutationFn: async () => {
      await draft.flush();
      const acknowledged = acknowledges ? [...new Set(issues.map(({ rule }) => rule))] : [];
      return call(signReport, { params: { id: report.id }, body: { password, meaning, seen_sections: draft.sections, acknowledged } });
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
  const isReady = password !== '' && checks.isSuccess && !checks.isPlaceholderData && !isBlocked && (issues.length === 0 || acknowledges);
  return (
    <Modal
      open
      onOpenChange={onClose}
      title={text.signTitle}
      lead={text.signLead}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="submit" form={FORM_ID} look="primary" busy={sign.isPending} disabled={!isReady}>
            {text.sign}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} onSubmit={submit} className="flex flex-col gap-4 pb-2">
        <input type="hidden" autoComplete="username" value={profile.data?.username ?? ''} readOnly />
        {checks.isError && <ProblemNote error={checks.error} />}
        <Warnings issues={issues} isBlocked={isBlocked} acknowledges={acknowledges} onAcknowledge={setAcknowledges} />
        <p>
          <span className="text-muted">{text.signedBy}</span> <span className="font-medium">{profile.data?.full_name}</span>
        </p>
        <Meanings meaning={meaning} onChange={setMeaning} />
        <Field label={text.password}>
          {(control) => (
            <input
              {...control}
              ref={takeFocus}
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

type WarningsProps = { issues: readonly CheckIssue[]; isBlocked: boolean; acknowledges: boolean; onAcknowledge: (seen: boolean) => void };

function Warnings({ issues, isBlocked, acknowledges, onAcknowledge }: WarningsProps) {
  if (issues.length === 0) return null;
  return (
    <div className="flex flex-col gap-1 -mx-4 border-y border-line py-1">
      <CheckList issues={isBlocked ? issues.filter(({ severity }) => severity === 'blocking') : issues} />
      {!isBlocked && (
        <label className="flex items-start gap-2 px-4 py-1 font-medium">
          <input
            type="checkbox"
            className="mt-0.5 size-4 accent-strong"
            checked={acknowledges}
            onChange={(event) => onAcknowledge(event.target.checked)}
          />
          {reportWords.checks.acknowledge}
        </label>
      )}
    </div>
  );
}

function Meanings({ meaning, onChange }: { meaning: string; onChange: (meaning: string) => void }) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="pb-1 text-sm font-medium">{text.meaning}</legend>
      {text.meanings.map((option) => (
        <label key={option} className="flex items-start gap-2">
          <input
            type="radio"
            name="meaning"
            className="mt-1 accent-strong"
            checked={meaning === option}
            onChange={() => onChange(option)}
          />
          {option}
        </label>
      ))}
    </fieldset>
  );
}

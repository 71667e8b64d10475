import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { type Confirmed, confirmTotp, enrollTotp, removeTotp, renewRecoveryCodes } from '../../contract/identity-factors.ts';
import { call } from '../api.ts';
import { dateTime } from '../format.ts';
import { accountWords } from '../strings/account/words.ts';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { accountQueries } from './account-queries.ts';
import { ConfirmForm } from './ConfirmForm.tsx';
import { QrCode } from './QrCode.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';

const text = accountWords;
const ACTIONS = { enroll: text.setUp, remove: text.remove, renew: text.renew };

/** The second factor from an app, and the codes for the day on which the phone is lost. */
export function Authenticator() {
  const factors = useQuery(accountQueries.factors);
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState<keyof typeof ACTIONS>();
  const [codes, setCodes] = useState<readonly string[]>([]);
  const done = async (recovery: readonly string[] = []) => {
    setAsking(undefined);
    setCodes(recovery);
    // A second factor may open what the role was kept from.
    await Promise.all(['account', 'whoami'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })));
  };
  const enroll = useMutation({ mutationFn: (body: Confirmed) => call(enrollTotp, { body }), onSuccess: () => setAsking(undefined) });
  const remove = useMutation({ mutationFn: (body: Confirmed) => call(removeTotp, { body }), onSuccess: () => done() });
  const renew = useMutation({
    mutationFn: (body: Confirmed) => call(renewRecoveryCodes, { body }),
    onSuccess: ({ recovery_codes }) => done(recovery_codes),
  });
  const acts = { enroll, remove, renew };
  const error = factors.error ?? enroll.error ?? remove.error ?? renew.error;
  const { totp_since: since = null, recovery_codes_left: left = 0, is_required = false, passkeys = 0 } = factors.data ?? {};
  const isMissing = is_required && since === null && passkeys === 0;
  return (
    <Card size="large" title={text.totp}>
      {isMissing && (
        <p className="flex gap-2 text-attention">
          <TriangleAlert aria-hidden size={15} className="mt-0.5 shrink-0" />
          {text.required}
        </p>
      )}
      <p className="text-muted">{since === null ? text.totpNone : text.totpSince(dateTime(since))}</p>
      {enroll.data && since === null && <Activation {...enroll.data} onDone={done} />}
      {codes.length > 0 && <RecoveryCodes codes={codes} />}
      {asking && (
        <ConfirmForm
          action={ACTIONS[asking]}
          busy={acts[asking].isPending}
          onConfirm={(confirmed) => acts[asking].mutate(confirmed)}
          onCancel={() => setAsking(undefined)}
        />
      )}
      {error && <ProblemNote error={error} />}
      {!asking && !enroll.data && since === null && (
        <Button className="self-start" onClick={() => setAsking('enroll')}>
          {text.setUp}
        </Button>
      )}
      {!asking && since !== null && (
        <div className="flex flex-wrap items-center gap-2">
          <Button onClick={() => setAsking('remove')}>{text.remove}</Button>
          <Button onClick={() => setAsking('renew')}>{text.renew}</Button>
          <span className="text-muted">
            {text.recovery}: {text.recoveryLeft(left)}
          </span>
        </div>
      )}
    </Card>
  );
}

type ActivationProps = { secret: string; uri: string; onDone: (recoveryCodes: readonly string[]) => Promise<void> };

function Activation({ secret, uri, onDone }: ActivationProps) {
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: () => call(confirmTotp, { body: { code: code.trim() } }),
    onSuccess: ({ recovery_codes }) => onDone(recovery_codes),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate();
  };
  return (
    <form className="flex flex-col gap-3 rounded-md bg-raised p-3" onSubmit={submit}>
      <p>{text.scan}</p>
      <QrCode content={uri} label={text.totp} />
      <p className="text-muted">
        {text.key}:{' '}
        <code dir="ltr" className="break-all select-all">
          {secret.replace(/(.{4})(?=.)/g, '$1 ')}
        </code>
      </p>
      <Field label={text.code}>
        {(control) => (
          <input
            {...control}
            className={`${INPUT_CLASS} max-w-40 tabular-nums`}
            dir="ltr"
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            minLength={6}
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        )}
      </Field>
      {confirm.isError && <ProblemNote error={confirm.error} />}
      <Button type="submit" look="primary" className="self-start" busy={confirm.isPending}>
        {text.activate}
      </Button>
    </form>
  );
}

import { type FormEvent, type ReactNode, useState } from 'react';
import type { Confirmed } from '../../contract/identity-factors.ts';
import { accountWords } from '../strings/account/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';

const text = accountWords;

type ConfirmFormProps = {
  action: string;
  busy: boolean;
  onConfirm: (confirmed: Confirmed) => void;
  onCancel: () => void;
  children?: ReactNode;
};

/** Asks for the password, and for a code where there is a second factor, before what signs in is changed. */
export function ConfirmForm({ action, busy, onConfirm, onCancel, children }: ConfirmFormProps) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onConfirm({ ...(password ? { password } : {}), ...(code.trim() ? { code: code.trim() } : {}) });
  };
  return (
    <form className="flex flex-col gap-3 rounded-md bg-raised p-3" onSubmit={submit}>
      {children}
      <p className="text-muted">{text.confirm}</p>
      <Field label={text.password}>
        {(control) => (
          <input
            {...control}
            type="password"
            className={INPUT_CLASS}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <Field label={text.code} hint={text.codeHint}>
        {(control) => (
          <input
            {...control}
            className={INPUT_CLASS}
            dir="ltr"
            autoComplete="one-time-code"
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        )}
      </Field>
      <div className="flex gap-2">
        <Button type="submit" look="primary" busy={busy}>
          {action}
        </Button>
        <Button onClick={onCancel}>{strings.common.cancel}</Button>
      </div>
    </form>
  );
}

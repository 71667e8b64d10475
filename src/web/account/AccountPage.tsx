import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { changePassword, endOtherSessions, endSession } from '../../contract/identity.ts';
import { call } from '../api.ts';
import { dateTime } from '../format.ts';
import { TextPage } from '../shell/TextPage.tsx';
import { accountWords } from '../strings/account/words.ts';
import { strings } from '../strings/strings.ts';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Authenticator } from './Authenticator.tsx';
import { accountQueries } from './account-queries.ts';
import { deviceName } from './device-name.ts';
import { Passkeys } from './Passkeys.tsx';

const text = accountWords;

/** How one signs in, and where one is signed in. */
export function AccountPage() {
  return (
    <TextPage title={text.title} lead={text.lead}>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
        <div className="flex flex-col gap-4">
          <Authenticator />
          <Passkeys />
        </div>
        <div className="flex flex-col gap-4">
          <Password />
          <Sessions />
        </div>
      </div>
    </TextPage>
  );
}

function Password() {
  const [typed, setTyped] = useState({ current_password: '', new_password: '' });
  const change = useMutation({
    mutationFn: () => call(changePassword, { body: typed }),
    onSuccess: () => setTyped({ current_password: '', new_password: '' }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  const field = (name: keyof typeof typed, label: string, autoComplete: string, hint?: string) => (
    <Field label={label} hint={hint}>
      {(control) => (
        <input
          {...control}
          type="password"
          required
          className={INPUT_CLASS}
          autoComplete={autoComplete}
          value={typed[name]}
          onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <Card size="large" title={text.changePassword}>
      <form className="flex flex-col gap-3" onSubmit={submit}>
        {field('current_password', text.password, 'current-password')}
        {field('new_password', text.newPassword, 'new-password', strings.setup.passwordHint)}
        {change.isError && <ProblemNote error={change.error} />}
        {change.isSuccess && <p role="status">{text.passwordChanged}</p>}
        <Button type="submit" className="self-start" busy={change.isPending}>
          {text.changePassword}
        </Button>
      </form>
    </Card>
  );
}

function Sessions() {
  const sessions = useQuery(accountQueries.sessions);
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: accountQueries.sessions.queryKey });
  const end = useMutation({ mutationFn: (id: string) => call(endSession, { params: { id } }), onSuccess });
  const endOthers = useMutation({ mutationFn: () => call(endOtherSessions), onSuccess });
  const error = sessions.error ?? end.error ?? endOthers.error;
  return (
    <Card size="large" title={text.sessions}>
      <ul className="flex flex-col divide-y divide-line">
        {sessions.data?.items.map((session) => (
          <li key={session.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
            <span className="min-w-0 grow">
              <bdi className="block truncate" title={session.device}>
                {deviceName(session.device)}
              </bdi>
              <span className="block text-sm text-muted tabular-nums">
                <bdi>{session.ip}</bdi> {text.lastUsed}: {dateTime(session.last_used_at)}
              </span>
            </span>
            {session.is_current ? <Badge>{text.thisOne}</Badge> : <Button onClick={() => end.mutate(session.id)}>{text.end}</Button>}
          </li>
        ))}
      </ul>
      {error && <ProblemNote error={error} />}
      {(sessions.data?.items.length ?? 0) > 1 && (
        <Button className="self-start" busy={endOthers.isPending} onClick={() => endOthers.mutate()}>
          {text.endOthers}
        </Button>
      )}
    </Card>
  );
}

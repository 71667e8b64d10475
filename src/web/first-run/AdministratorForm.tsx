import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { login, setUpAdministrator } from '../../contract/identity.ts';
import { call } from '../api.ts';
import { profileQuery, setupQuery } from '../queries.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { PASSWORD_MIN_LENGTH } from './password-strength.ts';
import { StrengthHint } from './StrengthHint.tsx';

/** Makes the account and signs it in. */
export function AdministratorForm({ token }: { token: string }) {
  const [username, setUsername] = useState('');
  const [fullName, setFullName] = useState('');
  const [password, setPassword] = useState('');
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: async () => {
      await call(setUpAdministrator, { body: { token, username, full_name: fullName.trim(), password } });
      return call(login, { body: { username, password } });
    },
    onSuccess: async (answer) => {
      queryClient.setQueryData(setupQuery.queryKey, { needs_setup: false, takes_requests: false });
      // A new account has no second factor to ask for.
      if ('profile' in answer) queryClient.setQueryData(profileQuery.queryKey, answer.profile);
      await navigate({ to: '/first-steps', replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label={strings.setup.username} hint={strings.setup.usernameHint}>
        {(control) => (
          <input
            {...control}
            className={INPUT_CLASS}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            pattern="[a-z0-9][a-z0-9._\-]{1,63}"
            title={strings.setup.usernameHint}
            value={username}
            onChange={(event) => setUsername(event.target.value.trim())}
          />
        )}
      </Field>
      <Field label={strings.setup.fullName} hint={strings.setup.fullNameHint}>
        {(control) => (
          <input
            {...control}
            className={INPUT_CLASS}
            autoComplete="name"
            required
            maxLength={200}
            value={fullName}
            onChange={(event) => setFullName(event.target.value)}
          />
        )}
      </Field>
      <Field label={strings.setup.password} hint={password ? <StrengthHint password={password} /> : strings.setup.passwordHint}>
        {(control) => (
          <input
            {...control}
            className={INPUT_CLASS}
            type="password"
            autoComplete="new-password"
            required
            minLength={PASSWORD_MIN_LENGTH}
            maxLength={256}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      {create.isError && <ProblemNote error={create.error} />}
      <Button type="submit" look="primary" busy={create.isPending}>
        {strings.setup.submit}
      </Button>
    </form>
  );
}

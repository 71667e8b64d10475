import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { login, register } from '../../contract/identity.ts';
import { call } from '../api.ts';
import { profileQuery } from '../queries.ts';
import { entryWords } from '../strings/entry/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { TextField } from '../ui/TextField.tsx';
import { NewPasswordField } from './NewPasswordField.tsx';

const { setup } = strings;
const { request } = entryWords;
const EMPTY = { username: '', full_name: '', password: '', email: '', hospital: '' };

type AccountFormProps = { action: string; invitation?: string; onAsked?: () => void };

/** Makes an account with an invitation and signs it in; without one asks for an account, which the administrators then decide. */
export function AccountForm({ action, invitation, onAsked }: AccountFormProps) {
  const [typed, setTyped] = useState(EMPTY);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const make = useMutation({
    mutationFn: async () => {
      const { username, full_name, password, email, hospital } = typed;
      const about = {
        ...(email.trim() ? { email: email.trim() } : {}),
        ...(hospital.trim() ? { profile: { hospital: hospital.trim() } } : {}),
      };
      const body = { username, full_name: full_name.trim(), password, ...(invitation ? { invitation } : {}), ...about };
      const { status } = await call(register, { body });
      return status === 'active' ? call(login, { body: { username, password } }).catch(() => undefined) : undefined;
    },
    onSuccess: async (answer) => {
      if (!invitation) return onAsked?.();
      // An account of another tenant signs in with its name, on the screen for that.
      if (answer && 'profile' in answer) queryClient.setQueryData(profileQuery.queryKey, answer.profile);
      await navigate({ to: answer ? '/' : '/sign-in', replace: true });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <TextField
        label={setup.username}
        hint={setup.usernameHint}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        pattern="[a-z0-9][a-z0-9._\-]{1,63}"
        title={setup.usernameHint}
        value={typed.username}
        onChange={(username) => setTyped({ ...typed, username: username.trim() })}
      />
      <TextField
        label={setup.fullName}
        hint={setup.fullNameHint}
        autoComplete="name"
        required
        maxLength={200}
        value={typed.full_name}
        onChange={(full_name) => setTyped({ ...typed, full_name })}
      />
      {!invitation && (
        <>
          <TextField
            label={request.email}
            hint={request.optional}
            type="email"
            autoComplete="email"
            value={typed.email}
            onChange={(email) => setTyped({ ...typed, email })}
          />
          <TextField
            label={request.hospital}
            hint={request.optional}
            autoComplete="organization"
            maxLength={200}
            value={typed.hospital}
            onChange={(hospital) => setTyped({ ...typed, hospital })}
          />
        </>
      )}
      <NewPasswordField label={setup.password} value={typed.password} onChange={(password) => setTyped({ ...typed, password })} />
      {make.isError && <ProblemNote error={make.error} />}
      <Button type="submit" look="primary" busy={make.isPending}>
        {action}
      </Button>
    </form>
  );
}

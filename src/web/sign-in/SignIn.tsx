import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Info } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { login, type SignedIn } from '../../contract/identity.ts';
import { call } from '../api.ts';
import { profileQuery, setupQuery } from '../queries.ts';
import { EntryFrame } from '../shell/EntryFrame.tsx';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { OtherWays } from './OtherWays.tsx';
import { SecondStepForm } from './SecondStepForm.tsx';

export function SignIn() {
  const { next, reason } = useSearch({ from: '/sign-in' });
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const setup = useSuspenseQuery(setupQuery);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const signIn = useMutation({
    mutationFn: () => call(login, { body: { username: username.trim(), password } }),
    onSuccess: async (answer) => ('profile' in answer ? enter(answer) : undefined),
  });
  const enter = async ({ profile }: SignedIn) => {
    queryClient.clear();
    queryClient.setQueryData(profileQuery.queryKey, profile);
    await navigate({ to: next ?? '/' });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  const challenge = signIn.data && 'challenge' in signIn.data ? signIn.data.challenge : challengeOfProvider();
  if (challenge)
    return (
      <EntryFrame title={strings.signIn.title}>
        <SecondStepForm challenge={challenge} onSignedIn={enter} />
      </EntryFrame>
    );
  return (
    <EntryFrame title={strings.signIn.title}>
      {setup.data.needs_setup && <Note>{strings.signIn.needsSetup}</Note>}
      {reason === 'idle' && <Note>{strings.frame.idleOver}</Note>}
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={strings.signIn.username}>
          {(control) => (
            <input
              {...control}
              className={INPUT_CLASS}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              value={username}
              onChange={(event) => setUsername(event.target.value)}
            />
          )}
        </Field>
        <Field label={strings.signIn.password}>
          {(control) => (
            <input
              {...control}
              className={INPUT_CLASS}
              type="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        {signIn.isError && <ProblemNote error={signIn.error} />}
        <Button type="submit" look="primary" busy={signIn.isPending}>
          {strings.signIn.submit}
        </Button>
      </form>
      <OtherWays next={next ?? '/'} onSignedIn={enter} />
      {setup.data.takes_requests && (
        <Link to="/register" className="self-center text-muted underline hover:text-text">
          {strings.signIn.ask}
        </Link>
      )}
    </EntryFrame>
  );
}

/** A sign-in by a provider that needs a second step leads here with its challenge behind the `#`. */
function challengeOfProvider(): string | undefined {
  return new URLSearchParams(window.location.hash.slice(1)).get('challenge') ?? undefined;
}

function Note({ children }: { children: string }) {
  return (
    <p className="flex gap-2 rounded-md border border-line bg-raised p-3 text-muted">
      <Info aria-hidden size={16} className="mt-0.5 shrink-0 text-attention" />
      {children}
    </p>
  );
}

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { SignedIn } from '../../contract/identity.ts';
import { completeSignIn } from '../../contract/identity-factors.ts';
import { call } from '../api.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';

/** Asks for a code of the second factor. */
export function SecondStepForm({ challenge, onSignedIn }: { challenge: string; onSignedIn: (signedIn: SignedIn) => Promise<void> }) {
  const [code, setCode] = useState('');
  const complete = useMutation({
    mutationFn: () => call(completeSignIn, { body: { challenge, code: code.trim() } }),
    onSuccess: onSignedIn,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    complete.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label={strings.signIn.code} hint={strings.signIn.codeHint}>
        {(control) => (
          <input
            {...control}
            className={INPUT_CLASS}
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            // biome-ignore lint/a11y/noAutofocus: the page shows this one field, in answer to what was sent before
            autoFocus
            required
            minLength={6}
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        )}
      </Field>
      {complete.isError && <ProblemNote error={complete.error} />}
      <Button type="submit" look="primary" busy={complete.isPending}>
        {strings.signIn.submit}
      </Button>
    </form>
  );
}

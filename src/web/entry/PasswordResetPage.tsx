import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { resetPassword } from '../../contract/identity.ts';
import { call } from '../api.ts';
import { EntryFrame } from '../shell/EntryFrame.tsx';
import { entryWords } from '../strings/entry/words.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { useLinkToken } from './link-token.ts';
import { NewPasswordField } from './NewPasswordField.tsx';

const { reset: text } = entryWords;

/** Where the link for a new password leads. */
export function PasswordResetPage() {
  const [token] = useLinkToken();
  const [password, setPassword] = useState('');
  const reset = useMutation({ mutationFn: () => call(resetPassword, { body: { token, password } }) });
  if (!token) return <EntryFrame title={entryWords.noLink} lead={entryWords.noLinkDetail} />;
  if (reset.isSuccess)
    return (
      <EntryFrame title={text.done} lead={text.doneDetail}>
        <Link to="/sign-in" search={{}} className={buttonClass('primary')}>
          {entryWords.toSignIn}
        </Link>
      </EntryFrame>
    );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    reset.mutate();
  };
  return (
    <EntryFrame title={text.title} lead={text.lead}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <NewPasswordField label={text.password} value={password} onChange={setPassword} />
        {reset.isError && <ProblemNote error={reset.error} />}
        <Button type="submit" look="primary" busy={reset.isPending}>
          {text.submit}
        </Button>
      </form>
    </EntryFrame>
  );
}

import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { EntryFrame } from '../shell/EntryFrame.tsx';
import { entryWords } from '../strings/entry/words.ts';
import { buttonClass } from '../ui/Button.tsx';
import { AccountForm } from './AccountForm.tsx';

const { request: text } = entryWords;

/** Where people ask for an account, if the tenant takes requests. */
export function RequestPage() {
  const [isAsked, setIsAsked] = useState(false);
  if (isAsked)
    return (
      <EntryFrame title={text.asked} lead={text.askedDetail}>
        <Link to="/sign-in" search={{}} className={buttonClass('primary')}>
          {entryWords.toSignIn}
        </Link>
      </EntryFrame>
    );
  return (
    <EntryFrame title={text.title} lead={text.lead}>
      <AccountForm action={text.submit} onAsked={() => setIsAsked(true)} />
    </EntryFrame>
  );
}

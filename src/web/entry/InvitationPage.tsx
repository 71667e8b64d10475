import { EntryFrame } from '../shell/EntryFrame.tsx';
import { entryWords } from '../strings/entry/words.ts';
import { AccountForm } from './AccountForm.tsx';
import { useLinkToken } from './link-token.ts';

const { invitation: text } = entryWords;

/** Where the link of an invitation leads: the person makes the own account and is signed in. */
export function InvitationPage() {
  const [token] = useLinkToken();
  if (!token) return <EntryFrame title={entryWords.noLink} lead={entryWords.noLinkDetail} />;
  return (
    <EntryFrame title={text.title} lead={text.lead}>
      <AccountForm invitation={token} action={text.submit} />
    </EntryFrame>
  );
}

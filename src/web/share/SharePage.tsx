import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { logout } from '../../contract/identity.ts';
import { openShareLink } from '../../contract/identity-shares.ts';
import { call } from '../api.ts';
import { useLinkToken } from '../entry/link-token.ts';
import { whoAmIQuery } from '../queries.ts';
import { EntryFrame } from '../shell/EntryFrame.tsx';
import { PagePending } from '../shell/PageStates.tsx';
import { entryWords } from '../strings/entry/words.ts';
import { Button } from '../ui/Button.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { TextField } from '../ui/TextField.tsx';
import { forgetFrames } from '../viewer/forget-frames.ts';
import { SharedDiagnosis } from './SharedDiagnosis.tsx';
import { SharedView } from './SharedView.tsx';

const { share: text } = entryWords;

/** Where a share link leads: it is opened by a click, so that nothing that only looks at links uses it up or ends a session. */
export function SharePage() {
  const [token, forgetToken] = useLinkToken();
  const [isClosed, setIsClosed] = useState(false);
  const who = useQuery({ ...whoAmIQuery, enabled: token === '' && !isClosed, retry: false });
  const queryClient = useQueryClient();
  const close = useMutation({
    mutationFn: () => call(logout),
    onSettled: () => {
      setIsClosed(true);
      forgetFrames();
      queryClient.clear();
    },
  });
  const opened = (): void => {
    setIsClosed(false);
    forgetToken();
  };
  if (token) return <OpenForm key={token} token={token} onOpened={opened} />;
  if (isClosed) return <EntryFrame title={text.closed} lead={text.closedDetail} />;
  if (who.isPending) return <PagePending />;
  if (who.data?.kind === 'share' && who.data.diagnosis_id !== null) return <SharedDiagnosis onClose={() => close.mutate()} />;
  const study = who.data?.kind === 'share' ? who.data.study_instance_uid : null;
  if (!who.data || study === null) {
    const isOver = queryClient.getQueryData(OPENED) === true;
    return <EntryFrame title={isOver ? text.ended : entryWords.noLink} lead={isOver ? text.endedDetail : entryWords.noLinkDetail} />;
  }
  return <SharedView uid={study} showsStudy={who.data.permissions.includes('study:read')} onClose={() => close.mutate()} />;
}

/** Whether a link was opened on this page: what ends it then is told otherwise than a link that was never whole. */
const OPENED = ['share', 'opened'];

function OpenForm({ token, onOpened }: { token: string; onOpened: () => void }) {
  const [password, setPassword] = useState('');
  const queryClient = useQueryClient();
  const open = useMutation({
    mutationFn: () => call(openShareLink, { body: { token, ...(password ? { password } : {}) } }),
    onSuccess: () => {
      forgetFrames();
      queryClient.clear();
      queryClient.setQueryData(OPENED, true);
      onOpened();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    open.mutate();
  };
  return (
    <EntryFrame title={text.title} lead={text.lead}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label={text.password}
          hint={text.passwordHint}
          type="password"
          autoComplete="off"
          maxLength={256}
          value={password}
          onChange={setPassword}
        />
        {open.isError && <ProblemNote error={open.error} />}
        <Button type="submit" look="primary" busy={open.isPending}>
          {text.open}
        </Button>
        <p className="text-sm text-muted">{text.signsOut}</p>
      </form>
    </EntryFrame>
  );
}

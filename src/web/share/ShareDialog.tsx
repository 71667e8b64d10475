import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addShareLink, listShareLinks, revokeShareLink } from '../../contract/identity-shares.ts';
import { FormModal } from '../admin/FormModal.tsx';
import { ShownOnce } from '../admin/ShownOnce.tsx';
import { useAct } from '../admin/use-act.ts';
import { call } from '../api.ts';
import { dateTime } from '../format.ts';
import { reportsQuery } from '../queries.ts';
import { entryWords } from '../strings/entry/words.ts';
import { peopleWords } from '../strings/people/words.ts';
import { Button } from '../ui/Button.tsx';
import { Select } from '../ui/Select.tsx';
import { TextField } from '../ui/TextField.tsx';

const { make: text } = entryWords;
const { spans, shares } = peopleWords;
/** The beginning of every key of a list of links. */
const SHARES = ['shares'];
const linksQuery = (study_instance_uid: string) =>
  queryOptions({
    queryKey: [...SHARES, study_instance_uid],
    queryFn: ({ signal }) => call(listShareLinks, { query: { study_instance_uid } }, { signal }),
  });

/** Makes a link to a study or its signed report, and ends those that are open. */
export function ShareDialog({ uid, onClose }: { uid: string; onClose: () => void }) {
  const [typed, setTyped] = useState({ what: '', hours: '168' as keyof typeof spans, password: '', note: '' });
  const reports = useQuery(reportsQuery(uid));
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: () => {
      const { what, hours, password, note } = typed;
      const chosen = {
        ...(what ? { report_id: what } : {}),
        ...(password ? { password } : {}),
        ...(note.trim() ? { note: note.trim() } : {}),
      };
      return call(addShareLink, { body: { study_instance_uid: uid, hours: Number(hours), ...chosen } });
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: SHARES }),
  });
  if (act.data) return <ShownOnce title={text.made} value={act.data.url} expiresAt={act.data.expires_at} onClose={onClose} />;
  const signed = reports.data?.items.filter(({ status }) => status !== 'draft') ?? [];
  const choices = [['', text.study], ...signed.map(({ id, version }) => [id, text.report(version)] as const)] as const;
  return (
    <FormModal title={text.title} lead={text.lead} action={text.submit} act={act} onClose={onClose}>
      <Select label={text.what} value={typed.what} choices={choices} onChange={(what) => setTyped({ ...typed, what })} />
      <Select label={text.hours} value={typed.hours} choices={spans} onChange={(hours) => setTyped({ ...typed, hours })} />
      <TextField
        label={text.password}
        hint={text.passwordHint}
        type="password"
        autoComplete="new-password"
        minLength={8}
        maxLength={256}
        value={typed.password}
        onChange={(password) => setTyped({ ...typed, password })}
      />
      <TextField
        label={text.note}
        hint={text.noteHint}
        maxLength={200}
        value={typed.note}
        onChange={(note) => setTyped({ ...typed, note })}
      />
      <OpenLinks uid={uid} />
    </FormModal>
  );
}

function OpenLinks({ uid }: { uid: string }) {
  const links = useQuery(linksQuery(uid));
  const end = useAct({
    run: (id: string) => call(revokeShareLink, { params: { id } }),
    refreshes: [SHARES],
    said: () => shares.isEnded,
  });
  const open = links.data?.items.filter(({ revoked_at, expires_at }) => revoked_at === null && Date.parse(expires_at) > Date.now()) ?? [];
  if (open.length === 0) return null;
  return (
    <section aria-label={text.open} className="border-t border-line pt-3">
      <h3 className="text-sm font-medium text-muted">{text.open}</h3>
      <ul className="flex flex-col divide-y divide-line">
        {open.map(({ id, note, expires_at }) => (
          <li key={id} className="flex items-center gap-3 py-1">
            <span className="min-w-0 grow">
              <bdi className="block truncate">{note || text.noNote}</bdi>
              <span className="block text-sm text-muted tabular-nums">{peopleWords.common.until(dateTime(expires_at))}</span>
            </span>
            <Button look="quiet" onClick={() => end.mutate(id)}>
              {text.end}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

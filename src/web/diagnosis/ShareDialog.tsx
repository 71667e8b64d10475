import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link2, Link2Off, Lock } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { addDiagnosisLink, type DiagnosisLink, revokeDiagnosisLink } from '../../contract/diagnosis-shares.ts';
import { call } from '../api.ts';
import { dateTime } from '../format.ts';
import { diagnosisWords as words } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { Copyable } from '../ui/Copyable.tsx';
import { Skeleton } from '../ui/EmptyState.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { Select } from '../ui/Select.tsx';
import { diagnosisLinksQuery } from './diagnosis-queries.ts';

const MIN_PASSWORD = 8;
type Hours = '24' | '168' | '720';

/** Links to the results: a new one, which is shown this once, and those that there are. */
export function ShareDialog({ id, onClose }: { id: string; onClose: () => void }) {
  return (
    <Modal open wide onOpenChange={onClose} title={words.shareTitle} lead={words.shareLead}>
      <div className="flex flex-col gap-5 pb-3">
        <NewLink id={id} />
        <Links id={id} />
      </div>
    </Modal>
  );
}

function NewLink({ id }: { id: string }) {
  const [hours, setHours] = useState<Hours>('168');
  const [password, setPassword] = useState('');
  const [note, setNote] = useState('');
  const queryClient = useQueryClient();
  const make = useMutation({
    mutationFn: () =>
      call(addDiagnosisLink, {
        params: { id },
        body: { hours: Number(hours), ...(password ? { password } : {}), ...(note.trim() ? { note: note.trim() } : {}) },
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['diagnosis', id, 'shares'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  if (make.data)
    return (
      <div className="flex flex-col gap-2">
        <Copyable label={words.link} value={make.data.url} />
        <p className="text-sm text-muted">{words.linkOnce(dateTime(make.data.expires_at))}</p>
        <div>
          <Button onClick={() => make.reset()}>{words.anotherLink}</Button>
        </div>
      </div>
    );
  const isShort = password !== '' && password.length < MIN_PASSWORD;
  return (
    <form className="grid gap-3 sm:grid-cols-2" onSubmit={submit}>
      <Select label={words.validFor} value={hours} choices={words.validities} onChange={setHours} />
      <Field label={words.linkPassword} hint={words.linkPasswordHint} error={isShort ? words.shortPassword : undefined}>
        {(control) => (
          <input
            {...control}
            type="text"
            autoComplete="off"
            className={INPUT_CLASS}
            maxLength={256}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <div className="sm:col-span-2">
        <Field label={words.note} hint={words.noteHint}>
          {(control) => (
            <input
              {...control}
              dir="auto"
              className={INPUT_CLASS}
              maxLength={200}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
      </div>
      {make.isError && (
        <div className="sm:col-span-2">
          <ProblemNote error={make.error} />
        </div>
      )}
      <div className="sm:col-span-2">
        <Button type="submit" look="primary" icon={Link2} busy={make.isPending} disabled={isShort}>
          {words.makeLink}
        </Button>
      </div>
    </form>
  );
}

function Links({ id }: { id: string }) {
  const links = useQuery(diagnosisLinksQuery(id));
  if (links.isError) return <ProblemNote error={links.error} />;
  if (!links.data) return <Skeleton rows={2} label={strings.common.loading} />;
  if (links.data.items.length === 0) return null;
  return (
    <section aria-label={words.links}>
      <h3 className="pb-1 text-sm font-medium text-muted">{words.links}</h3>
      <ul className="divide-y divide-line">
        {links.data.items.map((link) => (
          <LinkRow key={link.id} link={link} />
        ))}
      </ul>
    </section>
  );
}

function LinkRow({ link }: { link: DiagnosisLink }) {
  const queryClient = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => call(revokeDiagnosisLink, { params: { id: link.diagnosis_id, link_id: link.id } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['diagnosis', link.diagnosis_id, 'shares'] }),
  });
  const isExpired = new Date(link.expires_at).getTime() <= Date.now();
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1.5">
      <bdi className="font-medium">{link.note || words.unnamedLink}</bdi>
      {link.has_password && <Lock aria-label={words.hasPassword} size={13} className="text-muted" />}
      <span className="text-sm text-muted tabular-nums">{words.opened(link.uses)}</span>
      <span className="text-sm text-muted tabular-nums">{words.until(dateTime(link.expires_at))}</span>
      <span className="ms-auto">
        {link.revoked_at !== null || isExpired ? (
          <Badge>{link.revoked_at === null ? words.expired : words.revoked}</Badge>
        ) : (
          <Button look="quiet" icon={Link2Off} busy={revoke.isPending} onClick={() => revoke.mutate()}>
            {words.revoke}
          </Button>
        )}
      </span>
      {revoke.isError && <ProblemNote error={revoke.error} />}
    </li>
  );
}

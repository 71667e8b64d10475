import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { FilePlus2, Lock } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { addAddendum, deleteAddendum, editAddendum, signAddendum } from '../../contract/report-addenda.ts';
import type { Addendum, Report } from '../../contract/reports.ts';
import { call } from '../api.ts';
import { dateTime } from '../format.ts';
import { profileQuery } from '../queries.ts';
import { reportWords } from '../strings/report/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { cx } from '../ui/cx.ts';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { takeFocus } from './take-focus.ts';

const text = reportWords.addendum;
const FORM_ID = 'addendum';

/** What was added to a signed report, each signed for itself. */
export function AddendumList({ report }: { report: Report }) {
  const signed = report.addenda.filter(({ status }) => status === 'final');
  return signed.map((addendum) => (
    <section key={addendum.id} className="border-t border-line pt-2">
      <h3 className="flex items-center gap-1.5 text-sm font-medium text-muted">
        <Lock aria-hidden size={12} />
        {text.title(addendum.number)}
      </h3>
      <p dir="auto" className="whitespace-pre-wrap">
        {addendum.text}
      </p>
      <p className="text-sm text-muted">
        <bdi>{addendum.signed_by}</bdi>, {addendum.signed_at && dateTime(addendum.signed_at)} ·{' '}
        <span className="break-all">{addendum.content_sha256?.slice(0, 12)}…</span>
      </p>
    </section>
  ));
}

/** Opens the form for an addendum, or goes on with the one that is not signed yet. */
export function AddendumButton({ uid, report }: { uid: string; report: Report }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon={FilePlus2} onClick={() => setOpen(true)}>
        {text.add}
      </Button>
      {isOpen && <AddendumDialog uid={uid} report={report} onClose={() => setOpen(false)} />}
    </>
  );
}

function AddendumDialog({ uid, report, onClose }: { uid: string; report: Report; onClose: () => void }) {
  const [opened, setOpened] = useState(report.addenda.find(({ status }) => status === 'draft'));
  const [words, setWords] = useState(opened?.text ?? '');
  const [password, setPassword] = useState('');
  const profile = useQuery(profileQuery);
  const acts = useAddendum(uid, { report, opened, onOpened: setOpened });
  const done = { onSuccess: onClose };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    acts.sign.mutate({ words, password }, done);
  };
  const error = acts.save.error ?? acts.sign.error ?? acts.discard.error;
  return (
    <Modal
      open
      wide
      onOpenChange={onClose}
      title={text.add}
      lead={text.lead}
      footer={
        <>
          {opened && (
            <Button look="quiet" className="me-auto" busy={acts.discard.isPending} onClick={() => acts.discard.mutate(opened, done)}>
              {text.discard}
            </Button>
          )}
          <Button busy={acts.save.isPending} disabled={!words.trim()} onClick={() => acts.save.mutate(words, done)}>
            {text.save}
          </Button>
          <Button type="submit" form={FORM_ID} look="primary" busy={acts.sign.isPending} disabled={!words.trim() || !password}>
            {text.sign}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} onSubmit={submit} className="flex flex-col gap-3 pb-2">
        <input type="hidden" autoComplete="username" value={profile.data?.username ?? ''} readOnly />
        <Field label={text.text} hint={text.amendInstead}>
          {(control) => (
            <textarea
              {...control}
              ref={takeFocus}
              dir="auto"
              rows={5}
              maxLength={20_000}
              className={cx(INPUT_CLASS, 'h-auto py-1.5')}
              value={words}
              onChange={({ target }) => setWords(target.value)}
            />
          )}
        </Field>
        <p>
          <span className="text-muted">{strings.report.signedBy}</span> <span className="font-medium">{profile.data?.full_name}</span>:{' '}
          {text.meaning}
        </p>
        <Field label={strings.report.password}>
          {(control) => (
            <input
              {...control}
              type="password"
              autoComplete="current-password"
              className={INPUT_CLASS}
              value={password}
              onChange={({ target }) => setPassword(target.value)}
            />
          )}
        </Field>
        {error && <ProblemNote error={error} />}
      </form>
    </Modal>
  );
}

type AddendumParts = { report: Report; opened: Addendum | undefined; onOpened: (addendum: Addendum) => void };

function useAddendum(uid: string, { report, opened, onOpened }: AddendumParts) {
  const queryClient = useQueryClient();
  const onSettled = () => queryClient.invalidateQueries({ queryKey: ['study', uid] });
  const put = async (words: string): Promise<Addendum> => {
    const saved = opened
      ? await call(editAddendum, { params: { id: opened.id }, body: { text: words } })
      : await call(addAddendum, { params: { id: report.id }, body: { text: words } });
    onOpened(saved);
    return saved;
  };
  return {
    save: useMutation({ mutationFn: put, onSettled }),
    sign: useMutation({
      mutationFn: async ({ words, password }: { words: string; password: string }) => {
        const { id } = await put(words);
        return call(signAddendum, { params: { id }, body: { password, seen_text: words, meaning: text.meaning } });
      },
      onSettled,
    }),
    discard: useMutation({ mutationFn: ({ id }: Addendum) => call(deleteAddendum, { params: { id } }), onSettled }),
  };
}

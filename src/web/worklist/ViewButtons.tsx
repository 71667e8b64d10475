import { useQueryClient } from '@tanstack/react-query';
import { BookmarkPlus, BookmarkX, Share2, UserRoundX } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { putSharedView, type ReadingPreferences, removeSharedView } from '../../contract/reading-list.ts';
import { call } from '../api.ts';
import { useRights } from '../rights.ts';
import { strings } from '../strings/strings.ts';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Modal } from '../ui/Modal.tsx';
import { useToast } from '../ui/toast.ts';
import { useKeepPreferences } from './use-keep-preferences.ts';
import type { View } from './views.ts';
import type { Shown } from './worklist-queries.ts';

type ViewButtonsProps = { shown: Shown; onShow: (shown: Shown) => void; view: View | undefined; preferences: ReadingPreferences };

/** What is shown as a view: kept, removed, shared with everybody of the institution, or the own again. */
export function ViewButtons({ shown, onShow, view, preferences }: ViewButtonsProps) {
  const [isNaming, setNaming] = useState(false);
  const mayShare = useRights()?.('report:write') === true;
  const keep = useKeepPreferences();
  const { share, unshare } = useSharing(preferences);
  const toast = useToast();
  const save = (name: string) => {
    const added = { id: newUuid(), name, filter: shown.filter, order: shown.order };
    keep({ ...preferences, views: [...preferences.views, added] });
    toast({ text: text.views.saved(name), undo: () => keep(preferences) });
  };
  const remove = (own: View) => {
    keep({ ...preferences, views: preferences.views.filter(({ id }) => id !== own.id) });
    onShow({ filter: {}, order: 'priority' });
    toast({ text: text.views.removed(own.name), undo: () => keep(preferences) });
  };
  const isOwn = view?.isOwn === true && !view.sharedBy;
  return (
    <>
      {!view && <IconButton icon={BookmarkPlus} label={text.views.save} onClick={() => setNaming(true)} />}
      {view && isOwn && mayShare && <IconButton icon={Share2} label={text.views.share} onClick={() => void share(view)} />}
      {view && isOwn && <IconButton icon={BookmarkX} label={text.views.remove} onClick={() => remove(view)} />}
      {view?.sharedBy && view.isOwn && <IconButton icon={UserRoundX} label={text.views.unshare} onClick={() => void unshare(view)} />}
      {isNaming && <NameDialog onClose={() => setNaming(false)} onName={save} />}
    </>
  );
}

/** Gives an own view to everybody, and takes it back to the own ones: it is in one place at a time. */
function useSharing(preferences: ReadingPreferences) {
  const queryClient = useQueryClient();
  const keep = useKeepPreferences();
  const toast = useToast();
  const attempt = async (act: () => Promise<unknown>, said: string, undo: () => void): Promise<void> => {
    try {
      await act();
      toast({ text: said, undo });
    } catch {
      toast({ text: text.views.notShared, tone: 'critical' });
    }
    await queryClient.invalidateQueries({ queryKey: ['reading-list'] });
  };
  const give = ({ id, name, filter, order }: View) => call(putSharedView, { params: { id }, body: { name, filter, order } });
  const without = (view: View) => preferences.views.filter(({ id }) => id !== view.id);
  const toShared = async (view: View): Promise<void> => {
    await give(view);
    keep({ ...preferences, views: without(view) });
  };
  const toOwn = async ({ id, name, filter, order }: View): Promise<void> => {
    await call(removeSharedView, { params: { id } });
    keep({ ...preferences, views: [...preferences.views.filter((own) => own.id !== id), { id, name, filter, order }] });
  };
  const share = (view: View): Promise<void> =>
    attempt(
      () => toShared(view),
      text.views.shared(view.name),
      () => void unshare(view),
    );
  const unshare = (view: View): Promise<void> =>
    attempt(
      () => toOwn(view),
      text.views.unshared(view.name),
      () => void share(view),
    );
  return { share, unshare };
}

/** Version 4 (RFC 9562 5.4). `crypto.randomUUID` is missing where the page came without TLS. */
function newUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const at = (index: number) => bytes[index] ?? 0;
  bytes[6] = (at(6) & 0x0f) | 0x40;
  bytes[8] = (at(8) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function NameDialog({ onClose, onName }: { onClose: () => void; onName: (name: string) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name') ?? '').trim();
    if (name === '') return;
    onClose();
    onName(name);
  };
  return (
    <Modal
      open
      onOpenChange={onClose}
      title={text.views.save}
      footer={
        <Button look="primary" type="submit" form="worklist-view">
          {strings.common.save}
        </Button>
      }
    >
      <form id="worklist-view" onSubmit={submit}>
        <Field label={text.views.name}>
          {(control) => <input {...control} name="name" required maxLength={60} className={INPUT_CLASS} />}
        </Field>
      </form>
    </Modal>
  );
}

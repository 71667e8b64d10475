import { useMutation, useQueryClient } from '@tanstack/react-query';
import { BookmarkPlus, BookmarkX, Columns3, ImagePlus, Keyboard, ListFilter } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { putReadingPreferences, type ReadingPreferences } from '../../contract/reading-list.ts';
import { call } from '../api.ts';
import { LiveStatus } from '../live/LiveStatus.tsx';
import { strings } from '../strings/strings.ts';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Modal } from '../ui/Modal.tsx';
import { PageHeader } from '../ui/PageHeader.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { showProblem, useToast } from '../ui/toast.ts';
import { showUploads } from '../upload/queue.ts';
import type { View } from './views.ts';
import { putPreferences, type Shown } from './worklist-queries.ts';

type WorklistHeadProps = {
  search: string;
  onSearch: (search: string) => void;
  shown: Shown;
  onShow: (shown: Shown) => void;
  view: View | undefined;
  preferences: ReadingPreferences;
  isFiltering: boolean;
  onFilter: (isFiltering: boolean) => void;
  onColumns: () => void;
  onHelp: () => void;
};

/** Search, filters, views and columns. */
export function WorklistHead(props: WorklistHeadProps) {
  const { search, onSearch, shown, onShow, view, preferences, isFiltering, onFilter, onColumns, onHelp } = props;
  const [isNaming, setNaming] = useState(false);
  const keep = useKeepPreferences();
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
  return (
    <PageHeader
      title={text.title}
      tools={
        <>
          <SearchBox
            hasShortcut
            value={search}
            onChange={onSearch}
            label={strings.studies.searchLabel}
            placeholder={strings.studies.search}
            className="w-88 max-sm:w-0 max-sm:grow"
          />
          <IconButton icon={ListFilter} label={text.filters.title} aria-pressed={isFiltering} onClick={() => onFilter(!isFiltering)} />
          {!view && <IconButton icon={BookmarkPlus} label={text.views.save} onClick={() => setNaming(true)} />}
          {view?.isOwn && <IconButton icon={BookmarkX} label={text.views.remove} onClick={() => remove(view)} />}
          <IconButton icon={Columns3} label={text.columns.title} className="max-md:hidden" onClick={onColumns} />
          <IconButton icon={Keyboard} label={text.help.title} className="max-md:hidden" onClick={onHelp} />
        </>
      }
      actions={
        <>
          <span className="me-1 max-sm:hidden">
            <LiveStatus />
          </span>
          <Button look="primary" icon={ImagePlus} onClick={() => showUploads(true)}>
            <span className="max-sm:sr-only">{strings.studies.upload}</span>
          </Button>
          {isNaming && <NameDialog onClose={() => setNaming(false)} onName={save} />}
        </>
      }
    />
  );
}

/** Keeps columns and views: shown at once, and on the server a moment later. */
export function useKeepPreferences(): (preferences: ReadingPreferences) => void {
  const queryClient = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: (preferences: ReadingPreferences) => call(putReadingPreferences, { body: preferences }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['reading-list', 'counts'] }),
    onError: (error) => showProblem(error),
  });
  return (preferences) => {
    putPreferences(queryClient, preferences);
    mutate(preferences);
  };
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

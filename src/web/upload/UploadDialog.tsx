import { FilePlus2, FolderPlus, TriangleAlert } from 'lucide-react';
import { type RefObject, useRef } from 'react';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { LiveRegion } from '../ui/LiveRegion.tsx';
import { Modal } from '../ui/Modal.tsx';
import { filesOfDrop, filesOfList } from './collect-files.ts';
import { isPicture, type UploadItem } from './items.ts';
import { PictureForm } from './PictureForm.tsx';
import { addUploads, cancelAllUploads, clearFinishedUploads, isUnfinished, showUploads, startUploads, useUploads } from './queue.ts';
import { UploadRow } from './UploadRow.tsx';

const text = strings.upload;
/** In every browser, but not in React's types. */
const FOLDER = { webkitdirectory: '' };

/** Choosing files, and what becomes of each. Closing it does not stop the sending. */
export function UploadDialog() {
  const { items, needsStart, cutOff } = useUploads();
  const unfinished = items.filter(isUnfinished).length;
  const total = totals(items);
  return (
    <Modal
      open
      wide
      onOpenChange={showUploads}
      title={text.title}
      lead={text.lead}
      footer={
        items.length > 0 && (
          <>
            <p className="me-auto text-sm text-muted">{needsStart ? '' : total}</p>
            {unfinished > 0 && <Button onClick={cancelAllUploads}>{text.cancelAll}</Button>}
            {unfinished < items.length && <Button onClick={clearFinishedUploads}>{text.clear}</Button>}
            {needsStart ? (
              <Button look="primary" onClick={startUploads}>
                {text.start}
              </Button>
            ) : (
              <Button look="primary" onClick={() => showUploads(false)}>
                {strings.common.close}
              </Button>
            )}
          </>
        )
      }
    >
      {cutOff > 0 && (
        <p role="status" className="mb-3 flex gap-2 rounded-md border border-line bg-attention-soft p-3">
          <TriangleAlert aria-hidden size={16} className="mt-0.5 shrink-0 text-attention" />
          {text.cutOffDetail(cutOff)}
        </p>
      )}
      <ChooseFiles compact={items.length > 0} />
      {needsStart && items.some((item) => item.state === 'waiting' && isPicture(item.name)) && <PictureForm />}
      <ul className="mt-2 flex flex-col">
        {byUrgency(items).map((item) => (
          <UploadRow key={item.id} item={item} />
        ))}
      </ul>
      <LiveRegion>{items.length > 0 && unfinished === 0 ? `${text.finished}. ${total}` : ''}</LiveRegion>
    </Modal>
  );
}

function ChooseFiles({ compact }: { compact: boolean }) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: RefObject<HTMLInputElement | null>) => {
    addUploads(filesOfList(input.current?.files ?? null));
    if (input.current) input.current.value = '';
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the buttons in it do the same by keyboard
    <div
      className={`flex flex-col items-center justify-center gap-3 rounded-md border border-dashed border-line-strong px-4 ${compact ? 'py-3' : 'py-10'}`}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void filesOfDrop(event.dataTransfer).then(addUploads);
      }}
    >
      {!compact && <p className="text-muted">{text.drop}</p>}
      <div className="flex flex-wrap justify-center gap-2">
        <Button icon={FilePlus2} onClick={() => files.current?.click()}>
          {text.chooseFiles}
        </Button>
        <Button icon={FolderPlus} onClick={() => folder.current?.click()}>
          {text.chooseFolder}
        </Button>
      </div>
      <input ref={files} type="file" multiple hidden aria-label={text.chooseFiles} onChange={() => take(files)} />
      <input ref={folder} type="file" multiple hidden aria-label={text.chooseFolder} {...FOLDER} onChange={() => take(folder)} />
    </div>
  );
}

/** What needs the reader first, then what is on its way, then what is done. */
function byUrgency(items: readonly UploadItem[]): UploadItem[] {
  const rank = (item: UploadItem) => (item.state === 'refused' || item.state === 'failed' ? 0 : isUnfinished(item) ? 1 : 2);
  return items.toSorted((a, b) => rank(a) - rank(b));
}

function totals(items: readonly UploadItem[]): string {
  const sum = (key: 'stored' | 'already_held' | 'refused') => items.reduce((total, { result }) => total + (result?.[key] ?? 0), 0);
  const refusedWhole = items.filter((item) => item.state === 'refused' && !item.result).length;
  return text.total(sum('stored'), sum('already_held'), sum('refused') + refusedWhole);
}

import { reportWords } from '../strings/report/words.ts';
import { Modal } from '../ui/Modal.tsx';

const KEYS: readonly (readonly [keys: string, name: keyof typeof reportWords.keyNames])[] = [
  ['Alt W', 'write'],
  ['Alt B', 'findings'],
  ['Alt I', 'insert'],
  ['Alt T', 'template'],
  ['Alt R', 'critical'],
  ['Alt C', 'check'],
  ['Alt P', 'preview'],
  ['Alt S', 'sign'],
  ['Alt D', 'dictate'],
  ['F2, Alt N', 'field'],
  ['Alt 1, Alt 2', 'option'],
  ['Tab', 'expand'],
  ['Alt Enter', 'confirm'],
  ['Alt E', 'evidence'],
  ['Esc', 'leave'],
];

/** Every key of the editor. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal open onOpenChange={onClose} title={reportWords.keys} lead={reportWords.keysLead}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 pb-2">
        {KEYS.map(([keys, name]) => (
          <div key={name} className="contents">
            <dt>
              <kbd dir="ltr" className="rounded-sm border border-line-strong bg-raised px-1.5 text-sm whitespace-nowrap">
                {keys}
              </kbd>
            </dt>
            <dd>{reportWords.keyNames[name]}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

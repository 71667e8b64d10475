import { worklistWords as text } from '../strings/worklist/words.ts';
import { KeyHint } from '../ui/KeyHint.tsx';
import { Modal } from '../ui/Modal.tsx';

const KEYS = [
  ['j ↓', text.help.down],
  ['k ↑', text.help.up],
  ['PgDn PgUp', text.help.page],
  ['Home End', text.help.ends],
  ['Enter', text.help.open],
  ['/', text.help.search],
  ['/ ↓', text.help.found],
  ['a', text.help.assign],
  ['p', text.help.reasons],
  ['x', text.help.select],
  ['r', text.help.refresh],
  ['Esc', text.help.escape],
  ['Ctrl Z', text.help.undo],
  ['Alt J', text.help.next],
  ['Alt L', text.help.list],
  ['?', text.help.help],
] as const;

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal open onOpenChange={onClose} title={text.help.title}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 pb-2">
        {KEYS.map(([keys, meaning]) => (
          <div key={keys} className="contents">
            <dt>
              <KeyHint keys={keys} />
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

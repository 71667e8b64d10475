import { worklistWords as text } from '../strings/worklist/words.ts';
import { KeyHint } from '../ui/KeyHint.tsx';
import { Modal } from '../ui/Modal.tsx';

const KEYS = [
  ['j ↓', text.help.down],
  ['k ↑', text.help.up],
  ['Enter', text.help.open],
  ['/', text.help.search],
  ['a', text.help.assign],
  ['p', text.help.reasons],
  ['x', text.help.select],
  ['r', text.help.refresh],
  ['Esc', text.help.escape],
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

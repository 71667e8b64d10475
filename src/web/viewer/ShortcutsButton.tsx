import { Keyboard } from 'lucide-react';
import { useState } from 'react';
import { useShortcuts, useShortcutsEnabled } from '../shell/use-shortcuts.ts';
import { strings } from '../strings/strings.ts';
import { IconButton } from '../ui/Button.tsx';
import { Modal } from '../ui/Modal.tsx';

/** Opens the list of keys; single-key shortcuts can be switched off there. */
export function ShortcutsButton() {
  const [open, setOpen] = useState(false);
  const [enabled, setEnabled] = useShortcutsEnabled();
  useShortcuts({ '?': () => setOpen(true) });
  return (
    <>
      <IconButton icon={Keyboard} label={strings.viewer.keys} onClick={() => setOpen(true)} />
      <Modal open={open} onOpenChange={setOpen} title={strings.shortcuts.title}>
        <dl className="grid grid-cols-[auto_1fr] gap-x-6">
          {strings.shortcuts.rows.map(([keys, meaning]) => (
            <div key={keys} className="col-span-2 grid grid-cols-subgrid border-b border-line py-1.5 last:border-0">
              <dt className="font-medium">{keys}</dt>
              <dd className="text-muted">{meaning}</dd>
            </div>
          ))}
        </dl>
        <label className="my-3 flex items-center gap-2">
          <input type="checkbox" className="accent-strong" checked={enabled} onChange={(event) => setEnabled(event.target.checked)} />
          {strings.shortcuts.enabled}
        </label>
      </Modal>
    </>
  );
}

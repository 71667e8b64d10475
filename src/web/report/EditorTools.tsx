import { ArrowRightToLine, FileStack, Keyboard, Mic, MicOff, Plus, Siren } from 'lucide-react';
import { reportWords } from '../strings/report/words.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import type { EditorDialog } from './editor-dialog.ts';
import { canDictate } from './use-dictation.ts';
import type { Editor } from './use-editor.ts';

const text = reportWords;

type EditorToolsProps = {
  editor: Editor;
  dictates: boolean;
  onDictate: (on: boolean) => void;
  onOpen: (dialog: EditorDialog) => void;
};

/** What helps to write; each has a key. */
export function EditorTools({ editor, dictates, onDictate, onOpen }: EditorToolsProps) {
  return (
    <div role="toolbar" aria-label={text.tools} className="flex flex-wrap items-center gap-1 border-b border-line px-3 py-1.5">
      <Button look="quiet" icon={Plus} className="px-2" aria-keyshortcuts="Alt+I" onClick={() => onOpen('insert')}>
        {text.insert}
      </Button>
      <Button look="quiet" icon={FileStack} className="px-2" aria-keyshortcuts="Alt+T" onClick={() => onOpen('template')}>
        {text.template}
      </Button>
      <span className="ms-auto flex">
        <IconButton icon={Siren} label={text.critical} aria-keyshortcuts="Alt+R" onClick={() => onOpen('critical')} />
        {canDictate() && (
          <IconButton
            icon={dictates ? MicOff : Mic}
            label={dictates ? text.stopDictation : text.dictate}
            aria-pressed={dictates}
            aria-keyshortcuts="Alt+D"
            onClick={() => onDictate(!dictates)}
          />
        )}
        <IconButton
          icon={ArrowRightToLine}
          label={text.nextField}
          aria-keyshortcuts="F2"
          className="rtl:[&>svg]:-scale-x-100"
          onClick={editor.nextField}
        />
        <IconButton icon={Keyboard} label={text.keys} onClick={() => onOpen('keys')} />
      </span>
    </div>
  );
}

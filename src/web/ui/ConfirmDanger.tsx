import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { strings } from '../strings/strings.ts';
import { Button } from './Button.tsx';
import { Field, INPUT_CLASS } from './Field.tsx';
import { Modal } from './Modal.tsx';
import { ProblemNote } from './ProblemNote.tsx';

type ConfirmDangerProps = {
  onClose: () => void;
  title: string;
  /** What is lost, and for whom. */
  children: ReactNode;
  /** Has to be typed: the name of what is lost. */
  word: string;
  /** The verb on the button. */
  action: string;
  onConfirm: () => void;
  busy?: boolean;
  error?: unknown;
};

/** For what cannot be undone, and only for that: everything else is done at once, with an undo in a toast. */
export function ConfirmDanger({ onClose, title, children, word, action, onConfirm, busy = false, error }: ConfirmDangerProps) {
  const [typed, setTyped] = useState('');
  const form = useId();
  const isRight = typed.trim() === word;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isRight) onConfirm();
  };
  return (
    <Modal
      open
      onOpenChange={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="submit" form={form} look="danger" busy={busy} disabled={!isRight}>
            {action}
          </Button>
        </>
      }
    >
      <form id={form} className="flex flex-col gap-3 pb-2" onSubmit={submit}>
        <div className="text-muted">{children}</div>
        <Field label={strings.ui.typeToConfirm(word)}>
          {(control) => (
            <input
              {...control}
              className={INPUT_CLASS}
              autoComplete="off"
              spellCheck={false}
              dir="auto"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        {error !== undefined && error !== null && <ProblemNote error={error} />}
      </form>
    </Modal>
  );
}

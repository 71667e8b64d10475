import { type FormEvent, type ReactNode, useId } from 'react';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Modal } from '../ui/Modal.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';

type FormModalProps = {
  title: string;
  lead?: string;
  /** The verb on the button. */
  action: string;
  isDanger?: boolean;
  wide?: boolean;
  onClose: () => void;
  /** What sending the form does. */
  act: { mutate: () => void; isPending: boolean; error: unknown };
  children?: ReactNode;
};

/** A form in a dialog, with its two buttons and what went wrong. */
export function FormModal({ title, lead, action, isDanger = false, wide = false, onClose, act, children }: FormModalProps) {
  const form = useId();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    act.mutate();
  };
  return (
    <Modal
      open
      onOpenChange={onClose}
      title={title}
      wide={wide}
      {...(lead ? { lead } : {})}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="submit" form={form} look={isDanger ? 'danger' : 'primary'} busy={act.isPending}>
            {action}
          </Button>
        </>
      }
    >
      <form id={form} className="flex flex-col gap-3 pb-2" onSubmit={submit}>
        {children}
        {act.error ? <ProblemNote error={act.error} /> : null}
      </form>
    </Modal>
  );
}

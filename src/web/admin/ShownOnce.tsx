import { TriangleAlert } from 'lucide-react';
import { dateTime } from '../format.ts';
import { peopleWords } from '../strings/people/words.ts';
import { Button } from '../ui/Button.tsx';
import { Copyable } from '../ui/Copyable.tsx';
import { Modal } from '../ui/Modal.tsx';

const text = peopleWords.common;

type ShownOnceProps = { title: string; value: string; hint?: string; expiresAt?: string | null; onClose: () => void };

/** A secret that the server tells this one time: a link, a key. */
export function ShownOnce({ title, value, hint, expiresAt, onClose }: ShownOnceProps) {
  return (
    <Modal
      open
      onOpenChange={onClose}
      title={title}
      footer={
        <Button look="primary" onClick={onClose}>
          {text.done}
        </Button>
      }
    >
      <div className="flex flex-col gap-3 pb-2">
        <p className="flex gap-2 text-attention">
          <TriangleAlert aria-hidden size={15} className="mt-0.5 shrink-0" />
          {text.once}
        </p>
        <Copyable label={title} value={value} />
        {hint && <p className="text-muted">{hint}</p>}
        {expiresAt && <p className="text-muted tabular-nums">{text.until(dateTime(expiresAt))}</p>}
      </div>
    </Modal>
  );
}

import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Modal } from '../ui/Modal.tsx';

const text = strings.frame;

/** Shown before the session ends for want of use. A hand on the page is enough to stay, so the button has nothing to do of its own. */
export function IdleWarning({ secondsLeft }: { secondsLeft: number }) {
  return (
    <Modal open onOpenChange={() => {}} title={text.idleTitle} lead={text.idleLead} footer={<Button look="primary">{text.stay}</Button>}>
      <p role="timer" className="pb-3 text-xl tabular-nums">
        <span className="text-base text-muted">{text.idleIn}</span> <bdi>{secondsLeft} s</bdi>
      </p>
    </Modal>
  );
}

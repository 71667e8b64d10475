import { useRef } from 'react';
import { late } from './late.tsx';
import type { ModalProps } from './ModalParts.tsx';

const Parts = late<ModalProps>(async () => (await import('./ModalParts.tsx')).ModalParts);

/** A dialog that keeps focus inside, closes on Escape, and scrolls its middle when it is long. */
export function Modal(props: ModalProps) {
  const wasOpen = useRef(props.open);
  wasOpen.current ||= props.open;
  // When it closes it still gives the focus back.
  return wasOpen.current ? <Parts {...props} /> : null;
}

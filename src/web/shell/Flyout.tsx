import { type FocusEvent, type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { cx } from '../ui/cx.ts';

type FlyoutProps = {
  /** Name of the button and of what it opens. */
  label: string;
  button: ReactNode;
  buttonClass: string;
  align?: 'start' | 'end';
  /** What opens; it is given what closes it. */
  children: (close: () => void) => ReactNode;
};

/**
 * A button in the head of the page that opens links or settings below it: a disclosure, whose links stay links. Escape, a click
 * elsewhere and a way out with Tab close it.
 */
export function Flyout({ label, button, buttonClass, align = 'start', children }: FlyoutProps) {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => setIsOpen(false);
  useEffect(() => {
    if (!isOpen) return;
    const closeOutside = (event: PointerEvent): void => {
      if (event.target instanceof Node && !frame.current?.contains(event.target)) setIsOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [isOpen]);
  const closeOnEscape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !isOpen) return;
    event.stopPropagation();
    close();
    opener.current?.focus();
  };
  const closeWhenLeft = ({ relatedTarget, currentTarget }: FocusEvent): void => {
    if (relatedTarget instanceof Node && !currentTarget.contains(relatedTarget)) close();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices that the focus leaves
    <div ref={frame} className="relative" onKeyDown={closeOnEscape} onBlur={closeWhenLeft}>
      <button
        ref={opener}
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        aria-label={label}
        className={buttonClass}
        onClick={() => setIsOpen(!isOpen)}
      >
        {button}
      </button>
      {isOpen && (
        // biome-ignore lint/a11y/useSemanticElements: a group of links or settings is no form
        <div
          id={id}
          role="group"
          aria-label={label}
          style={{ boxShadow: 'var(--shadow)' }}
          className={cx(
            'absolute top-full z-50 mt-1 max-h-[calc(100dvh-4rem)] w-max max-w-[calc(100vw-1.5rem)] overflow-y-auto rounded-md border border-line-strong bg-surface p-1',
            align === 'end' ? 'end-0' : 'start-0',
          )}
        >
          {children(close)}
        </div>
      )}
    </div>
  );
}

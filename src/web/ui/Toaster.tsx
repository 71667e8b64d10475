import { Undo2, X } from 'lucide-react';
import { useEffect } from 'react';
import { strings } from '../strings/strings.ts';
import { TONE_TEXT } from './Badge.tsx';
import { Button, IconButton } from './Button.tsx';
import { closeToast, holdToast, releaseToast, type Toast, takeBack, undoLatest, useToasts } from './toast.ts';

/** Where the toasts appear: once in the app. Ctrl+Z outside of a text takes the newest back. */
export function Toaster() {
  const toasts = useToasts();
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== 'z' || isText(event.target)) return;
      if (undoLatest()) event.preventDefault();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
  return (
    <section
      aria-label={strings.ui.notices}
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-10 z-60 flex flex-col items-center gap-2 px-3"
    >
      {toasts.map((toast) => (
        <Shown key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function Shown({ toast }: { toast: Toast }) {
  const { id, text, undo, tone = 'neutral' } = toast;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices that somebody is still reading
    <div
      onPointerEnter={() => holdToast(id)}
      onPointerLeave={() => releaseToast(id)}
      onFocus={() => holdToast(id)}
      onBlur={() => releaseToast(id)}
      className="pointer-events-auto flex max-w-full items-center gap-2 rounded-md border border-line-strong bg-surface py-1 ps-3 pe-1"
      style={{ boxShadow: 'var(--shadow)' }}
    >
      <span className={tone === 'neutral' ? 'min-w-0' : `min-w-0 ${TONE_TEXT[tone]}`}>{text}</span>
      {undo && (
        <Button look="quiet" icon={Undo2} className="text-text!" onClick={() => takeBack(toast)}>
          {strings.ui.undo}
        </Button>
      )}
      <IconButton icon={X} label={strings.common.close} onClick={() => closeToast(id)} />
    </div>
  );
}

function isText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest('input, textarea') !== null);
}

import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { strings } from '../strings/strings.ts';
import { IconButton } from './Button.tsx';
import { cx } from './cx.ts';

export type ModalProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  lead?: string;
  wide?: boolean;
  footer?: ReactNode;
  children: ReactNode;
};

/** What a `Modal` draws. */
export function ModalParts({ open, onOpenChange, title, lead, wide = false, footer, children }: ModalProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          {...(lead ? {} : { 'aria-describedby': undefined })}
          className={cx(
            'fixed inset-x-3 top-[10dvh] z-50 mx-auto flex max-h-[80dvh] flex-col rounded-lg border border-line-strong bg-surface text-text',
            wide ? 'max-w-160' : 'max-w-110',
          )}
          style={{ boxShadow: 'var(--shadow)' }}
        >
          <header className="flex items-start gap-2 px-4 pt-3 pb-2">
            <div className="flex-1 pt-1">
              <Dialog.Title className="text-lg font-semibold">{title}</Dialog.Title>
              {lead && <Dialog.Description className="text-muted">{lead}</Dialog.Description>}
            </div>
            <Dialog.Close asChild>
              <IconButton icon={X} label={strings.common.close} className="-me-1.5" />
            </Dialog.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-4 py-2">{children}</div>
          {footer && <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">{footer}</footer>}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

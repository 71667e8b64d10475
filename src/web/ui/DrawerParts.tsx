import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { strings } from '../strings/strings.ts';
import { IconButton } from './Button.tsx';
import { cx } from './cx.ts';

export type DrawerProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  lead?: string;
  /** The side that it comes from, in the direction of reading. */
  side?: 'start' | 'end';
  wide?: boolean;
  footer?: ReactNode;
  children: ReactNode;
};

/** What a `Drawer` draws. */
export function DrawerParts({ open, onOpenChange, title, lead, side = 'end', wide = false, footer, children }: DrawerProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          {...(lead ? {} : { 'aria-describedby': undefined })}
          className={cx(
            'fixed inset-y-0 z-50 flex w-full flex-col border-line-strong bg-surface text-text',
            side === 'end' ? 'end-0 sm:border-s' : 'start-0 sm:border-e',
            wide ? 'sm:max-w-160' : 'sm:max-w-104',
          )}
          style={{ boxShadow: 'var(--shadow)' }}
        >
          <header className="flex items-start gap-2 border-b border-line px-4 py-2">
            <div className="min-w-0 flex-1 pt-1">
              <Dialog.Title className="text-lg font-semibold">{title}</Dialog.Title>
              {lead && <Dialog.Description className="text-muted">{lead}</Dialog.Description>}
            </div>
            <Dialog.Close asChild>
              <IconButton icon={X} label={strings.common.close} className="-me-1.5" />
            </Dialog.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-4 py-3">{children}</div>
          {footer && <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">{footer}</footer>}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

import type { LucideIcon } from 'lucide-react';
import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';

/** A button of the toolbar that opens a small panel of settings. */
export function ToolbarPopover({ icon: Icon, label, children }: { icon: LucideIcon; label: string; children: ReactNode }) {
  return (
    <Popover.Root>
      <Popover.Trigger
        title={label}
        aria-label={label}
        className="inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text data-[state=open]:bg-hover data-[state=open]:text-text"
      >
        <Icon aria-hidden size={16} strokeWidth={1.75} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          role="dialog"
          aria-label={label}
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 flex w-72 flex-col gap-3 rounded-lg border border-line bg-surface p-4 text-base text-text shadow-(--shadow) outline-none"
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

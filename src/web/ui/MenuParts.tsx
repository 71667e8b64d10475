import { Check, type LucideIcon } from 'lucide-react';
import { DropdownMenu as Parts } from 'radix-ui';
import type { ComponentProps, ReactElement } from 'react';
import { cx } from './cx.ts';
import { KeyHint } from './KeyHint.tsx';

export type MenuItem = {
  /** Its name, once in a menu. */
  title: string;
  icon?: LucideIcon;
  onSelect: () => void;
  /** Shows whether it is the one that holds. */
  isChecked?: boolean;
  /** Cannot be undone or takes something away: last, and set apart. */
  isDanger?: boolean;
  isDisabled?: boolean;
  /** Keys that do the same. */
  keys?: string;
};

export type MenuProps = {
  /** A `Button` or `IconButton`. */
  trigger: ReactElement<ComponentProps<'button'>>;
  items: readonly MenuItem[];
  align?: 'start' | 'end';
};

/** What a `Menu` draws from its first opening on. */
export function MenuParts({ trigger, items, align = 'end' }: MenuProps) {
  const calm = items.filter(({ isDanger }) => !isDanger);
  const danger = items.filter(({ isDanger }) => isDanger);
  return (
    <Parts.Root defaultOpen>
      <Parts.Trigger asChild>{trigger}</Parts.Trigger>
      <Parts.Portal>
        <Parts.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto rounded-md border border-line-strong bg-surface p-1 text-text"
          style={{ boxShadow: 'var(--shadow)' }}
        >
          {calm.map((item) => (
            <Item key={item.title} item={item} />
          ))}
          {calm.length > 0 && danger.length > 0 && <Parts.Separator className="my-1 h-px bg-line" />}
          {danger.map((item) => (
            <Item key={item.title} item={item} />
          ))}
        </Parts.Content>
      </Parts.Portal>
    </Parts.Root>
  );
}

function Item({ item: { title, icon: Icon, onSelect, isChecked, isDanger = false, isDisabled = false, keys } }: { item: MenuItem }) {
  const look = cx(
    'flex h-8 cursor-pointer items-center gap-2 rounded-sm px-2 outline-none data-disabled:cursor-not-allowed data-disabled:opacity-45 data-highlighted:bg-hover pointer-coarse:h-11',
    isDanger && 'text-critical',
  );
  const inside = (
    <>
      {Icon && <Icon aria-hidden size={15} strokeWidth={1.75} className={isDanger ? '' : 'text-muted'} />}
      <span className="grow truncate">{title}</span>
      {keys && <KeyHint keys={keys} />}
      {isChecked && <Check aria-hidden size={14} />}
    </>
  );
  if (isChecked !== undefined)
    return (
      <Parts.CheckboxItem checked={isChecked} disabled={isDisabled} onSelect={onSelect} className={look}>
        {inside}
      </Parts.CheckboxItem>
    );
  return (
    <Parts.Item disabled={isDisabled} onSelect={onSelect} className={look}>
      {inside}
    </Parts.Item>
  );
}

import { Tabs as Parts } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

type Tab<T extends string> = {
  value: T;
  title: string;
  /** A number or a short state behind the title. */
  note?: ReactNode;
  content: ReactNode;
};
type TabsProps<T extends string> = {
  /** What the tabs are parts of, for screen readers. */
  label: string;
  tabs: readonly Tab<T>[];
  value: T;
  onChange: (value: T) => void;
  className?: string;
};

/** Parts of one thing, of which one is shown. Arrow keys move, Enter opens. */
export function Tabs<T extends string>({ label, tabs, value, onChange, className }: TabsProps<T>) {
  const choose = (chosen: string): void => {
    const found = tabs.find((tab) => tab.value === chosen);
    if (found) onChange(found.value);
  };
  return (
    <Parts.Root value={value} onValueChange={choose} activationMode="manual" className={cx('flex min-h-0 flex-col', className)}>
      <Parts.List aria-label={label} className="flex h-10 shrink-0 gap-4 pointer-coarse:h-11 overflow-x-auto border-b border-line">
        {tabs.map(({ value: tab, title, note }) => (
          <Parts.Trigger
            key={tab}
            value={tab}
            className="-mb-px flex items-center gap-2 border-b-2 border-transparent px-1 whitespace-nowrap text-muted -outline-offset-2 hover:text-text data-[state=active]:border-strong data-[state=active]:font-medium data-[state=active]:text-text"
          >
            {title}
            {note !== undefined && note !== null && note !== 0 && (
              <span className="rounded-sm bg-hover px-1.5 text-sm font-normal text-text tabular-nums">{note}</span>
            )}
          </Parts.Trigger>
        ))}
      </Parts.List>
      {tabs.map(({ value: tab, content }) => (
        <Parts.Content key={tab} value={tab} tabIndex={-1} className="min-h-0 grow outline-none">
          {content}
        </Parts.Content>
      ))}
    </Parts.Root>
  );
}

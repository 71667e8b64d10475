import { Search } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { cx } from './cx.ts';
import { INPUT_CLASS } from './Field.tsx';
import { KeyHint } from './KeyHint.tsx';

type SearchBoxProps = {
  value: string;
  onChange: (value: string) => void;
  /** What is searched: the name for screen readers, and the placeholder where there is no other. */
  label: string;
  placeholder?: string;
  /** Whether the key `/` leads here; one box of a page. */
  hasShortcut?: boolean;
  /** Leads to what was found: arrow down and Enter in the box. */
  onDown?: () => void;
  /** Width and place; it fills its container otherwise. */
  className?: string;
};

/** A search that works while one types; settle what it says with `useDebounced` before the server is asked. */
export function SearchBox({ value, onChange, label, placeholder = label, hasShortcut = false, onDown, className }: SearchBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  useShortcuts({ '/': () => (hasShortcut ? input.current?.focus() : false) });
  const keys = (event: KeyboardEvent): void => {
    if (!onDown || (event.key !== 'ArrowDown' && event.key !== 'Enter')) return;
    event.preventDefault();
    onDown();
  };
  return (
    <div className={cx('relative min-w-0', className)}>
      <Search aria-hidden size={15} className="pointer-events-none absolute start-2.5 top-1/2 -translate-y-1/2 text-faint" />
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        maxLength={200}
        className={cx(INPUT_CLASS, 'peer ps-8', hasShortcut && 'pointer-fine:pe-8')}
        value={value}
        onKeyDown={keys}
        onChange={(event) => onChange(event.target.value)}
      />
      {hasShortcut && value === '' && (
        <span className="pointer-events-none absolute end-2 top-1/2 flex -translate-y-1/2 peer-focus:hidden pointer-coarse:hidden">
          <KeyHint keys="/" />
        </span>
      )}
    </div>
  );
}

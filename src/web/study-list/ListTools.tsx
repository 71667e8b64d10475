import { ImagePlus, RefreshCw, Search } from 'lucide-react';
import { useRef } from 'react';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { strings } from '../strings/strings.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { cx } from '../ui/cx.ts';
import { INPUT_CLASS } from '../ui/Field.tsx';
import { showUploads } from '../upload/queue.ts';

const text = strings.studies;
type ListToolsProps = { search: string; onSearch: (search: string) => void; refreshing: boolean; onRefresh: () => void };

export function ListTools({ search, onSearch, refreshing, onRefresh }: ListToolsProps) {
  const input = useRef<HTMLInputElement>(null);
  useShortcuts({ '/': () => input.current?.focus() });
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 px-4 py-3 max-md:px-3">
      <h1 className="me-2 text-xl font-semibold tracking-tight max-sm:sr-only">{text.title}</h1>
      <div className="relative w-88 min-w-0 max-sm:w-0 max-sm:grow">
        <Search aria-hidden size={15} className="pointer-events-none absolute start-2.5 top-2 text-faint" />
        <input
          ref={input}
          type="search"
          aria-label={text.searchLabel}
          placeholder={text.search}
          maxLength={200}
          className={cx(INPUT_CLASS, 'ps-8')}
          value={search}
          onChange={(event) => onSearch(event.target.value)}
        />
      </div>
      <IconButton className="max-sm:hidden" icon={RefreshCw} label={text.refresh} onClick={onRefresh} aria-busy={refreshing} />
      <Button look="primary" icon={ImagePlus} className="ms-auto" onClick={() => showUploads(true)}>
        <span className="max-sm:sr-only">{text.upload}</span>
      </Button>
    </div>
  );
}

import { ImagePlus, RefreshCw } from 'lucide-react';
import { strings } from '../strings/strings.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { showUploads } from '../upload/queue.ts';

const text = strings.studies;
type ListToolsProps = { search: string; onSearch: (search: string) => void; refreshing: boolean; onRefresh: () => void };

export function ListTools({ search, onSearch, refreshing, onRefresh }: ListToolsProps) {
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 px-4 py-3 max-md:px-3">
      <h1 className="me-2 text-xl font-semibold tracking-tight max-sm:sr-only">{text.title}</h1>
      <SearchBox
        className="w-88 max-sm:w-0 max-sm:grow"
        hasShortcut
        label={text.searchLabel}
        placeholder={text.search}
        value={search}
        onChange={onSearch}
      />
      <IconButton className="max-sm:hidden" icon={RefreshCw} label={text.refresh} onClick={onRefresh} aria-busy={refreshing} />
      <Button look="primary" icon={ImagePlus} className="ms-auto" onClick={() => showUploads(true)}>
        <span className="max-sm:sr-only">{text.upload}</span>
      </Button>
    </div>
  );
}

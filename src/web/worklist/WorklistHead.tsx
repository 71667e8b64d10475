import { Columns3, ImagePlus, Keyboard, ListFilter } from 'lucide-react';
import type { ReadingPreferences } from '../../contract/reading-list.ts';
import { strings } from '../strings/strings.ts';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { PageHeader } from '../ui/PageHeader.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { showUploads } from '../upload/queue.ts';
import { ViewButtons } from './ViewButtons.tsx';
import type { View } from './views.ts';
import type { Shown } from './worklist-queries.ts';

type WorklistHeadProps = {
  search: string;
  onSearch: (search: string) => void;
  shown: Shown;
  onShow: (shown: Shown) => void;
  view: View | undefined;
  preferences: ReadingPreferences;
  isFiltering: boolean;
  onFilter: (isFiltering: boolean) => void;
  onColumns: () => void;
  onHelp: () => void;
};

/** Search, filters, views and columns. */
export function WorklistHead(props: WorklistHeadProps) {
  const { search, onSearch, shown, onShow, view, preferences, isFiltering, onFilter, onColumns, onHelp } = props;
  return (
    <PageHeader
      title={text.title}
      tools={
        <>
          <SearchBox
            hasShortcut
            onDown={focusFirstLine}
            value={search}
            onChange={onSearch}
            label={strings.studies.searchLabel}
            placeholder={strings.studies.search}
            className="w-88 max-sm:w-0 max-sm:grow"
          />
          <IconButton icon={ListFilter} label={text.filters.title} aria-pressed={isFiltering} onClick={() => onFilter(!isFiltering)} />
          <ViewButtons shown={shown} onShow={onShow} view={view} preferences={preferences} />
          <IconButton icon={Columns3} label={text.columns.title} className="max-md:hidden" onClick={onColumns} />
          <IconButton icon={Keyboard} label={text.help.title} className="max-md:hidden" onClick={onHelp} />
        </>
      }
      actions={
        <Button look="primary" icon={ImagePlus} onClick={() => showUploads(true)}>
          <span className="max-sm:sr-only">{strings.studies.upload}</span>
        </Button>
      }
    />
  );
}

function focusFirstLine(): void {
  document.querySelector<HTMLAnchorElement>('a[data-row]')?.focus();
}

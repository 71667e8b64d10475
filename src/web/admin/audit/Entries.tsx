import { useInfiniteQuery } from '@tanstack/react-query';
import { FileSearch } from 'lucide-react';
import { useCallback, useState } from 'react';
import { type AuditEntry, type AuditFormat, exportAudit } from '../../../contract/audit.ts';
import { urlOf } from '../../api.ts';
import { decimal } from '../../format.ts';
import { useRights } from '../../rights.ts';
import { auditWords as text } from '../../strings/audit/words.ts';
import { strings } from '../../strings/strings.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState, Skeleton } from '../../ui/EmptyState.tsx';
import { LiveRegion } from '../../ui/LiveRegion.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { useDebounced } from '../../ui/use-debounced.ts';
import { type AuditFilters, entriesQuery, NO_FILTERS, spanOf } from './audit-queries.ts';
import { EntryDrawer } from './EntryDrawer.tsx';
import { EntryList } from './EntryList.tsx';
import { FilterBar } from './FilterBar.tsx';

const FORMATS = Object.entries(text.formats) as [AuditFormat, string][];
const EXTENSIONS: Record<AuditFormat, string> = { ndjson: 'audit.ndjson', fhir: 'audit.fhir.ndjson', 'dicom-xml': 'audit.xml' };

/** The trail with its filters; an entry opens beside the list. */
export function Entries() {
  const [filters, setFilters] = useState(NO_FILTERS);
  const [opened, setOpened] = useState<AuditEntry>();
  const settled = useDebounced(filters, 250);
  const trail = useInfiniteQuery({ ...entriesQuery(settled), placeholderData: (before) => before });
  const mayExport = useRights()?.('audit:export') ?? false;
  const entries = trail.data?.pages.flatMap(({ items }) => items) ?? [];
  const { fetchNextPage, isFetchingNextPage } = trail;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const filter = (chosen: Partial<AuditFilters>): void => {
    setFilters({ ...NO_FILTERS, ...chosen });
    setOpened(undefined);
  };
  return (
    <div className="flex h-full min-h-0 flex-col">
      <FilterBar filters={filters} onChange={setFilters}>
        {mayExport && <ExportMenu filters={filters} />}
      </FilterBar>
      {trail.isPending && <Skeleton rows={14} label={strings.common.loading} />}
      {trail.isError && (
        <div className="p-4">
          <ProblemNote error={trail.error} action={<Button onClick={() => void trail.refetch()}>{strings.common.retry}</Button>} />
        </div>
      )}
      {trail.data && entries.length === 0 && <EmptyState icon={FileSearch} title={text.none} detail={text.noneDetail} />}
      {entries.length > 0 && <EntryList entries={entries} hasMore={trail.hasNextPage} onMore={more} onOpen={setOpened} />}
      <LiveRegion>{trail.data ? text.loaded(decimal(entries.length)) : ''}</LiveRegion>
      {opened && <EntryDrawer entry={opened} onFilter={filter} onClose={() => setOpened(undefined)} />}
    </div>
  );
}

/** Downloads by the browser itself, which shows how far it is and can stop it. */
function ExportMenu({ filters }: { filters: AuditFilters }) {
  const download = (format: AuditFormat): void => {
    const link = document.createElement('a');
    link.href = urlOf(exportAudit, { query: { ...spanOf(filters), format } });
    link.download = EXTENSIONS[format];
    link.click();
  };
  return (
    <Menu
      trigger={<Button title={text.exportHint}>{text.export}</Button>}
      items={FORMATS.map(([format, title]) => ({ title, onSelect: () => download(format) }))}
    />
  );
}

import { queryOptions, useQuery } from '@tanstack/react-query';
import { SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import { listSettings, type Setting } from '../../../contract/system.ts';
import { call } from '../../api.ts';
import { adminWords } from '../../strings/admin/words.ts';
import { installationWords } from '../../strings/installation/words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import { SearchBox } from '../../ui/SearchBox.tsx';
import type { Column } from '../../ui/table-columns.ts';

const { settings: text } = installationWords;
const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => call(listSettings, undefined, { signal }),
});

const COLUMNS: readonly Column<Setting>[] = [
  {
    key: 'name',
    title: text.name,
    sortBy: ({ name }) => name,
    cell: ({ name, description }) => (
      <span className="block py-1.5 whitespace-normal">
        <code className="block text-sm font-medium break-all">{name}</code>
        {/* As in the reference of the options, which is in English and marks code. */}
        <span dir="ltr" lang="en" className="block text-sm text-muted">
          {description.replaceAll('`', '')}
        </span>
      </span>
    ),
  },
  { key: 'value', title: text.value, width: '18rem', cell: (setting) => <Value setting={setting} /> },
  {
    key: 'source',
    title: text.source,
    width: '9rem',
    sortBy: ({ source }) => source,
    cell: ({ source }) =>
      source === 'default' ? <span className="text-muted">{text.sources.default}</span> : <Badge>{text.sources[source]}</Badge>,
  },
];

/** What is configured, to look at. */
export function SettingsPage() {
  const settings = useQuery(settingsQuery);
  const [search, setSearch] = useState('');
  const [onlySet, setOnlySet] = useState(false);
  const wanted = search.trim().toLowerCase();
  const rows = settings.data?.items.filter(
    ({ name, description, source }) =>
      (!onlySet || source !== 'default') && (name.toLowerCase().includes(wanted) || description.toLowerCase().includes(wanted)),
  );
  const title = adminWords.places.settings;
  return (
    <>
      <PageHeader title={title} lead={<span className="block max-w-180">{text.lead}</span>} />
      <div className="flex shrink-0 flex-wrap items-center gap-3 px-4 pb-2 max-md:px-3">
        <SearchBox label={text.search} hasShortcut className="w-80 max-sm:w-full" value={search} onChange={setSearch} />
        <Checkbox checked={onlySet} onChange={setOnlySet}>
          {text.changed}
        </Checkbox>
      </div>
      <ScrollArea label={title}>
        <DataTable
          caption={title}
          columns={COLUMNS}
          rows={rows}
          rowKey={({ name }) => name}
          error={settings.error}
          onRetry={() => void settings.refetch()}
          empty={<EmptyState icon={SlidersHorizontal} title={text.none} detail={text.noneDetail} />}
        />
      </ScrollArea>
    </>
  );
}

function Value({ setting: { value, is_secret, is_set } }: { setting: Setting }) {
  if (is_secret) return <span className="text-muted">{is_set ? text.secretSet : text.secretUnset}</span>;
  if (value === '') return <span className="text-faint">{text.empty}</span>;
  return (
    <code dir="ltr" title={value ?? ''} className="text-sm">
      {value}
    </code>
  );
}

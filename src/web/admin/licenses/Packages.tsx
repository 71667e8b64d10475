import { PackageSearch } from 'lucide-react';
import { useState } from 'react';
import { installationWords } from '../../strings/installation/words.ts';
import { DataTable, ROW_LINK_CLASS } from '../../ui/DataTable.tsx';
import { Drawer } from '../../ui/Drawer.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import { SearchBox } from '../../ui/SearchBox.tsx';
import type { Column } from '../../ui/table-columns.ts';
import type { Notices, Shipped } from './license-queries.ts';

const { licenses: text } = installationWords;

/** Every package that is installed with the server or built into the web app, with the text of its license. */
export function Packages({ notices: { packages, texts } }: { notices: Notices }) {
  const [search, setSearch] = useState('');
  const [opened, setOpened] = useState<Shipped>();
  const wanted = search.trim().toLowerCase();
  const rows = packages.filter(({ name, license }) => `${name} ${license}`.toLowerCase().includes(wanted));
  const columns: Column<Shipped>[] = [
    {
      key: 'name',
      title: text.name,
      sortBy: ({ name }) => name,
      cell: (shipped) => (
        <button type="button" className={`${ROW_LINK_CLASS} max-w-full truncate`} dir="ltr" onClick={() => setOpened(shipped)}>
          {shipped.name}
        </button>
      ),
    },
    {
      key: 'version',
      title: text.version,
      width: '9rem',
      cell: ({ version }) => <span className="text-muted tabular-nums">{version}</span>,
    },
    { key: 'license', title: text.license, width: '14rem', sortBy: ({ license }) => license, cell: ({ license }) => license },
    {
      key: 'part',
      title: text.where,
      width: '10rem',
      hideBelow: 'lg',
      sortBy: ({ part }) => part,
      cell: ({ part }) => <span className="text-muted">{text.parts[part]}</span>,
    },
  ];
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="px-4 py-2 max-md:px-3">
        <SearchBox label={text.search} hasShortcut className="w-80 max-sm:w-full" value={search} onChange={setSearch} />
      </div>
      <ScrollArea label={text.tabs.packages}>
        <DataTable
          caption={text.tabs.packages}
          columns={columns}
          rows={rows}
          rowKey={({ name, version }) => `${name}@${version}`}
          empty={<EmptyState icon={PackageSearch} title={text.none} detail={text.noneDetail} />}
        />
      </ScrollArea>
      {opened && (
        <Drawer open wide onOpenChange={() => setOpened(undefined)} title={opened.name} lead={`${opened.version} \u00b7 ${opened.license}`}>
          {opened.text === null ? (
            <p className="text-muted">{text.noText}</p>
          ) : (
            <pre dir="ltr" lang="en" className="font-mono text-sm break-words whitespace-pre-wrap">
              {texts[opened.text]}
            </pre>
          )}
        </Drawer>
      )}
    </div>
  );
}

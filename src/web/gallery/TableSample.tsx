import { EllipsisVertical, Trash2 } from 'lucide-react';
import { accountWords } from '../strings/account/words.ts';
import { galleryWords } from '../strings/gallery/words.ts';
import { strings } from '../strings/strings.ts';
import { Badge } from '../ui/Badge.tsx';
import { IconButton } from '../ui/Button.tsx';
import { DataTable } from '../ui/DataTable.tsx';
import { Menu } from '../ui/Menu.tsx';
import type { Column } from '../ui/table-columns.ts';

type Row = { name: string; version: string; count: number | null };
const ROWS: readonly Row[] = Object.values(strings.diagnosis.agents).map((name, index) => ({
  name,
  version: `1.${index * 4}`,
  count: index === 1 ? null : index * 37 + 4,
}));

const COLUMNS: readonly Column<Row>[] = [
  { key: 'name', title: strings.patients.name, cell: ({ name }) => name, sortBy: ({ name }) => name },
  {
    key: 'version',
    title: strings.report.version,
    cell: ({ version }) => version,
    width: '5rem',
    hideBelow: 'lg',
    sortBy: ({ version }) => version,
  },
  {
    key: 'count',
    title: strings.studies.images,
    cell: ({ count }) => count ?? <Badge>{strings.drugSafety.unknown}</Badge>,
    align: 'end',
    width: '8rem',
    sortBy: ({ count }) => count,
  },
  {
    key: 'menu',
    title: '',
    width: '4rem',
    align: 'end',
    cell: ({ name }) => (
      <Menu
        trigger={<IconButton icon={EllipsisVertical} label={`${galleryWords.open}: ${name}`} className="relative" />}
        items={[
          { title: strings.findings.edit, onSelect: () => {}, keys: 'E' },
          { title: strings.viewer.boxes, isChecked: true, onSelect: () => {} },
          { title: accountWords.remove, icon: Trash2, isDanger: true, onSelect: () => {} },
        ]}
      />
    ),
  },
];

export function TableSample() {
  return <DataTable caption="DataTable" columns={COLUMNS} rows={ROWS} rowKey={({ name }) => name} empty={null} />;
}

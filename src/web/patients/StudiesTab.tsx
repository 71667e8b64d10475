import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Images } from 'lucide-react';
import type { HistoryItem } from '../../contract/patients-history.ts';
import { dicomDate } from '../format.ts';
import { strings } from '../strings/strings.ts';
import { Card } from '../ui/Card.tsx';
import { DataTable, ROW_LINK_CLASS } from '../ui/DataTable.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import type { Column } from '../ui/table-columns.ts';
import { patientStudiesQuery } from './patient-queries.ts';

const text = strings.studies;

const COLUMNS: readonly Column<HistoryItem>[] = [
  {
    key: 'description',
    title: text.description,
    sortBy: ({ title }) => title,
    cell: ({ id, study, title }) => (
      <Link to="/studies/$uid" params={{ uid: id }} className={ROW_LINK_CLASS}>
        <bdi>{study?.description || title}</bdi>
      </Link>
    ),
  },
  { key: 'modality', title: text.modality, width: '8rem', cell: ({ study }) => study?.modalities.join(', ') },
  {
    key: 'date',
    title: text.date,
    width: '8rem',
    sortBy: ({ at }) => at,
    cell: ({ at }) => <span className="tabular-nums">{dicomDate(at.slice(0, 10))}</span>,
  },
  {
    key: 'images',
    title: text.images,
    width: '6rem',
    align: 'end',
    sortBy: ({ study }) => study?.instance_count ?? 0,
    cell: ({ study }) => study?.instance_count,
  },
];

/** The studies of a patient, as far as one may see them. */
export function StudiesTab({ patientKey }: { patientKey: string }) {
  const studies = useQuery(patientStudiesQuery(patientKey));
  return (
    <Card className="px-0!">
      <DataTable
        caption={strings.patients.studies}
        columns={COLUMNS}
        rows={studies.data?.items}
        rowKey={({ id }) => id}
        error={studies.error}
        onRetry={() => void studies.refetch()}
        empty={<EmptyState icon={Images} title={text.emptyTitle} detail={strings.diagnosis.noStudies} />}
      />
    </Card>
  );
}

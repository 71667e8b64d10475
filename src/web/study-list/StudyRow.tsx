import { Link } from '@tanstack/react-router';
import { CircleHelp, FileLock2, FilePen, FilePlus2, FlaskConical } from 'lucide-react';
import type { StudySummary } from '../../contract/studies.ts';
import { demographics, dicomDate, personName } from '../format.ts';
import { strings } from '../strings/strings.ts';
import { AiStatusBadge } from '../ui/AiStatusBadge.tsx';
import { Badge } from '../ui/Badge.tsx';

const text = strings.studies;
const CELL = 'truncate md:border-b md:border-line md:px-2 md:first:ps-4 md:last:pe-4';
const NARROW = 'max-md:hidden';

type StudyRowProps = { study: StudySummary; tabIndex: number; onFocus: () => void };

/** One line on a desk, two on a phone. */
export function StudyRow({ study, tabIndex, onFocus }: StudyRowProps) {
  const name = personName(study.patient_name) || text.unnamed;
  const modalities = study.modalities.join(', ');
  return (
    <tr className="relative h-8 transition-colors focus-within:bg-hover hover:bg-hover max-md:flex max-md:h-auto max-md:flex-wrap max-md:items-center max-md:gap-x-2 max-md:gap-y-1 max-md:border-b max-md:border-line max-md:px-3 max-md:py-2.5">
      <td className={`${CELL} max-md:basis-full`}>
        <Link
          to="/studies/$uid"
          params={{ uid: study.study_instance_uid }}
          data-row
          tabIndex={tabIndex}
          onFocus={onFocus}
          className="font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
        >
          <bdi>{name}</bdi>
        </Link>
        <span className="ms-2 text-muted">{[study.patient_id, demographics(study)].filter(Boolean).join(' \u00b7 ')}</span>
      </td>
      <td className={`${CELL} max-md:basis-full`}>
        <span className="flex min-w-0 items-center gap-2">
          {study.is_synthetic && <Badge icon={FlaskConical}>{text.synthetic}</Badge>}
          <span className="truncate">
            <bdi>{study.description}</bdi>
            <span className="text-muted md:hidden">{[' ', modalities, dicomDate(study.study_date)].filter(Boolean).join(' \u00b7 ')}</span>
          </span>
        </span>
      </td>
      <td className={`${CELL} ${NARROW}`}>{modalities}</td>
      <td className={`${CELL} ${NARROW} text-muted tabular-nums`}>{dicomDate(study.study_date)}</td>
      <td className={`${CELL} ${NARROW} text-end text-muted tabular-nums`}>{study.instance_count}</td>
      <td className={CELL}>
        <AiStatusBadge status={study.status === 'receiving' ? 'receiving' : study.analysis_status} reason={study.analysis_reason} />
      </td>
      <td className={CELL}>
        {study.open_findings > 0 && (
          <Badge tone="attention" icon={CircleHelp}>
            {study.open_findings}
            <span className="md:sr-only">{text.opens}</span>
          </Badge>
        )}
      </td>
      <td className={CELL}>
        <ReportBadge status={study.report_status} />
      </td>
    </tr>
  );
}

function ReportBadge({ status }: { status: string | null }) {
  if (status === 'final')
    return (
      <Badge tone="accepted" icon={FileLock2}>
        {strings.reportStatus.final}
      </Badge>
    );
  if (status === 'amended')
    return (
      <Badge tone="accepted" icon={FilePlus2}>
        {strings.reportStatus.amended}
      </Badge>
    );
  if (status === 'draft') return <Badge icon={FilePen}>{strings.reportStatus.draft}</Badge>;
  return <span className="text-faint max-md:hidden">{strings.reportStatus.none}</span>;
}

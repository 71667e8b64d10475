import type { ReadingItem } from '../../contract/reading-list.ts';
import { dicomDate } from '../format.ts';
import { AiStatusBadge } from '../ui/AiStatusBadge.tsx';
import { cx } from '../ui/cx.ts';
import { OpenFindings, ReaderCell } from './columns.tsx';
import type { LineProps } from './line-props.ts';
import { PatientCell } from './PatientCell.tsx';
import { PriorityChip } from './PriorityChip.tsx';
import { StatusBadge } from './StatusBadge.tsx';
import { Waiting } from './Waiting.tsx';

/** A row on a phone: three lines. */
export function Card({ row, index, height, isActive, onActive, context }: LineProps) {
  const item = row.original;
  return (
    <tr
      data-index={index}
      aria-rowindex={index + 2}
      style={{ height }}
      onFocus={() => onActive(index)}
      className={cx('relative block border-b border-line px-3 focus-within:bg-hover', isActive && 'bg-raised')}
    >
      <td className="flex h-full flex-col justify-center gap-1 p-0">
        <span className="flex items-center justify-between gap-2">
          <PatientCell item={item} />
          <ReaderCell item={item} userId={context.userId} />
        </span>
        <span className="flex items-center justify-between gap-2 text-muted">
          <bdi className="truncate">{studyLine(item)}</bdi>
          <Waiting item={item} />
        </span>
        <span className="flex items-center gap-2 overflow-hidden">
          <PriorityChip item={item} open={context.reasonsFor === row.id} onOpenChange={(open) => context.onReasons(open ? row.id : null)} />
          <StatusBadge status={item.reading_status} />
          <AiStatusBadge status={item.status === 'receiving' ? 'receiving' : item.analysis_status} reason={item.analysis_reason} />
          <OpenFindings count={item.open_findings} />
        </span>
      </td>
    </tr>
  );
}

function studyLine({ modalities, study_date, description }: ReadingItem): string {
  return [modalities.join(', '), dicomDate(study_date), description].filter(Boolean).join(' \u00b7 ');
}

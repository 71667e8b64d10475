import { Link } from '@tanstack/react-router';
import type { ReadingItem } from '../../contract/reading-list.ts';
import { demographics, personName } from '../format.ts';
import { strings } from '../strings/strings.ts';
import { ROW_LINK_CLASS } from '../ui/DataTable.tsx';

/** The one link of a row: the row is what is clicked, and what keys move between. */
export function PatientCell({ item }: { item: ReadingItem }) {
  return (
    <span className="flex min-w-0 items-baseline gap-2">
      <Link
        to="/studies/$uid"
        params={{ uid: item.study_instance_uid }}
        preload={false}
        data-row={item.study_instance_uid}
        className={`${ROW_LINK_CLASS} truncate`}
      >
        <bdi>{personName(item.patient_name) || strings.studies.unnamed}</bdi>
      </Link>
      <span className="shrink-9 truncate text-muted tabular-nums">
        {[item.patient_id, demographics(item)].filter(Boolean).join(' \u00b7 ')}
      </span>
    </span>
  );
}

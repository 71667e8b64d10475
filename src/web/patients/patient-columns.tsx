import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { PatientSummary } from '../../contract/patients.ts';
import { dateTime } from '../format.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { ROW_LINK_CLASS } from '../ui/DataTable.tsx';
import type { Column } from '../ui/table-columns.ts';
import { RiskBadge } from './RiskBadge.tsx';

const text = strings.patients;
const KEY = 'isocenter.patient-columns';

const NAME: Column<PatientSummary> = {
  key: 'name',
  title: text.name,
  isSortable: true,
  cell: ({ id, name }) => (
    <Link to="/patients/$key" params={{ key: id }} className={ROW_LINK_CLASS}>
      <bdi>{name || strings.studies.unnamed}</bdi>
    </Link>
  ),
};

const COLUMNS = {
  patient_id: {
    title: text.number,
    width: '10rem',
    isSortable: true,
    cell: ({ patient_id }) => <bdi className="text-muted">{patient_id}</bdi>,
  },
  date_of_birth: {
    title: text.born,
    width: '8rem',
    isSortable: true,
    cell: ({ date_of_birth }) => <span className="text-muted tabular-nums">{date_of_birth}</span>,
  },
  age: { title: text.age, width: '6rem', cell: ({ age }) => <span className="text-muted">{age === null ? '' : text.years(age)}</span> },
  gender: {
    title: text.sex,
    width: '6rem',
    cell: ({ gender }) => <span className="text-muted">{gender ? text.genders[gender] : ''}</span>,
  },
  risk_level: { title: text.risk, width: '6rem', cell: ({ risk_level }) => risk_level && <RiskBadge level={risk_level} /> },
  created_at: {
    title: words.created,
    width: '11rem',
    isSortable: true,
    cell: ({ created_at }) => <span className="text-muted tabular-nums">{dateTime(created_at)}</span>,
  },
  updated_at: {
    title: text.updated,
    width: '11rem',
    isSortable: true,
    hideBelow: 'lg',
    cell: ({ updated_at }) => <span className="text-muted tabular-nums">{dateTime(updated_at)}</span>,
  },
} as const satisfies Record<string, Omit<Column<PatientSummary>, 'key'>>;
export type PatientColumn = keyof typeof COLUMNS;

// The keys are those of the type.
export const ALL_COLUMNS = Object.keys(COLUMNS) as PatientColumn[];
const USUAL: readonly PatientColumn[] = ['patient_id', 'date_of_birth', 'age', 'gender', 'risk_level', 'updated_at'];

/** The name first, then what is chosen, in the order of all. */
export function columnsOf(shown: readonly PatientColumn[]): Column<PatientSummary>[] {
  return [NAME, ...ALL_COLUMNS.filter((key) => shown.includes(key)).map((key) => ({ key, ...COLUMNS[key] }))];
}

/** Which columns one sees; kept in the browser, since names of columns tell of nobody. */
export function useShownColumns(): [readonly PatientColumn[], (shown: readonly PatientColumn[]) => void] {
  const [shown, setShown] = useState(readColumns);
  return [
    shown,
    (next) => {
      localStorage.setItem(KEY, next.join(','));
      setShown(next);
    },
  ];
}

function readColumns(): readonly PatientColumn[] {
  const kept = localStorage.getItem(KEY)?.split(',');
  return kept ? ALL_COLUMNS.filter((key) => kept.includes(key)) : USUAL;
}

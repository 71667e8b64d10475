import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RecordEntry } from '../../contract/patient-record.ts';
import type { Patient } from '../../contract/patients.ts';
import { PriorityBadge, StatusBadge } from '../diagnosis/DiagnosisBadges.tsx';
import { dateTime, dicomDate } from '../format.ts';
import { whoAmIQuery } from '../queries.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';
import { Card } from '../ui/Card.tsx';
import { Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { patientDiagnosesQuery, patientQuery, patientStudiesQuery } from './patient-queries.ts';

const text = strings.patients;
const MOST = 8;

/** What somebody who opens the record looks for first: allergies, what is active, the latest studies and diagnoses, contacts. */
export function OverviewTab({ patientKey }: { patientKey: string }) {
  const patient = useQuery(patientQuery(patientKey));
  const { data: whoAmI } = useQuery(whoAmIQuery);
  if (patient.isError) return <ProblemNote error={patient.error} />;
  if (!patient.data) return <Skeleton rows={6} label={strings.common.loading} />;
  const { allergies, conditions, medications, previous_diagnoses } = patient.data.medical_history;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
      <div className="flex flex-col gap-4">
        <Entries title={text.kinds.allergy} entries={allergies} />
        <Entries title={text.kinds.condition} entries={conditions} />
        <Entries title={text.kinds.medication} entries={medications.filter(({ status }) => status === 'active')} />
        <Entries title={words.previous} entries={previous_diagnoses} />
      </div>
      <div className="flex flex-col gap-4">
        {whoAmI?.permissions.includes('study:read') && <LatestStudies patientKey={patientKey} />}
        {whoAmI?.permissions.includes('diagnosis:read') && <Diagnoses patientKey={patientKey} />}
        <Contacts patient={patient.data} />
      </div>
    </div>
  );
}

function Entries({ title, entries }: { title: string; entries: readonly RecordEntry[] }) {
  return (
    <ListCard title={title} count={entries.length} rest={Math.max(0, entries.length - MOST)}>
      {entries.slice(0, MOST).map(({ id, text: name, started_at, details }) => (
        <li key={id} className="flex flex-wrap items-baseline gap-x-3 py-1.5">
          <bdi className="font-medium">{name}</bdi>
          {details['reaction'] && <bdi className="text-muted">{details['reaction']}</bdi>}
          <span className="ms-auto text-sm text-faint tabular-nums">{started_at?.slice(0, 10)}</span>
        </li>
      ))}
    </ListCard>
  );
}

function LatestStudies({ patientKey }: { patientKey: string }) {
  const studies = useQuery(patientStudiesQuery(patientKey));
  if (studies.isError) return <ProblemNote error={studies.error} />;
  const items = studies.data?.items ?? [];
  return (
    <ListCard title={text.studies} count={items.length} rest={Math.max(0, items.length - MOST)}>
      {items.slice(0, MOST).map(({ id, at, study }) => (
        <li key={id} className="py-1.5">
          <Link to="/studies/$uid" params={{ uid: id }} className="flex flex-wrap items-baseline gap-x-3 rounded-sm hover:underline">
            <span className="font-medium">{study?.modalities.join(', ')}</span>
            <bdi>{study?.description}</bdi>
            <span className="ms-auto text-sm text-faint tabular-nums">{dicomDate(at.slice(0, 10))}</span>
          </Link>
        </li>
      ))}
    </ListCard>
  );
}

function Diagnoses({ patientKey }: { patientKey: string }) {
  const diagnoses = useQuery(patientDiagnosesQuery(patientKey));
  if (diagnoses.isError) return <ProblemNote error={diagnoses.error} />;
  const items = diagnoses.data?.items ?? [];
  return (
    <ListCard title={text.diagnoses} count={items.length} rest={Math.max(0, items.length - MOST)}>
      {items.slice(0, MOST).map(({ id, status, priority, patient_data, created_at }) => (
        <li key={id} className="py-1.5">
          <Link to="/diagnoses/$id" params={{ id }} className="flex flex-wrap items-baseline gap-x-3 rounded-sm hover:underline">
            <StatusBadge status={status} />
            <PriorityBadge priority={priority} />
            <bdi className="min-w-0 truncate">{patient_data.symptoms.join(', ')}</bdi>
            <span className="ms-auto text-sm text-faint tabular-nums">{dateTime(created_at)}</span>
          </Link>
        </li>
      ))}
    </ListCard>
  );
}

function Contacts({ patient: { contact_info, emergency_contact, updated_at } }: { patient: Patient }) {
  const emergency = [emergency_contact.name, emergency_contact.relationship, emergency_contact.phone].filter(Boolean).join(', ');
  const facts: [string, string | null | undefined][] = [
    [words.phone, contact_info.phone],
    [words.email, contact_info.email],
    [words.address, contact_info.address],
    [words.emergency, emergency],
    [text.updated, dateTime(updated_at)],
  ];
  return (
    <Card title={words.contacts}>
      <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-3 gap-y-1">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="min-w-0 whitespace-pre-line">
              <bdi>{value || <span className="text-faint">{words.notStated}</span>}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function ListCard({ title, count, rest, children }: { title: string; count: number; rest: number; children: ReactNode }) {
  return (
    <Card title={title} count={count}>
      {count === 0 ? <p className="text-faint">{text.nothing}</p> : <ul className="divide-y divide-line">{children}</ul>}
      {rest > 0 && <p className="pt-1 text-sm text-faint">{words.andMore(rest)}</p>}
    </Card>
  );
}

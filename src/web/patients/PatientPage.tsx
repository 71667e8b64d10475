import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Download, Stethoscope } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { RecordEntry, RecordKind } from '../../contract/patient-record.ts';
import type { Patient } from '../../contract/patients.ts';
import { exportFhir } from '../../contract/patients-fhir.ts';
import { urlOf } from '../api.ts';
import { NewDiagnosisDialog } from '../diagnosis/NewDiagnosisDialog.tsx';
import { dateTime, decimal, dicomDate, unitText } from '../format.ts';
import { AppFrame } from '../shell/AppFrame.tsx';
import { strings } from '../strings/strings.ts';
import { Badge } from '../ui/Badge.tsx';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { Skeleton } from '../ui/EmptyState.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { ScrollArea } from '../ui/ScrollArea.tsx';
import { patientDiagnosesQuery, patientQuery, patientStudiesQuery, recordQuery } from './patient-queries.ts';
import { RiskBadge } from './RiskBadge.tsx';

const text = strings.patients;
const KINDS = Object.keys(text.kinds) as RecordKind[];

/** One patient: who it is, what is known, the studies, and what was made of them. */
export function PatientPage() {
  const { key } = useParams({ from: '/signed-in/patients/$key' });
  const patient = useQuery(patientQuery(key));
  return (
    <AppFrame title={text.title}>
      <ScrollArea label={text.title}>
        <div className="mx-auto flex max-w-280 flex-col gap-4 px-4 py-4">
          {patient.isPending && <Skeleton rows={6} label={strings.common.loading} />}
          {patient.isError && <ProblemNote error={patient.error} />}
          {patient.data && <PatientHead patient={patient.data} />}
          {patient.data && (
            <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
              <PatientRecord patientKey={key} />
              <div className="flex flex-col gap-4">
                <Studies patientKey={key} />
                <Diagnoses patientKey={key} />
              </div>
            </div>
          )}
        </div>
      </ScrollArea>
    </AppFrame>
  );
}

function PatientHead({ patient }: { patient: Patient }) {
  const [starting, setStarting] = useState(false);
  const facts = [
    patient.patient_id,
    patient.date_of_birth,
    patient.age === null ? null : text.years(patient.age),
    patient.gender && text.genders[patient.gender],
  ];
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <div className="min-w-0">
        <h1 className="text-xl font-semibold tracking-tight">
          <bdi>{patient.name || strings.studies.unnamed}</bdi>
        </h1>
        <p className="flex flex-wrap items-center gap-2 text-muted tabular-nums">
          {facts.filter(Boolean).map((fact) => (
            <bdi key={fact}>{fact}</bdi>
          ))}
          {patient.risk_level && <RiskBadge level={patient.risk_level} />}
        </p>
      </div>
      <div className="ms-auto flex gap-2">
        <a className={buttonClass()} href={urlOf(exportFhir, { params: { patient_key: patient.id } })} download>
          <Download aria-hidden size={15} />
          {text.export}
        </a>
        <Button look="primary" icon={Stethoscope} onClick={() => setStarting(true)}>
          {text.newDiagnosis}
        </Button>
      </div>
      {starting && <NewDiagnosisDialog patientKey={patient.id} onClose={() => setStarting(false)} />}
    </header>
  );
}

function PatientRecord({ patientKey }: { patientKey: string }) {
  const record = useQuery(recordQuery(patientKey));
  if (record.isPending) return <Skeleton rows={6} label={strings.common.loading} />;
  if (record.isError) return <ProblemNote error={record.error} />;
  const byKind = Map.groupBy(record.data.items, ({ kind }) => kind);
  return (
    <div className="flex flex-col gap-4">
      {KINDS.map((kind) => (
        <ListCard key={kind} title={text.kinds[kind]} count={byKind.get(kind)?.length ?? 0}>
          {byKind.get(kind)?.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ListCard>
      ))}
    </div>
  );
}

function Entry({ entry }: { entry: RecordEntry }) {
  const value = entry.value === null ? entry.value_text : `${decimal(entry.value)} ${unitText(entry.unit ?? '')}`;
  const isOver = entry.status === 'resolved' || entry.status === 'refuted' || entry.status === 'inactive';
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 py-1.5">
      <bdi className={isOver ? 'text-muted' : 'font-medium'}>{entry.text}</bdi>
      {value && <bdi className="tabular-nums">{value}</bdi>}
      {entry.kind !== 'observation' && entry.status !== 'active' && <Badge>{text.statuses[entry.status]}</Badge>}
      <span className="ms-auto text-sm text-faint tabular-nums">{entry.started_at?.slice(0, 10)}</span>
    </li>
  );
}

function Studies({ patientKey }: { patientKey: string }) {
  const studies = useQuery(patientStudiesQuery(patientKey));
  if (studies.isError) return <ProblemNote error={studies.error} />;
  return (
    <ListCard title={text.studies} count={studies.data?.items.length ?? 0}>
      {studies.data?.items.map(({ id, at, study }) => (
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
  return (
    <ListCard title={text.diagnoses} count={diagnoses.data?.items.length ?? 0}>
      {diagnoses.data?.items.map(({ id, status, priority, patient_data, created_at }) => (
        <li key={id} className="py-1.5">
          <Link to="/diagnoses/$id" params={{ id }} className="flex flex-wrap items-baseline gap-x-3 rounded-sm hover:underline">
            <span className="font-medium">{strings.diagnosis.statuses[status]}</span>
            <span className="text-muted">{strings.diagnosis.priorities[priority]}</span>
            <bdi className="min-w-0 truncate">{patient_data.symptoms.join(', ')}</bdi>
            <span className="ms-auto text-sm text-faint tabular-nums">{dateTime(created_at)}</span>
          </Link>
        </li>
      ))}
    </ListCard>
  );
}

function ListCard({ title, count, children }: { title: string; count: number; children: ReactNode }) {
  return (
    <Card title={title} count={count}>
      {count === 0 ? <p className="text-faint">{text.nothing}</p> : <ul className="divide-y divide-line">{children}</ul>}
    </Card>
  );
}

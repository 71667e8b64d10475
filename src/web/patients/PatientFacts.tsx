import type { PatientSummary } from '../../contract/patients.ts';
import { strings } from '../strings/strings.ts';
import { RiskBadge } from './RiskBadge.tsx';

const text = strings.patients;

/** Number, date of birth, age and sex in one line, as far as they are known. */
export function PatientFacts({ patient }: { patient: Partial<PatientSummary> }) {
  const facts = [
    patient.patient_id,
    patient.date_of_birth,
    patient.age == null ? null : text.years(patient.age),
    patient.gender && text.genders[patient.gender],
  ].filter(Boolean);
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-muted tabular-nums">
      {facts.map((fact) => (
        <bdi key={fact}>{fact}</bdi>
      ))}
      {patient.risk_level && <RiskBadge level={patient.risk_level} />}
    </span>
  );
}

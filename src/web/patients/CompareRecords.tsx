import { Equal, EqualNot } from 'lucide-react';
import type { PatientSummary } from '../../contract/patients.ts';
import { dateTime } from '../format.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { strings } from '../strings/strings.ts';

const text = strings.patients;
type Pair = readonly [PatientSummary, PatientSummary];

/** Two records side by side, with a sign where they differ. */
export function CompareRecords({ patients }: { patients: Pair }) {
  const rows: [string, (patient: PatientSummary) => string][] = [
    [text.name, ({ name }) => name],
    [text.number, ({ patient_id, issuer }) => [patient_id, issuer].filter(Boolean).join(', ')],
    [text.born, ({ date_of_birth }) => date_of_birth ?? ''],
    [text.sex, ({ gender }) => (gender ? text.genders[gender] : '')],
    [text.risk, ({ risk_level }) => (risk_level ? text.risks[risk_level] : '')],
    [words.origin, ({ created_by }) => (created_by === null ? words.byDicom : words.byPerson)],
    [words.created, ({ created_at }) => dateTime(created_at)],
    [text.updated, ({ updated_at }) => dateTime(updated_at)],
  ];
  return (
    <table className="w-full table-fixed border-separate border-spacing-0">
      <caption className="sr-only">{words.compare}</caption>
      <colgroup>
        <col className="w-32" />
        <col />
        <col />
      </colgroup>
      <thead className="sr-only">
        <tr>
          <th scope="col">{words.field}</th>
          <th scope="col">{words.oneRecord}</th>
          <th scope="col">{words.otherRecord}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([title, shownOf]) => {
          const [one, other] = [shownOf(patients[0]), shownOf(patients[1])];
          const isSame = one === other;
          const Sign = isSame ? Equal : EqualNot;
          return (
            <tr key={title} className="h-8">
              <th scope="row" className="w-32 border-b border-line text-start text-sm font-normal text-muted">
                <span className="flex items-center gap-1.5">
                  <Sign aria-label={isSame ? words.same : words.different} size={13} className={isSame ? 'text-faint' : 'text-attention'} />
                  {title}
                </span>
              </th>
              {[one, other].map((value, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the two records in their order
                <td key={index} className={`border-b border-line pe-3 tabular-nums ${isSame ? 'text-muted' : 'font-medium'}`}>
                  <bdi>{value || <span className="font-normal text-faint">{words.notStated}</span>}</bdi>
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

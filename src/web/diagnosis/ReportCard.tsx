import { Link } from '@tanstack/react-router';
import { CircleCheck, FilePen } from 'lucide-react';
import type { Diagnosis } from '../../contract/diagnosis.ts';
import type { DiagnosisResults } from '../../contract/diagnosis-results.ts';
import { dateTime } from '../format.ts';
import { diagnosisWords as words } from '../strings/diagnosis/words.ts';
import { buttonClass } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';

/** The last step is a person's: the report of each study, signed or still to be written. */
export function ReportCard({ diagnosis, results }: { diagnosis: Diagnosis; results: DiagnosisResults }) {
  const studies = [...new Set(diagnosis.images.map(({ study_instance_uid }) => study_instance_uid))];
  return (
    <Card level={3} title={words.report}>
      <p className="text-muted">{studies.length === 0 ? words.noReport : words.reportLead}</p>
      <ul className="divide-y divide-line">
        {studies.map((uid, index) => {
          const signed = results.signed_by.find(({ study_instance_uid }) => study_instance_uid === uid);
          return (
            <li key={uid} className="flex min-h-10 flex-wrap items-center gap-2 py-1">
              <span>{words.studyNumber(index + 1)}</span>
              {signed && (
                <span className="flex items-center gap-1 text-accepted">
                  <CircleCheck aria-hidden size={14} />
                  {words.signedBy(signed.signed_by, dateTime(signed.signed_at))}
                </span>
              )}
              <Link to="/studies/$uid" params={{ uid }} className={buttonClass(signed ? 'normal' : 'primary', 'ms-auto')}>
                <FilePen aria-hidden size={15} />
                {signed ? words.openReport : words.writeReport}
              </Link>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

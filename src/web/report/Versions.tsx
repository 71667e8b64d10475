import { useState } from 'react';
import { getReportPdf, type Report } from '../../contract/reports.ts';
import { urlOf } from '../api.ts';
import { dateTime } from '../format.ts';
import { reportWords } from '../strings/report/words.ts';
import { strings } from '../strings/strings.ts';
import { CompareDialog } from './CompareDialog.tsx';

const text = strings.report;

/** Earlier versions; each stays readable as it was signed, and can be compared with the present one. */
export function Versions({ current, reports }: { current: Report; reports: readonly Report[] }) {
  const [compared, setCompared] = useState<Report | null>(null);
  if (reports.length === 0) return null;
  return (
    <section className="border-t border-line pt-2">
      <h3 className="pb-1 text-sm font-medium text-muted">{text.history}</h3>
      <ul>
        {reports.map((report) => (
          <li key={report.id} className="flex flex-wrap gap-x-2 py-0.5">
            <span>
              {text.version} {report.version}
            </span>
            <bdi className="grow truncate text-muted">{report.signed_at && `${dateTime(report.signed_at)}, ${report.signed_by}`}</bdi>
            <button
              type="button"
              aria-label={reportWords.diff.compare(report.version)}
              className="underline underline-offset-2"
              onClick={() => setCompared(report)}
            >
              {reportWords.diff.compareShort}
            </button>
            {report.pdf_status === 'ready' && (
              <a
                href={urlOf(getReportPdf, { params: { id: report.id } })}
                target="_blank"
                rel="noreferrer"
                className="underline underline-offset-2"
              >
                PDF
              </a>
            )}
          </li>
        ))}
      </ul>
      {compared && (
        <CompareDialog
          before={compared.sections}
          after={current.sections}
          names={{ before: `${text.version} ${compared.version}`, after: `${text.version} ${current.version}` }}
          onClose={() => setCompared(null)}
        />
      )}
    </section>
  );
}

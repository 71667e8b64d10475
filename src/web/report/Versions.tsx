import { getReportPdf, type Report } from '../../contract/reports.ts';
import { urlOf } from '../api.ts';
import { dateTime } from '../format.ts';
import { strings } from '../strings/strings.ts';

const text = strings.report;

/** Earlier versions; each stays readable as it was signed. */
export function Versions({ reports }: { reports: readonly Report[] }) {
  if (reports.length === 0) return null;
  return (
    <section dir="ltr" className="border-t border-line pt-2">
      <h3 className="pb-1 text-sm font-medium text-muted">{text.history}</h3>
      <ul>
        {reports.map((report) => (
          <li key={report.id} className="flex gap-2 py-0.5">
            <span>
              {text.version} {report.version}
            </span>
            <span className="grow truncate text-muted">{report.signed_at && `${dateTime(report.signed_at)}, ${report.signed_by}`}</span>
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
    </section>
  );
}

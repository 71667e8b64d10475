import { FileDown, Lock } from 'lucide-react';
import { getReportPdf, type Report, type ReportSections } from '../../contract/reports.ts';
import { urlOf } from '../api.ts';
import { dateTime } from '../format.ts';
import { strings } from '../strings/strings.ts';
import { buttonClass } from '../ui/Button.tsx';
import { ScrollArea } from '../ui/ScrollArea.tsx';

const text = strings.report;
const SECTIONS = Object.entries(text.sections) as [keyof ReportSections, string][];

/** A signed report, to read. */
export function SharedReport({ report }: { report: Report }) {
  return (
    <ScrollArea label={strings.study.reportTab} className="h-full">
      <article
        dir={report.locale === 'ar' ? 'rtl' : 'ltr'}
        lang={report.locale}
        className="mx-auto flex max-w-180 flex-col gap-4 px-4 py-6"
      >
        <p className="flex items-center gap-2 font-medium text-accepted">
          <Lock aria-hidden size={15} />
          {text.signed}
        </p>
        {SECTIONS.filter(([key]) => report.sections[key]).map(([key, label]) => (
          <section key={key}>
            <h2 className="text-sm font-medium text-muted">{label}</h2>
            <p dir="auto" className="text-lg whitespace-pre-wrap">
              {report.sections[key]}
            </p>
          </section>
        ))}
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-0.5 border-t border-line pt-4 text-muted">
          <dt>{text.signedBy}</dt>
          <dd>
            <bdi>{report.signed_by}</bdi>
          </dd>
          <dt>{text.signedAt}</dt>
          <dd className="tabular-nums">{report.signed_at && dateTime(report.signed_at)}</dd>
          <dt>{text.version}</dt>
          <dd>{report.version}</dd>
        </dl>
        <p className="text-sm text-faint">
          <bdi>{report.disclaimer}</bdi>
        </p>
        {report.pdf_status === 'ready' && (
          <a
            href={urlOf(getReportPdf, { params: { id: report.id } })}
            target="_blank"
            rel="noreferrer"
            className={buttonClass('primary', 'self-start')}
          >
            <FileDown aria-hidden size={15} strokeWidth={1.75} />
            {text.openPdf}
          </a>
        )}
      </article>
    </ScrollArea>
  );
}

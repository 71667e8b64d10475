import { CircleAlert, Eye, FileDown, FilePenLine, LoaderCircle, Lock, Siren } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Finding } from '../../contract/findings.ts';
import { getReportPdf, type Report, type ReportSections } from '../../contract/reports.ts';
import { urlOf } from '../api.ts';
import { dateTime } from '../format.ts';
import { reportWords } from '../strings/report/words.ts';
import { strings } from '../strings/strings.ts';
import { Button, buttonClass, IconButton } from '../ui/Button.tsx';
import { AddendumButton, AddendumList } from './Addenda.tsx';
import { AmendDialog } from './AmendDialog.tsx';
import { CriticalDialog } from './CriticalDialog.tsx';
import { PreviewDialog } from './PreviewDialog.tsx';
import { Versions } from './Versions.tsx';

const text = strings.report;
const SECTIONS = Object.entries(text.sections) as [keyof ReportSections, string][];

type SignedReportProps = {
  uid: string;
  report: Report;
  earlier: readonly Report[];
  findings: readonly Finding[];
  selectedId: string | null;
};

/** What was signed, by whom and when; nothing in it can be changed, only added to or amended. */
export function SignedReport({ uid, report, earlier, findings, selectedId }: SignedReportProps) {
  const [dialog, setDialog] = useState<'amend' | 'critical' | 'preview' | null>(null);
  const close = () => setDialog(null);
  return (
    <div className="flex min-h-full flex-col">
      <section className="flex flex-col gap-2 border-b border-line bg-raised px-4 py-3">
        <h2 className="flex items-center gap-2 font-medium text-accepted">
          <Lock aria-hidden size={15} />
          {text.signed}
        </h2>
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-0.5">
          <Fact label={text.signedBy}>{report.signed_by}</Fact>
          <Fact label={text.signedAt}>{report.signed_at && dateTime(report.signed_at)}</Fact>
          <Fact label={text.meaningLabel}>{report.signature_meaning}</Fact>
          <Fact label={text.version}>{report.version}</Fact>
          {report.amendment_reason && <Fact label={text.amend}>{report.amendment_reason}</Fact>}
          {report.acknowledged.length > 0 && (
            <Fact label={reportWords.checks.acknowledged}>{report.acknowledged.map(nameOf).join(' ')}</Fact>
          )}
          <Fact label={text.hash}>
            <span className="text-sm break-all select-all">{report.content_sha256}</span>
          </Fact>
        </dl>
      </section>
      <article dir={report.locale === 'ar' ? 'rtl' : 'ltr'} className="flex flex-col gap-3 px-4 py-3">
        {SECTIONS.map(([key, label]) => (
          <section key={key}>
            <h3 className="text-sm font-medium text-muted">{label}</h3>
            <p dir="auto" className="whitespace-pre-wrap">
              {report.sections[key] || <span className="text-faint">{text.empty}</span>}
            </p>
          </section>
        ))}
        <p className="text-sm text-faint">
          <bdi>{report.disclaimer}</bdi>
        </p>
        <AddendumList report={report} />
        <Versions current={report} reports={earlier} />
      </article>
      <div className="sticky bottom-0 mt-auto flex flex-wrap items-center gap-2 border-t border-line bg-surface px-4 py-2.5">
        <Button look="quiet" icon={FilePenLine} className="-ms-2 px-2" onClick={() => setDialog('amend')}>
          {text.amend}
        </Button>
        <AddendumButton uid={uid} report={report} />
        <IconButton icon={Siren} label={reportWords.critical} onClick={() => setDialog('critical')} />
        <IconButton icon={Eye} label={text.previewShort} className="me-auto" onClick={() => setDialog('preview')} />
        <PdfLink report={report} />
      </div>
      {dialog === 'amend' && <AmendDialog uid={uid} report={report} onClose={close} />}
      {dialog === 'critical' && <CriticalDialog uid={uid} findings={findings} selectedId={selectedId} onClose={close} />}
      {dialog === 'preview' && <PreviewDialog report={report} revision={report.revision} onClose={close} />}
    </div>
  );
}

/** A rule in words; one that this page does not know by its name. */
function nameOf(rule: string): string {
  return (reportWords.checks.rules as Readonly<Record<string, string>>)[rule] ?? rule;
}

function PdfLink({ report }: { report: Report }) {
  if (report.pdf_status === 'failed') {
    return (
      <p className="flex basis-full gap-2 text-critical">
        <CircleAlert aria-hidden size={15} className="mt-0.5 shrink-0" />
        {text.pdfFailed}
      </p>
    );
  }
  if (report.pdf_status !== 'ready') {
    return (
      <p role="status" className="flex items-center gap-2 text-muted">
        <LoaderCircle aria-hidden size={15} className="animate-spin" />
        {text.pdfRendering}
      </p>
    );
  }
  return (
    <a href={urlOf(getReportPdf, { params: { id: report.id } })} target="_blank" rel="noreferrer" className={buttonClass('primary')}>
      <FileDown aria-hidden size={15} strokeWidth={1.75} />
      {text.openPdf}
    </a>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd>
        <bdi>{children}</bdi>
      </dd>
    </>
  );
}

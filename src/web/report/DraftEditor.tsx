import type { UseMutationResult } from '@tanstack/react-query';
import { Eye, FilePenLine, PenLine } from 'lucide-react';
import { useState } from 'react';
import { getReportPdf, type Locale, type Report, type ReportSections } from '../../contract/reports.ts';
import { urlOf } from '../api.ts';
import { strings } from '../strings/strings.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { cx } from '../ui/cx.ts';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { RedraftDialog } from './RedraftDialog.tsx';
import { SignDialog } from './SignDialog.tsx';
import { useAutosave } from './use-autosave.ts';
import { Versions } from './Versions.tsx';

const text = strings.report;
const SECTIONS = Object.entries(text.sections) as [keyof ReportSections, string][];

type DraftEditorProps = {
  uid: string;
  report: Report;
  earlier: readonly Report[];
  openFindings: number;
  draft: UseMutationResult<Report, Error, Locale>;
};

/** The draft, section by section; it saves itself. */
export function DraftEditor({ uid, report, earlier, openFindings, draft }: DraftEditorProps) {
  const [dialog, setDialog] = useState<'sign' | 'redraft' | null>(null);
  const { sections, change, flush, dirty, saving, error } = useAutosave(uid, report);
  const preview = urlOf(getReportPdf, { params: { id: report.id } });
  return (
    <div className="flex min-h-full flex-col">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2 text-muted">
        <span>
          {text.version} {report.version} · {text.languages[report.locale]}
        </span>
        <span role="status" className="ms-auto text-sm">
          {saving ? text.saving : dirty ? text.unsaved : text.saved}
        </span>
        {report.amendment_reason && (
          <p className="basis-full">
            {text.amending} {report.version - 1}: <bdi>{report.amendment_reason}</bdi>
          </p>
        )}
      </div>
      <div dir={report.locale === 'ar' ? 'rtl' : 'ltr'} className="flex flex-col gap-3 px-4 py-3">
        {SECTIONS.map(([key, label]) => (
          <Field key={key} label={label}>
            {(control) => (
              <textarea
                {...control}
                dir="auto"
                maxLength={20_000}
                className={cx(INPUT_CLASS, 'h-auto min-h-8 resize-y py-1.5 [field-sizing:content]')}
                rows={1}
                value={sections[key]}
                onChange={(event) => change({ [key]: event.target.value })}
                onBlur={() => void flush().catch(() => {})}
              />
            )}
          </Field>
        ))}
        {error && (
          <ProblemNote error={error} action={<Button onClick={() => void flush().catch(() => {})}>{strings.common.retry}</Button>} />
        )}
        {draft.isError && <ProblemNote error={draft.error} />}
        {openFindings > 0 && <p className="text-attention">{text.open(openFindings)}</p>}
        <p className="text-sm text-faint">{report.disclaimer}</p>
        <Versions reports={earlier} />
      </div>
      <div className="sticky bottom-0 mt-auto flex flex-wrap gap-2 border-t border-line bg-surface px-4 py-2.5">
        <Button
          look="quiet"
          icon={FilePenLine}
          className="-ms-2"
          busy={draft.isPending}
          disabled={openFindings > 0}
          onClick={() => setDialog('redraft')}
        >
          {text.redraft}
        </Button>
        <a
          href={preview}
          target="_blank"
          rel="noreferrer"
          className={buttonClass('normal', 'ms-auto')}
          onClick={() => void flush().catch(() => {})}
        >
          <Eye aria-hidden size={15} strokeWidth={1.75} />
          {text.previewShort}
        </a>
        <Button look="primary" icon={PenLine} disabled={openFindings > 0} onClick={() => setDialog('sign')}>
          {text.signShort}
        </Button>
      </div>
      {dialog === 'sign' && <SignDialog uid={uid} report={report} sections={sections} flush={flush} onClose={() => setDialog(null)} />}
      {dialog === 'redraft' && <RedraftDialog locale={report.locale} draft={draft} flush={flush} onClose={() => setDialog(null)} />}
    </div>
  );
}

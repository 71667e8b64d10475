import { FileDown, Printer } from 'lucide-react';
import { useState } from 'react';
import { getReportPdf, getReportPicture, type Report } from '../../contract/reports.ts';
import { urlOf } from '../api.ts';
import { reportWords } from '../strings/report/words.ts';
import { strings } from '../strings/strings.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Modal } from '../ui/Modal.tsx';

const text = reportWords.preview;
const LOAD_ERROR = new Error('The picture of the report did not load');

/** The pages as they will be printed. @param revision of the draft, so that a changed one is asked for anew */
export function PreviewDialog({ report, revision, onClose }: { report: Report; revision: number; onClose: () => void }) {
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading');
  const pdf = urlOf(getReportPdf, { params: { id: report.id } });
  return (
    <Modal
      open
      wide
      onOpenChange={onClose}
      title={text.title}
      footer={
        <>
          <a href={pdf} target="_blank" rel="noreferrer" className={buttonClass('normal')}>
            <FileDown aria-hidden size={15} strokeWidth={1.75} />
            {text.pdf}
          </a>
          <Button icon={Printer} onClick={() => print(pdf)}>
            {text.print}
          </Button>
        </>
      }
    >
      {state === 'loading' && (
        <p role="status" className="py-8 text-center text-muted">
          {text.loading}
        </p>
      )}
      {state === 'failed' && <p role="alert">{strings.common.unknownProblem}</p>}
      <img
        src={`${urlOf(getReportPicture, { params: { id: report.id } })}?revision=${revision}`}
        alt={text.alt}
        className={`w-full rounded-sm bg-strong ${state === 'shown' ? '' : 'hidden'}`}
        onLoad={() => setState('shown')}
        onError={() => setState('failed')}
      />
    </Modal>
  );
}

/** In a frame that nobody sees; where the browser does not print from one, in a page of its own. */
function print(pdf: string): void {
  const frame = document.createElement('iframe');
  frame.className = 'sr-only';
  frame.src = pdf;
  frame.onload = () => {
    try {
      if (!frame.contentWindow) throw LOAD_ERROR;
      frame.contentWindow.focus();
      frame.contentWindow.print();
    } catch {
      window.open(pdf, '_blank', 'noreferrer');
    }
  };
  document.body.append(frame);
}

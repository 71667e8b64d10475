import { Check, CircleDashed, LoaderCircle, TriangleAlert } from 'lucide-react';
import type { Report } from '../../contract/reports.ts';
import { reportWords } from '../strings/report/words.ts';
import { strings } from '../strings/strings.ts';
import type { Draft } from './use-draft.ts';

const text = strings.report;

/** Which version it is, and whether it is saved. */
export function DraftHead({ report, draft }: { report: Report; draft: Draft }) {
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2 text-muted">
      <span>
        {text.version} {report.version} · {text.languages[report.locale]}
      </span>
      <span role="status" className="ms-auto inline-flex items-center gap-1.5 text-sm">
        <SaveState draft={draft} />
      </span>
      {report.amendment_reason && (
        <p className="basis-full">
          {text.amending} {report.version - 1}: <bdi>{report.amendment_reason}</bdi>
        </p>
      )}
    </div>
  );
}

function SaveState({ draft }: { draft: Draft }) {
  if (draft.conflict)
    return <State icon={<TriangleAlert aria-hidden size={13} className="text-attention" />}>{reportWords.conflict.title}</State>;
  if (draft.saving) return <State icon={<LoaderCircle aria-hidden size={13} className="animate-spin" />}>{text.saving}</State>;
  if (draft.dirty) return <State icon={<CircleDashed aria-hidden size={13} />}>{text.unsaved}</State>;
  return <State icon={<Check aria-hidden size={13} />}>{text.saved}</State>;
}

function State({ icon, children }: { icon: React.ReactNode; children: string }) {
  return (
    <>
      {icon}
      <span>{children}</span>
    </>
  );
}

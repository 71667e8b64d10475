import type { UseQueryResult } from '@tanstack/react-query';
import { ChevronDown, ChevronUp, CircleCheck, Eye, FilePenLine, LoaderCircle, OctagonX, PenLine, TriangleAlert } from 'lucide-react';
import type { CheckIssue } from '../../contract/report-checks.ts';
import { reportWords } from '../strings/report/words.ts';
import { strings } from '../strings/strings.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { CheckList } from './CheckList.tsx';
import type { Draft } from './use-draft.ts';

const text = strings.report;
const words = reportWords.checks;
const PANEL_ID = 'report-checks';

type EditorFootProps = {
  checks: UseQueryResult<{ items: CheckIssue[] }>;
  draft: Draft;
  openFindings: number;
  showsChecks: boolean;
  onShowChecks: (shown: boolean) => void;
  onGoTo: (issue: CheckIssue) => void;
  onRedraft: () => void;
  onPreview: () => void;
  onSign: () => void;
};

/** What stands against signing, and the ways on. */
export function EditorFoot({
  checks,
  draft,
  openFindings,
  showsChecks,
  onShowChecks,
  onGoTo,
  onRedraft,
  onPreview,
  onSign,
}: EditorFootProps) {
  const issues = checks.data?.items ?? [];
  const isCurrent = !draft.dirty && !draft.saving && !checks.isPlaceholderData && !checks.isPending;
  return (
    <div className="sticky bottom-0 mt-auto border-t border-line bg-surface">
      <button
        type="button"
        aria-expanded={showsChecks}
        aria-controls={PANEL_ID}
        aria-keyshortcuts="Alt+C"
        onClick={() => onShowChecks(!showsChecks)}
        className="flex w-full items-center gap-2 px-4 py-1.5 text-start -outline-offset-2 hover:bg-raised"
      >
        <Summary issues={issues} isCurrent={isCurrent} />
        {showsChecks ? <ChevronDown aria-hidden size={14} className="ms-auto" /> : <ChevronUp aria-hidden size={14} className="ms-auto" />}
      </button>
      <section id={PANEL_ID} aria-label={words.title} hidden={!showsChecks} className="max-h-72 overflow-y-auto border-t border-line">
        {checks.isError && (
          <div className="p-3">
            <ProblemNote error={checks.error} action={<Button onClick={() => void checks.refetch()}>{strings.common.retry}</Button>} />
          </div>
        )}
        <CheckList issues={issues} onGoTo={onGoTo} />
      </section>
      {openFindings > 0 && <p className="px-4 pt-2 text-attention">{text.open(openFindings)}</p>}
      <div className="flex flex-wrap gap-2 border-t border-line px-4 py-2.5">
        <IconButton icon={FilePenLine} label={text.redraft} className="-ms-2" disabled={openFindings > 0} onClick={onRedraft} />
        <Button icon={Eye} className="ms-auto" aria-keyshortcuts="Alt+P" onClick={onPreview}>
          {text.previewShort}
        </Button>
        <Button look="primary" icon={PenLine} aria-keyshortcuts="Alt+S" disabled={openFindings > 0} onClick={onSign}>
          {text.signShort}
        </Button>
      </div>
    </div>
  );
}

function Summary({ issues, isCurrent }: { issues: readonly CheckIssue[]; isCurrent: boolean }) {
  if (!isCurrent) {
    return (
      <>
        <LoaderCircle aria-hidden size={15} className="shrink-0 animate-spin text-muted" />
        <span className="text-muted">{words.running}</span>
      </>
    );
  }
  const blocking = issues.filter(({ severity }) => severity === 'blocking').length;
  if (issues.length === 0) {
    return (
      <>
        <CircleCheck aria-hidden size={15} className="shrink-0 text-accepted" />
        <span className="text-accepted">{words.none}</span>
      </>
    );
  }
  const [Icon, tone] = blocking > 0 ? [OctagonX, 'text-critical'] : [TriangleAlert, 'text-attention'];
  return (
    <>
      <Icon aria-hidden size={15} className={`shrink-0 ${tone}`} />
      <span className={tone}>
        {words.title}: {words.summary(blocking, issues.length - blocking)}
      </span>
    </>
  );
}

import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { Report } from '../../contract/reports.ts';
import { reportWords } from '../strings/report/words.ts';
import { Button } from '../ui/Button.tsx';
import { CompareDialog } from './CompareDialog.tsx';
import type { Draft } from './use-draft.ts';

const text = reportWords.conflict;

/** Two readers wrote on one draft: nobody's words are lost before somebody has looked at both. */
export function ConflictNote({ draft, theirs }: { draft: Draft; theirs: Report }) {
  const [compares, setCompares] = useState(false);
  return (
    <div role="alert" className="flex flex-col gap-2 rounded-md border border-line-strong bg-attention-soft p-3">
      <p className="flex items-center gap-2 font-medium text-attention">
        <TriangleAlert aria-hidden size={15} className="shrink-0" />
        {text.title}
      </p>
      <p>{text.detail}</p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setCompares(true)}>{text.compare}</Button>
        <Button onClick={draft.keepMine}>{text.keepMine}</Button>
        <Button onClick={() => draft.adopt(theirs)}>{text.takeTheirs}</Button>
      </div>
      {compares && (
        <CompareDialog
          before={theirs.sections}
          after={draft.sections}
          names={{ before: reportWords.diff.theirs, after: reportWords.diff.mine }}
          onClose={() => setCompares(false)}
        />
      )}
    </div>
  );
}

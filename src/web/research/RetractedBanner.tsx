import { OctagonAlert } from 'lucide-react';
import type { RetractedReference } from '../../contract/literature.ts';
import { researchWords as text } from '../strings/research/words.ts';

/** What was withdrawn, named before anything that stands. */
export function RetractedBanner({ retracted }: { retracted: readonly RetractedReference[] }) {
  return (
    <div role="alert" className="flex gap-2 rounded-md bg-critical-soft p-3">
      <OctagonAlert aria-hidden size={16} className="mt-0.5 shrink-0 text-critical" />
      <div className="min-w-0">
        <p className="font-medium text-critical">{text.retracted}</p>
        <ul>
          {retracted.map(({ key, title, pmid, doi }) => (
            <li key={key}>
              <s>{title}</s> <span className="text-sm text-muted">{[pmid && `PMID ${pmid}`, doi].filter(Boolean).join(' \u00b7 ')}</span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

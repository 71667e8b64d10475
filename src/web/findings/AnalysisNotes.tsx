import { useQuery } from '@tanstack/react-query';
import { Ban, CircleAlert, LoaderCircle, type LucideIcon } from 'lucide-react';
import type { Analysis } from '../../contract/analysis.ts';
import { modelsQuery } from '../queries.ts';
import { reasonText } from '../reason-text.ts';
import { strings } from '../strings/strings.ts';
import { AiStatusBadge } from '../ui/AiStatusBadge.tsx';
import { TONE_TEXT, type Tone } from '../ui/Badge.tsx';
import { cx } from '../ui/cx.ts';
import { groupWithoutResult } from './runs.ts';

const text = strings.findings;
const ICONS: Partial<Record<Analysis['status'], { icon: LucideIcon; tone: Tone }>> = {
  abstained: { icon: Ban, tone: 'attention' },
  failed: { icon: CircleAlert, tone: 'critical' },
};
const PENDING = { icon: LoaderCircle, tone: 'ai' } as const;

/** Models that gave no result, each as plain to see as a finding, with the reason. */
export function AnalysisNotes({ runs }: { runs: readonly Analysis[] }) {
  const models = useQuery(modelsQuery);
  const titleOf = (id: string) => models.data?.items.find(({ card }) => card.id === id)?.card.title ?? id;
  return groupWithoutResult(runs).map(({ run, count }) => {
    const { icon: Icon, tone } = ICONS[run.status] ?? PENDING;
    return (
      <div key={run.id} className="flex items-start gap-2 border-b border-line px-4 py-2.5">
        <Icon aria-hidden size={16} className={cx('mt-0.5 shrink-0', TONE_TEXT[tone])} />
        <div className="min-w-0 grow">
          <div className="flex items-start gap-2">
            <span className="grow font-medium">
              {titleOf(run.model_id)} {count > 1 && <span className="font-normal text-muted">×{count}</span>}
            </span>
            <AiStatusBadge status={run.status} />
          </div>
          {(run.status === 'abstained' || run.status === 'failed') && (
            <p className="text-muted">{run.reason ? reasonText(run.reason) : text.noReason}</p>
          )}
        </div>
      </div>
    );
  });
}

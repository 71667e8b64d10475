import { Check, CircleHelp, type LucideIcon, MapPin, X } from 'lucide-react';
import type { JudgedCriterion, TrialMatch } from '../../contract/trials.ts';
import { decimal } from '../format.ts';
import { researchWords as text } from '../strings/research/words.ts';
import { Badge, type Tone } from '../ui/Badge.tsx';
import { Card } from '../ui/Card.tsx';
import { cx } from '../ui/cx.ts';

const LOOK: Readonly<Record<JudgedCriterion['speaks'], { icon: LucideIcon; tone: Tone; color: string }>> = {
  against: { icon: X, tone: 'critical', color: 'text-critical' },
  open: { icon: CircleHelp, tone: 'attention', color: 'text-attention' },
  for: { icon: Check, tone: 'accepted', color: 'text-accepted' },
};
const ORDER = ['against', 'open', 'for'] as const;

/** One trial with every criterion: what speaks against it first, then what nobody knows, then what speaks for it. */
export function TrialItem({ trial }: { trial: TrialMatch }) {
  const isPossible = trial.verdict === 'possible';
  return (
    <li>
      <Card>
        <div className="flex flex-wrap items-center gap-2">
          <Badge tone={isPossible ? 'neutral' : 'critical'} icon={isPossible ? CircleHelp : X}>
            {isPossible ? text.possible : text.excluded}
          </Badge>
          {ORDER.map((speaks) => (
            <Badge key={speaks} tone={trial.counts[speaks] > 0 ? LOOK[speaks].tone : 'neutral'} icon={LOOK[speaks].icon}>
              {text.counts[speaks](trial.counts[speaks])}
            </Badge>
          ))}
          <span className="ms-auto text-sm text-muted">
            {trial.status in text.trialStatuses ? text.trialStatuses[trial.status as keyof typeof text.trialStatuses] : trial.status}
          </span>
        </div>
        <h3 className="pt-1 font-medium" dir="auto">
          <a href={trial.url} target="_blank" rel="noreferrer noopener" className="rounded-sm hover:underline">
            {trial.title}
          </a>
        </h3>
        <p className="text-sm text-muted">
          {[trial.nct_id, trial.phases.join('/'), trial.conditions.join(', '), trial.interventions.join(', ')]
            .filter(Boolean)
            .join(' \u00b7 ')}
        </p>
        {trial.nearest && (
          <p className="flex items-center gap-1 text-sm text-muted">
            <MapPin aria-hidden size={13} />
            {[trial.nearest.facility, trial.nearest.city, trial.nearest.country].filter(Boolean).join(', ')}
            {trial.nearest.distance_km !== null && ` \u00b7 ${decimal(trial.nearest.distance_km, 0)} km`}
          </p>
        )}
        <details className="pt-1" open={isPossible}>
          <summary className="w-fit rounded-sm text-sm text-muted hover:text-text">{text.criteria(trial.criteria.length)}</summary>
          <ul className="divide-y divide-line">
            {trial.criteria
              .toSorted((a, b) => ORDER.indexOf(a.speaks) - ORDER.indexOf(b.speaks))
              .map((criterion) => (
                <Criterion key={`${criterion.kind} ${criterion.text}`} criterion={criterion} />
              ))}
          </ul>
        </details>
      </Card>
    </li>
  );
}

function Criterion({ criterion }: { criterion: JudgedCriterion }) {
  const { icon: Icon, color } = LOOK[criterion.speaks];
  return (
    <li className="flex gap-2 py-1.5">
      <Icon aria-hidden size={14} className={cx('mt-0.75 shrink-0', color)} />
      <div className="min-w-0">
        <p>
          <span className={cx('text-sm font-medium', color)}>{text.statuses[criterion.status]}</span>{' '}
          <span className="text-sm text-faint">{text.kinds[criterion.kind]}</span> <bdi>{criterion.text}</bdi>
        </p>
        <p className="text-sm text-muted">{criterion.reason}</p>
        {criterion.data.length > 0 && (
          <p className="text-sm text-faint">
            {text.datum}{' '}
            <bdi>{criterion.data.map((datum) => [datum.text, datum.date?.slice(0, 10)].filter(Boolean).join(', ')).join(' \u00b7 ')}</bdi>
          </p>
        )}
      </div>
    </li>
  );
}

import { Check, CircleSlash, Clock, Siren } from 'lucide-react';
import type { CriticalResult } from '../../contract/critical-results.ts';
import { reportWords } from '../strings/report/words.ts';
import { Badge } from '../ui/Badge.tsx';

const text = reportWords.results;
const LOOKS = {
  open: ['critical', Siren],
  told: ['attention', Check],
  acknowledged: ['accepted', Check],
  withdrawn: ['neutral', CircleSlash],
} as const;

/** Where a critical result stands. */
export function CriticalBadge({ result: { status, is_overdue } }: { result: Pick<CriticalResult, 'status' | 'is_overdue'> }) {
  if (is_overdue) {
    return (
      <Badge tone="critical" icon={Clock}>
        {text.overdue}
      </Badge>
    );
  }
  const [tone, icon] = LOOKS[status];
  return (
    <Badge tone={tone} icon={icon}>
      {text.states[status]}
    </Badge>
  );
}

import { ArrowDown, ArrowRight, ArrowUp } from 'lucide-react';
import { strings } from '../strings/strings.ts';
import { Badge } from '../ui/Badge.tsx';

const LOOK = {
  low: { tone: 'neutral', icon: ArrowDown },
  medium: { tone: 'attention', icon: ArrowRight },
  high: { tone: 'critical', icon: ArrowUp },
} as const;

/** How much at risk somebody set the patient to be. */
export function RiskBadge({ level }: { level: keyof typeof LOOK }) {
  return <Badge {...LOOK[level]}>{strings.patients.risks[level]}</Badge>;
}

import { Check, CircleHelp, type LucideIcon, PencilLine, X } from 'lucide-react';
import type { Finding } from '../../contract/findings.ts';
import { strings } from '../strings/strings.ts';
import { Badge, type Tone } from '../ui/Badge.tsx';

const LOOKS: Record<Finding['status'], { tone: Tone; icon: LucideIcon }> = {
  proposed: { tone: 'attention', icon: CircleHelp },
  accepted: { tone: 'accepted', icon: Check },
  edited: { tone: 'accepted', icon: PencilLine },
  rejected: { tone: 'neutral', icon: X },
};

export function DecisionBadge({ status }: { status: Finding['status'] }) {
  const { tone, icon } = LOOKS[status];
  return (
    <Badge tone={tone} icon={icon}>
      {strings.findings.status[status]}
    </Badge>
  );
}

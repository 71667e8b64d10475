import { Ban, Check, CircleAlert, type LucideIcon } from 'lucide-react';
import type { AuditOutcome } from '../../../contract/audit-terms.ts';
import { auditWords } from '../../strings/audit/words.ts';
import { Badge, type Tone } from '../../ui/Badge.tsx';

const LOOKS: Record<AuditOutcome, { tone: Tone; icon: LucideIcon }> = {
  success: { tone: 'neutral', icon: Check },
  refused: { tone: 'attention', icon: Ban },
  failed: { tone: 'critical', icon: CircleAlert },
};

export function OutcomeBadge({ outcome }: { outcome: AuditOutcome }) {
  return <Badge {...LOOKS[outcome]}>{auditWords.outcomes[outcome]}</Badge>;
}

import { Ban, Check, Clock3, LoaderCircle, type LucideIcon, Siren, TriangleAlert } from 'lucide-react';
import type { DiagnosisPriority, DiagnosisStatus } from '../../contract/diagnosis.ts';
import { strings } from '../strings/strings.ts';
import { Badge, type Tone } from '../ui/Badge.tsx';

const text = strings.diagnosis;
const STATES: Readonly<Record<DiagnosisStatus, { tone: Tone; icon: LucideIcon }>> = {
  pending: { tone: 'neutral', icon: Clock3 },
  processing: { tone: 'ai', icon: LoaderCircle },
  completed: { tone: 'accepted', icon: Check },
  cancelled: { tone: 'neutral', icon: Ban },
};

export function StatusBadge({ status }: { status: DiagnosisStatus }) {
  return (
    <Badge {...STATES[status]} spin={status === 'processing'}>
      {text.statuses[status]}
    </Badge>
  );
}

/** Routine is said without a color: only what is to come first stands out. */
export function PriorityBadge({ priority }: { priority: DiagnosisPriority }) {
  if (priority === 'routine') return <span className="text-muted">{text.priorities.routine}</span>;
  return priority === 'emergency' ? (
    <Badge tone="critical" icon={Siren}>
      {text.priorities.emergency}
    </Badge>
  ) : (
    <Badge tone="attention" icon={TriangleAlert}>
      {text.priorities.urgent}
    </Badge>
  );
}

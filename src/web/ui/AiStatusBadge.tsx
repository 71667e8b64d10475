import { Ban, Check, CircleAlert, CircleDashed, Clock3, LoaderCircle, type LucideIcon, OctagonX } from 'lucide-react';
import { reasonText } from '../reason-text.ts';
import { strings } from '../strings/strings.ts';
import { Badge, type Tone } from './Badge.tsx';

type Status = keyof typeof strings.aiStatus;
const LOOKS: Record<Status, { tone: Tone; icon: LucideIcon; spin?: boolean }> = {
  receiving: { tone: 'neutral', icon: LoaderCircle, spin: true },
  none: { tone: 'neutral', icon: CircleDashed },
  queued: { tone: 'neutral', icon: Clock3 },
  running: { tone: 'ai', icon: LoaderCircle, spin: true },
  succeeded: { tone: 'ai', icon: Check },
  abstained: { tone: 'attention', icon: Ban },
  failed: { tone: 'critical', icon: CircleAlert },
  cancelled: { tone: 'neutral', icon: OctagonX },
};

/** Where the AI stands with a study or a run; `reason` is told on hover. */
export function AiStatusBadge({ status, reason }: { status: Status; reason?: string | null | undefined }) {
  const { tone, icon, spin = false } = LOOKS[status];
  return (
    <Badge tone={tone} icon={icon} spin={spin} {...(reason ? { title: reasonText(reason) } : {})}>
      {strings.aiStatus[status]}
    </Badge>
  );
}

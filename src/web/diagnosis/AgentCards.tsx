import { Ban, BookOpen, Check, CircleDashed, ClipboardList, LoaderCircle, type LucideIcon, OctagonX, Pill, ScanLine } from 'lucide-react';
import type { AgentName, AgentState } from '../../contract/agents.ts';
import { decimal } from '../format.ts';
import { strings } from '../strings/strings.ts';
import { Badge, type Tone } from '../ui/Badge.tsx';

const text = strings.diagnosis;
const ICONS: Readonly<Record<AgentName, LucideIcon>> = { monai: ScanLine, history: ClipboardList, drug_checker: Pill, research: BookOpen };
const LOOK: Readonly<Record<AgentState['status'], { tone: Tone; icon: LucideIcon }>> = {
  ready: { tone: 'neutral', icon: CircleDashed },
  processing: { tone: 'ai', icon: LoaderCircle },
  complete: { tone: 'accepted', icon: Check },
  error: { tone: 'critical', icon: OctagonX },
};

/** The four agents side by side, each as far as it is. "Not evaluable" stands out as much as an answer. */
export function AgentCards({ agents, progress }: { agents: readonly AgentState[]; progress: number }) {
  return (
    <section aria-label={strings.aiStatus.running} className="flex flex-col gap-3">
      <div
        className="h-1 overflow-hidden rounded-sm bg-raised"
        role="progressbar"
        aria-label={strings.aiStatus.running}
        aria-valuenow={progress}
      >
        <div className="h-full bg-ai transition-[width]" style={{ width: `${progress}%` }} />
      </div>
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        {agents.map((state) => (
          <AgentCard key={state.agent} state={state} />
        ))}
      </ul>
    </section>
  );
}

function AgentCard({ state }: { state: AgentState }) {
  const Icon = ICONS[state.agent];
  const isSilent = state.outcome === 'not_evaluable';
  return (
    <li className="flex flex-col gap-1.5 rounded-lg border border-line bg-surface p-3">
      <div className="flex items-center gap-2">
        <Icon aria-hidden size={16} className="text-muted" />
        <h2 className="font-medium">{text.agents[state.agent]}</h2>
        <span className="ms-auto">
          {isSilent ? (
            <Badge tone="attention" icon={Ban}>
              {text.notEvaluable}
            </Badge>
          ) : (
            <Badge {...LOOK[state.status]} spin={state.status === 'processing'}>
              {text.agentStatuses[state.status]}
            </Badge>
          )}
        </span>
      </div>
      {state.reason && <p className="text-sm text-muted">{state.reason}</p>}
      {state.processing_time !== null && <p className="text-sm text-faint tabular-nums">{decimal(state.processing_time, 1)} s</p>}
    </li>
  );
}

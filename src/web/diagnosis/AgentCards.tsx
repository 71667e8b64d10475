import { Ban, BookOpen, Check, CircleDashed, ClipboardList, LoaderCircle, type LucideIcon, OctagonX, Pill, ScanLine } from 'lucide-react';
import type { AgentName, AgentState } from '../../contract/agents.ts';
import { decimal } from '../format.ts';
import { diagnosisWords as words } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { Badge, type Tone } from '../ui/Badge.tsx';
import { Card } from '../ui/Card.tsx';
import { Progress } from '../ui/Progress.tsx';

const text = strings.diagnosis;
const ICONS: Readonly<Record<AgentName, LucideIcon>> = { monai: ScanLine, history: ClipboardList, drug_checker: Pill, research: BookOpen };
const LOOK: Readonly<Record<AgentState['status'], { tone: Tone; icon: LucideIcon }>> = {
  ready: { tone: 'neutral', icon: CircleDashed },
  processing: { tone: 'ai', icon: LoaderCircle },
  complete: { tone: 'accepted', icon: Check },
  error: { tone: 'critical', icon: OctagonX },
};

type AgentCardsProps = {
  agents: readonly AgentState[];
  /** Percent of the whole; left out where nobody follows it. */
  progress?: number;
  isOver: boolean;
};

/** The four agents side by side, each as far as it is. "Not evaluable" stands out as much as an answer. */
export function AgentCards({ agents, progress, isOver }: AgentCardsProps) {
  return (
    <section aria-label={words.agents} className="flex flex-col gap-3">
      {!isOver && progress !== undefined && <Progress tone="ai" label={words.agentsWorking} value={progress / 100} />}
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        {agents.map((state) => (
          <li key={state.agent} className="flex">
            <Card className="grow">
              <AgentLine state={state} level={2} />
              {state.reason && (
                <p className="pt-1 text-sm text-muted">
                  <bdi>{state.reason}</bdi>
                </p>
              )}
              <p className="flex flex-wrap gap-x-3 pt-1 text-sm text-faint tabular-nums">
                {state.status === 'processing' && <span>{decimal(state.progress, 0)} %</span>}
                {state.processing_time !== null && state.processing_time >= 0.05 && (
                  <bdi dir="ltr">{decimal(state.processing_time, 1)} s</bdi>
                )}
                {state.failures > 0 && <span>{words.tries(state.failures)}</span>}
              </p>
            </Card>
          </li>
        ))}
      </ul>
    </section>
  );
}

type AgentLineProps = { state: Pick<AgentState, 'agent' | 'status' | 'outcome'>; level: 2 | 3 };

/** Which agent it is, and how it stands. */
export function AgentLine({ state, level }: AgentLineProps) {
  const Icon = ICONS[state.agent];
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Icon aria-hidden size={16} className="text-muted" />
      <Heading className="font-medium">{text.agents[state.agent]}</Heading>
      <span className="ms-auto">
        {state.outcome === 'not_evaluable' ? (
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
  );
}

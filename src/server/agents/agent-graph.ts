import { AGENTS, type AgentName, type AgentStatus } from '../../contract/agents.ts';

/** Which agents have to have ended before one begins: drugs are checked and literature is searched in the light of findings and history. */
export const AGENT_NEEDS: Readonly<Record<AgentName, readonly AgentName[]>> = {
  monai: [],
  history: [],
  drug_checker: ['history', 'monai'],
  research: ['history', 'monai'],
};

/** Seconds that one try of an agent may take. */
const DEFAULT_LIMITS_S: Readonly<Record<AgentName, number>> = { monai: 600, history: 60, drug_checker: 60, research: 120 };

type Statuses = ReadonlyMap<AgentName, AgentStatus>;

/** An agent that gave up counts as ended: those after it say what they can without it. */
export function hasEnded(status: AgentStatus | undefined): boolean {
  return status === 'complete' || status === 'error';
}

/** Agents that may begin: they wait, and all that they need has ended. */
export function readyAgents(statuses: Statuses): AgentName[] {
  return AGENTS.filter((agent) => statuses.get(agent) === 'ready' && AGENT_NEEDS[agent].every((need) => hasEnded(statuses.get(need))));
}

/** The agents themselves and all that, directly or not, go by what they say. */
export function withDependents(agents: readonly AgentName[]): AgentName[] {
  const found = new Set(agents);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const agent of AGENTS) if (AGENT_NEEDS[agent].some((need) => found.has(need))) found.add(agent);
  }
  return AGENTS.filter((agent) => found.has(agent));
}

/** Milliseconds of each agent, from `monai=600, history=60`: seconds where they are other than the default. */
export function agentTimeLimitsOf(text: string): Record<AgentName, number> {
  const told = new URLSearchParams(text.replaceAll(/\s/g, '').replaceAll(',', '&'));
  const limits = AGENTS.map((agent) => [agent, Number(told.get(agent) ?? DEFAULT_LIMITS_S[agent]) * 1_000] as const);
  return Object.fromEntries(limits) as Record<AgentName, number>;
}

import { describe, expect, it } from 'vitest';
import { AGENTS, type AgentName, type AgentStatus } from '../../contract/agents.ts';
import { AGENT_NEEDS, agentTimeLimitsOf, readyAgents, withDependents } from './agent-graph.ts';

const statuses = (given: Partial<Record<AgentName, AgentStatus>>): Map<AgentName, AgentStatus> =>
  new Map(AGENTS.map((agent) => [agent, given[agent] ?? 'ready']));

describe('the graph of agents', () => {
  it('has no agent that needs, directly or not, itself', () => {
    const left = new Set<AgentName>(AGENTS);
    for (let size = -1; size !== left.size; ) {
      size = left.size;
      for (const agent of left) if (AGENT_NEEDS[agent].every((need) => !left.has(need))) left.delete(agent);
    }
    expect([...left]).toEqual([]);
  });

  it('lets those begin that need nobody, then those whose needs have ended, well or not', () => {
    expect(readyAgents(statuses({}))).toEqual(['monai', 'history']);
    expect(readyAgents(statuses({ monai: 'complete', history: 'processing' }))).toEqual([]);
    expect(readyAgents(statuses({ monai: 'complete', history: 'error' }))).toEqual(['drug_checker', 'research']);
    expect(readyAgents(statuses({ monai: 'complete', history: 'complete', drug_checker: 'complete', research: 'error' }))).toEqual([]);
  });

  it('takes along whoever goes by what an agent says', () => {
    expect(withDependents([])).toEqual([]);
    expect(withDependents(['research'])).toEqual(['research']);
    expect(withDependents(['monai'])).toEqual(['monai', 'drug_checker', 'research']);
  });

  it('reads the limits of agents in seconds, each with a default', () => {
    expect(agentTimeLimitsOf('')).toEqual({ monai: 600_000, history: 60_000, drug_checker: 60_000, research: 120_000 });
    expect(agentTimeLimitsOf('monai=5, research=0.25')).toMatchObject({ monai: 5_000, history: 60_000, research: 250 });
  });
});

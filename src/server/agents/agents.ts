import type { AnalysisDeps } from '../analysis/analyze-study.ts';
import type { Agents } from './agent.ts';
import { drugCheckerAgent } from './drug-checker-agent.ts';
import { historyAgent } from './history-agent.ts';
import { imagingAgent } from './imaging-agent.ts';
import { type ResearchDeps, researchAgent } from './research-agent.ts';

/** The agents, in the scope of a tenant. */
export function openAgents(deps: AnalysisDeps & ResearchDeps): Agents {
  return {
    monai: imagingAgent(deps),
    history: historyAgent(deps),
    drug_checker: drugCheckerAgent(deps),
    research: researchAgent(deps),
  };
}

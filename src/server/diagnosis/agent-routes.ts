import type { FastifyInstance } from 'fastify';
import { listAgents, restartAgent as restartEndpoint } from '../../contract/agents.ts';
import type { Config } from '../config.ts';
import { serve } from '../platform/route.ts';
import { readAgentHealth, restartAgent } from './agent-health.ts';

type AgentRouteDeps = { now: () => Date; config: Pick<Config, 'agentTimeLimits'> };

export function agentRoutes(http: FastifyInstance, { now, config }: AgentRouteDeps): void {
  serve(http, listAgents, async ({ scope }) => ({ items: await readAgentHealth(scope.db, config.agentTimeLimits) }));
  serve(http, restartEndpoint, async ({ params, principal, scope }) => ({
    agent: params.agent,
    restarted: await restartAgent({ ...scope, now }, params.agent, principal.full_name),
  }));
}

import type { FastifyInstance } from 'fastify';
import { listAgents, restartAgent as restartEndpoint } from '../../contract/agents.ts';
import type { Cache } from '../cache/cache.ts';
import type { Config } from '../config.ts';
import { serve } from '../platform/route.ts';
import { readAgentHealth, restartAgent } from './agent-health.ts';

type AgentRouteDeps = { cache: Cache; now: () => Date; config: Pick<Config, 'agentTimeLimits'> };

export function agentRoutes(http: FastifyInstance, { cache, now, config }: AgentRouteDeps): void {
  serve(http, listAgents, async ({ scope }) => {
    const limits = config.agentTimeLimits;
    return { items: await cache.view({ name: 'agents', key: limits }, { db: scope }, ({ db }) => readAgentHealth(db, limits)) };
  });
  serve(http, restartEndpoint, async ({ params, principal, scope }) => ({
    agent: params.agent,
    restarted: await restartAgent({ ...scope, now }, params.agent, principal.full_name),
  }));
}

import type { FastifyInstance } from 'fastify';
import { DISCLAIMER } from '../../contract/disclaimer.ts';
import type { Output } from '../../contract/endpoint.ts';
import {
  getHealth,
  getLiveness,
  getReadiness,
  getSystemHealth,
  getSystemStatus,
  listDeadJobs,
  listSettings,
} from '../../contract/system.ts';
import type { Config } from '../config.ts';
import { needsSetup } from '../identity/setup.ts';
import type { SystemDb } from '../platform/ports.ts';
import { serve } from '../platform/route.ts';
import { DEFAULT_TENANT, type OpenScope } from '../platform/scope.ts';
import { VERSION } from './version.ts';

/** Dead jobs that are listed. */
const MAX_DEAD = 100;
/** A check of the blob store costs an fsync, so its answer stands this long. */
const CHECK_EVERY_MS = 5_000;

type SystemDeps = { systemDb: SystemDb; scope: OpenScope; config: Config; now: () => Date };
type Health = Output<typeof getHealth>;

export function systemRoutes(http: FastifyInstance, deps: SystemDeps): void {
  const check = openCheck(deps);
  serve(http, getLiveness, async () => ({ status: 'ok' as const }));
  serve(http, getHealth, async ({ reply }) => answerHealth(await check(), reply));
  serve(http, getSystemHealth, async ({ reply }) => answerHealth(await check(), reply));
  serve(http, getReadiness, async ({ reply }) => answerHealth(await check(), reply));
  serve(http, getSystemStatus, async ({ scope }) => ({
    version: VERSION,
    mode: deps.config.databaseUrl ? ('scaled' as const) : ('embedded' as const),
    needs_setup: await needsSetup(deps.systemDb),
    jobs: await scope.jobs.counts(),
    memory_bytes: process.memoryUsage.rss(),
    disclaimer: DISCLAIMER,
  }));
  serve(http, listSettings, async () => ({ items: [...deps.config.settings] }));
  serve(http, listDeadJobs, async ({ scope }) => ({ items: await scope.jobs.desk().list('dead', MAX_DEAD) }));
}

function answerHealth(health: Health, reply: { status(code: number): unknown }): Health {
  if (health.status !== 'ok') reply.status(503);
  return health;
}

/**
 * Reads from the database each time. The blob store is asked in the background at most every few seconds, and its last answer told: who
 * asks for health does not wait for a disk.
 */
function openCheck({ systemDb, scope, now }: SystemDeps): () => Promise<Health> {
  let askedAt = Number.NEGATIVE_INFINITY;
  let answered: Promise<'ok' | 'failing'> | undefined;
  const ask = (): Promise<'ok' | 'failing'> => {
    if (performance.now() - askedAt < CHECK_EVERY_MS && answered) return answered;
    askedAt = performance.now();
    const asked = passes(scope(DEFAULT_TENANT).then(({ blobs }) => blobs.check()));
    answered ??= asked;
    void asked.then(() => {
      answered = asked;
    });
    return answered;
  };
  return async () => {
    const [database, blob_store] = await Promise.all([passes(systemDb.selectFrom('tenant').select('id').limit(1).execute()), ask()]);
    const status = database === 'ok' && blob_store === 'ok' ? 'ok' : 'failing';
    return { status, version: VERSION, checks: { database, blob_store }, timestamp: now().toISOString() };
  };
}

async function passes(check: Promise<unknown>): Promise<'ok' | 'failing'> {
  try {
    await check;
    return 'ok';
  } catch {
    return 'failing';
  }
}

import type { AuditAction } from '../contract/audit-terms.ts';
import { openAgents } from './agents/agents.ts';
import { analyzeStudy } from './analysis/analyze-study.ts';
import { runAnalyses } from './analysis/run-analyses.ts';
import { analyzeStudy, LAST_ATTEMPT } from './analysis/analyze-study.ts';
import { checkpointAudit, forEachTenant, forwardTenantAudit, pruneTenantAudit } from './audit/upkeep.ts';
import { checkSources } from './clinical/check-knowledge.ts';
import { runDeidentification } from './deidentification/deidentify-study.ts';
import type { Deps } from './deps.ts';
import { admitDiagnoses, resumeDiagnoses } from './diagnosis/coordinate.ts';
import { runAgent } from './diagnosis/run-agent.ts';
import { analyzeAsWorkitem, type OnProgress } from './dicomweb/analysis-workitem.ts';
import { pruneWorkitems } from './dicomweb/prune-workitems.ts';
import { forwardStudy } from './dimse/forward-study.ts';
import { reportCommitment } from './dimse/report-commitment.ts';
import { requestCommitment } from './dimse/request-commitment.ts';
import { resealTenant } from './encryption/reseal.ts';
import { pruneEvents } from './events/prune-events.ts';
import { erasePatient } from './patients/erase-patient.ts';
import { purgeDue } from './patients/recycle.ts';
import { beginAct, systemActor } from './platform/act.ts';
import { actingScope } from './platform/acting-scope.ts';
import type { TenantJobName } from './platform/job-payloads.ts';
import type { JobContext, JobHandlers } from './platform/ports.ts';
import { renderReport } from './reports/render-report.ts';
import { forwardCopy, routeStudy } from './routing/route-study.ts';
import { sweepBlobs, sweepUploads } from './studies/sweep-blobs.ts';
import { listTenants } from './tenants/queries.ts';
import { compressStudy } from './transcoding/compress-study.ts';
import { deliverWebhook, pruneDeliveries } from './webhooks/deliver-webhook.ts';

/** Every background job and the function that does it. A tenant's job works in the scope of its tenant. */
export function jobHandlers(deps: Deps): JobHandlers {
  const within = async ({ tenant_id }: { tenant_id: string }) => ({ ...deps, ...(await deps.scope(tenant_id)) });
  /** What the job writes of patients becomes entries of the audit trail. */
  const acting = async <N extends TenantJobName>(job: JobContext<N>, name: N, action: AuditAction) => {
    const { tenant_id: tenantId } = job.payload;
    const act = beginAct({ tenantId, actor: systemActor(name), action, operation: `job ${name}`, request_id: job.id });
    return { ...deps, ...actingScope(await deps.scope(tenantId), act) };
  };
  const reseal = async (payload: { tenant_id: string }, signal: AbortSignal) => {
    await resealTenant({ ...(await within(payload)), blobs: await deps.blobsOf(payload.tenant_id) }, signal);
  };
  const tenantIds = async () => (await listTenants(deps.systemDb)).map(({ id }) => id);
  return {
    'analyze-study': async (job) => {
      const { payload, signal, attempt } = job;
      // The study is complete: rules come first, as they may choose the models.
      const { models } = await routeStudy(await acting(job, 'analyze-study', 'change'), payload.study_instance_uid, 'complete');
      const chosen = deps.models.filter(({ card }) => models?.has(card.id) ?? true);
      const parts = { ...(await acting(job, 'analyze-study', 'analyze')), models: chosen };
      await analyzeStudy(parts, payload.study_instance_uid, { signal, attempt });
    },
    'admit-diagnoses': async (job) => {
      const parts = await acting(job, 'admit-diagnoses', 'analyze');
      await admitDiagnoses({ ...parts, maxConcurrent: deps.config.maxConcurrentAnalysis });
    },
    'run-agent': async (job) => {
      const parts = await acting(job, 'run-agent', 'analyze');
      await runAgent({ ...parts, agents: openAgents(parts), limits: deps.config.agentTimeLimits }, job.payload, job.signal);
    },
    'resume-diagnoses': async () =>
      forEachTenant(await tenantIds(), async (id) => {
        await resumeDiagnoses({ ...deps, ...(await deps.scope(id)) }, deps.config.agentTimeLimits);
      }),
    'run-analyses': async (job) => {
      const { payload, signal, attempt } = job;
      await runAnalyses(await acting(job, 'run-analyses', 'analyze'), payload.study_instance_uid, { signal, attempt });
      const within = await acting(job, 'analyze-study', 'analyze');
      const { study_instance_uid: study } = payload;
      const run = (onProgress?: OnProgress): Promise<void> =>
        analyzeStudy(within, study, { signal, attempt, ...(onProgress ? { onProgress } : {}) });
      const { workitems, aeTitle, publicUrls } = deps.config;
      if (!workitems.createsForAnalysis) return await run();
      const retrieval = { aeTitle, url: publicUrls[0] };
      const isLastAttempt = attempt >= LAST_ATTEMPT;
      await analyzeAsWorkitem({ ...within, retrieval, waitMs: workitems.waitMs }, study, { run, isLastAttempt });
    },
    'render-report': async (job) => renderReport(await acting(job, 'render-report', 'report'), job.payload.report_id),
    'compress-study': async (job) => {
      await compressStudy(await acting(job, 'compress-study', 'change'), job.payload.study_instance_uid, job.signal);
    },
    'deidentify-study': async (job) =>
      runDeidentification(await acting(job, 'deidentify-study', 'change'), job.payload.deidentification_id, job.signal),
    'forward-study': async ({ payload, signal }) => forwardStudy(await within(payload), payload.forward_id, signal),
    'report-commitment': async ({ payload }) => reportCommitment(await within(payload), payload.commitment_id),
    'request-commitment': async ({ payload }) => requestCommitment(await within(payload), payload.commitment_id),
    'route-arrivals': async (job) => {
      await routeStudy(await acting(job, 'route-arrivals', 'change'), job.payload.study_instance_uid, 'arrival');
    },
    'forward-copy': async (job) => forwardCopy(await acting(job, 'forward-copy', 'forward'), job.payload),
    'checkpoint-audit': async ({ payload }) => checkpointAudit(deps, payload.tenant_id),
    'checkpoint-audits': async () => forEachTenant(await tenantIds(), (id) => checkpointAudit(deps, id)),
    'forward-audits': async ({ signal }) => forEachTenant(await tenantIds(), (id) => forwardTenantAudit(deps, id, signal)),
    'deliver-webhook': async ({ payload, attempt }) => deliverWebhook(await within(payload), payload.delivery_id, attempt),
    'prune-events': async () => {
      const { eventRetentionDays: retentionDays } = deps.config;
      await forEachTenant(await tenantIds(), async (id) => pruneDeliveries(await within({ tenant_id: id }), retentionDays));
      await pruneEvents({ ...deps, retentionDays });
    },
    'prune-audits': async () => forEachTenant(await tenantIds(), (id) => pruneTenantAudit(deps, id)),
    'erase-patient': async (job) =>
      erasePatient(
        { ...(await acting(job, 'erase-patient', 'delete')), pseudonymKey: deps.auditSecrets.pseudonymKey },
        job.payload.erasure_id,
      ),
    'purge-recycled': async ({ id: jobId }) =>
      forEachTenant(await tenantIds(), async (id) => {
        const operation = 'job purge-recycled';
        const act = beginAct({ tenantId: id, actor: systemActor('purge-recycled'), action: 'delete', operation, request_id: jobId });
        await purgeDue({ ...deps, ...actingScope(await deps.scope(id), act) });
      }),
    'prune-workitems': async ({ id: jobId }) =>
      forEachTenant(await tenantIds(), async (id) => {
        const operation = 'job prune-workitems';
        const act = beginAct({ tenantId: id, actor: systemActor('prune-workitems'), action: 'delete', operation, request_id: jobId });
        await pruneWorkitems({ ...deps, ...actingScope(await deps.scope(id), act) });
      }),
    'check-knowledge': async () => forEachTenant(await tenantIds(), async (id) => checkSources(await within({ tenant_id: id }))),
    reseal: async ({ payload, signal }) => reseal(payload, signal),
    'reseal-all': async ({ signal }) => {
      for (const id of await tenantIds()) await reseal({ tenant_id: id }, signal);
    },
    'sweep-blobs': async () => {
      for (const { id } of await listTenants(deps.systemDb)) await sweepBlobs(await within({ tenant_id: id }));
      await sweepUploads(deps);
    },
  };
}

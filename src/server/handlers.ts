import type { AuditAction } from '../contract/audit-terms.ts';
import { openAgents } from './agents/agents.ts';
import { analyzeStudy, LAST_ATTEMPT } from './analysis/analyze-study.ts';
import { runAnalyses } from './analysis/run-analyses.ts';
import { checkpointAudit, forEachTenant, forwardTenantAudit, pruneTenantAudit } from './audit/upkeep.ts';
import { checkSources } from './clinical/check-knowledge.ts';
import { runDeidentification } from './deidentification/deidentify-study.ts';
import type { Deps } from './deps.ts';
import { admitDiagnoses, resumeDiagnoses } from './diagnosis/coordinate.ts';
import { pruneDrafts } from './diagnosis/keep-draft.ts';
import { runAgent } from './diagnosis/run-agent.ts';
import { analyzeAsWorkitem, type OnProgress } from './dicomweb/analysis-workitem.ts';
import { pruneWorkitems } from './dicomweb/prune-workitems.ts';
import { forwardStudy } from './dimse/forward-study.ts';
import { runRetrieval } from './dimse/manage-retrievals.ts';
import { ownTitle } from './dimse/own-title.ts';
import { reportCommitment } from './dimse/report-commitment.ts';
import { requestCommitment } from './dimse/request-commitment.ts';
import { resealTenant } from './encryption/reseal.ts';
import { pruneEvents } from './events/prune-events.ts';
import { embedLiterature } from './literature/embed-literature.ts';
import { erasePatient } from './patients/erase-patient.ts';
import { purgeDue } from './patients/recycle.ts';
import { beginAct, systemActor } from './platform/act.ts';
import { actingScope } from './platform/acting-scope.ts';
import type { JobName, TenantJobName } from './platform/job-payloads.ts';
import type { JobContext, JobHandlers } from './platform/ports.ts';
import { ageList } from './reading-list/age-list.ts';
import { renderReport } from './reports/render-report.ts';
import { forwardCopy, routeStudy } from './routing/route-study.ts';
import { sweepBlobs, sweepUploads } from './studies/sweep-blobs.ts';
import { measureStorage, noteSweep } from './system/measure-storage.ts';
import { listTenants } from './tenants/queries.ts';
import { compressStudy } from './transcoding/compress-study.ts';
import { deliverWebhook, pruneDeliveries } from './webhooks/deliver-webhook.ts';

/** Every background job and the function that does it. A tenant's job works in the scope of its tenant. */
export function jobHandlers(deps: Deps): JobHandlers {
  const parts = partsOf(deps);
  return { ...studyJobs(parts), ...diagnosisJobs(parts), ...exchangeJobs(parts), ...patientJobs(parts), ...upkeepJobs(parts) };
}

type Parts = ReturnType<typeof partsOf>;

/** What the jobs share: the scope of a tenant, with and without the audit trail, and the tenants. */
function partsOf(deps: Deps) {
  const within = async ({ tenant_id }: { tenant_id: string }) => ({ ...deps, ...(await deps.scope(tenant_id)) });
  /** What the job writes of patients becomes entries of the audit trail. */
  const acting = async <N extends TenantJobName>(job: JobContext<N>, name: N, action: AuditAction) => {
    const { tenant_id: tenantId } = job.payload;
    const act = beginAct({ tenantId, actor: systemActor(name), action, operation: `job ${name}`, request_id: job.id });
    return { ...deps, ...actingScope(await deps.scope(tenantId), act) };
  };
  const tenantIds = async () => (await listTenants(deps.systemDb)).map(({ id }) => id);
  const inEachTenant = async (run: (id: string) => Promise<unknown>) =>
    forEachTenant(await tenantIds(), async (id) => {
      await run(id);
    });
  /** As `acting`, for work of the installation that writes of patients in each tenant. */
  const actingIn = async (tenantId: string, name: JobName, jobId: string) => {
    const act = beginAct({ tenantId, actor: systemActor(name), action: 'delete', operation: `job ${name}`, request_id: jobId });
    return { ...deps, ...actingScope(await deps.scope(tenantId), act) };
  };
  return { deps, within, acting, actingIn, tenantIds, inEachTenant };
}

function studyJobs({ deps, acting }: Parts) {
  return {
    'analyze-study': async (job) => {
      const { signal, attempt } = job;
      const { study_instance_uid: study } = job.payload;
      // The study is complete: rules come first, as they may choose the models.
      const { models } = await routeStudy(await acting(job, 'analyze-study', 'change'), study, 'complete');
      const chosen = deps.models.filter(({ card }) => models?.has(card.id) ?? true);
      const here = { ...(await acting(job, 'analyze-study', 'analyze')), models: chosen };
      const run = (onProgress?: OnProgress): Promise<void> =>
        analyzeStudy(here, study, { signal, attempt, ...(onProgress ? { onProgress } : {}) });
      const { workitems, aeTitle, publicUrls } = deps.config;
      if (!workitems.createsForAnalysis) return await run();
      const retrieval = { aeTitle, url: publicUrls[0] };
      const isLastAttempt = attempt >= LAST_ATTEMPT;
      await analyzeAsWorkitem({ ...here, retrieval, waitMs: workitems.waitMs }, study, { run, isLastAttempt });
    },
    'run-analyses': async (job) => {
      const { payload, signal, attempt } = job;
      await runAnalyses(await acting(job, 'run-analyses', 'analyze'), payload.study_instance_uid, { signal, attempt });
    },
    'render-report': async (job) => renderReport(await acting(job, 'render-report', 'report'), job.payload.report_id),
    'compress-study': async (job) => {
      await compressStudy(await acting(job, 'compress-study', 'change'), job.payload.study_instance_uid, job.signal);
    },
    'deidentify-study': async (job) =>
      runDeidentification(await acting(job, 'deidentify-study', 'change'), job.payload.deidentification_id, job.signal),
  } satisfies Partial<JobHandlers>;
}

function diagnosisJobs({ deps, acting, inEachTenant }: Parts) {
  return {
    'admit-diagnoses': async (job) => {
      const parts = await acting(job, 'admit-diagnoses', 'analyze');
      await admitDiagnoses({ ...parts, maxConcurrent: deps.config.maxConcurrentAnalysis });
    },
    'run-agent': async (job) => {
      const parts = await acting(job, 'run-agent', 'analyze');
      await runAgent({ ...parts, agents: openAgents(parts), limits: deps.config.agentTimeLimits }, job.payload, job.signal);
    },
    'resume-diagnoses': () =>
      inEachTenant(async (id) => resumeDiagnoses({ ...deps, ...(await deps.scope(id)) }, deps.config.agentTimeLimits)),
  } satisfies Partial<JobHandlers>;
}

/** What a job has to say stands in its row and in the audit trail. */
const SILENT = { info: () => {}, warn: () => {}, error: () => {} };

function exchangeJobs({ deps, within, acting }: Parts) {
  return {
    'retrieve-study': async (job) => {
      const here = await within(job.payload);
      const node = { aeTitle: await ownTitle(deps, job.payload.tenant_id), privateClasses: deps.config.privateSopClasses };
      await runRetrieval({ ...here, node, log: SILENT }, job.payload.retrieval_id, job.signal);
    },
    'forward-study': async ({ payload, signal }) => forwardStudy(await within(payload), payload.forward_id, signal),
    'report-commitment': async ({ payload }) => reportCommitment(await within(payload), payload.commitment_id),
    'request-commitment': async ({ payload }) => requestCommitment(await within(payload), payload.commitment_id),
    'route-arrivals': async (job) => {
      await routeStudy(await acting(job, 'route-arrivals', 'change'), job.payload.study_instance_uid, 'arrival');
    },
    'forward-copy': async (job) => forwardCopy(await acting(job, 'forward-copy', 'forward'), job.payload),
    'deliver-webhook': async ({ payload, attempt }) => deliverWebhook(await within(payload), payload.delivery_id, attempt),
  } satisfies Partial<JobHandlers>;
}

function patientJobs({ deps, acting, actingIn, inEachTenant }: Parts) {
  return {
    'erase-patient': async (job) =>
      erasePatient(
        { ...(await acting(job, 'erase-patient', 'delete')), pseudonymKey: deps.auditSecrets.pseudonymKey },
        job.payload.erasure_id,
      ),
    'purge-recycled': ({ id: jobId }) =>
      inEachTenant(async (id) => {
        const here = await actingIn(id, 'purge-recycled', jobId);
        await purgeDue(here);
        await pruneDrafts(here);
      }),
    'prune-workitems': ({ id: jobId }) => inEachTenant(async (id) => pruneWorkitems(await actingIn(id, 'prune-workitems', jobId))),
  } satisfies Partial<JobHandlers>;
}

function upkeepJobs({ deps, within, tenantIds, inEachTenant }: Parts) {
  const reseal = async (payload: { tenant_id: string }, signal: AbortSignal) => {
    await resealTenant({ ...(await within(payload)), blobs: await deps.blobsOf(payload.tenant_id) }, signal);
  };
  return {
    'checkpoint-audit': async ({ payload }) => checkpointAudit(deps, payload.tenant_id),
    'checkpoint-audits': () => inEachTenant((id) => checkpointAudit(deps, id)),
    'forward-audits': ({ signal }) => inEachTenant((id) => forwardTenantAudit(deps, id, signal)),
    'prune-audits': () => inEachTenant((id) => pruneTenantAudit(deps, id)),
    'prune-events': async () => {
      const { eventRetentionDays: retentionDays } = deps.config;
      await inEachTenant(async (id) => pruneDeliveries(await within({ tenant_id: id }), retentionDays));
      await pruneEvents({ ...deps, retentionDays });
    },
    // Only the order changes: no entry of the audit trail for it.
    'age-reading-lists': ({ signal }) => inEachTenant(async (id) => ageList(await within({ tenant_id: id }), signal)),
    'check-knowledge': () => inEachTenant(async (id) => checkSources(await within({ tenant_id: id }))),
    'embed-literature': async ({ signal }) => {
      await embedLiterature(deps, signal);
    },
    reseal: async ({ payload, signal }) => reseal(payload, signal),
    'reseal-all': async ({ signal }) => {
      for (const id of await tenantIds()) await reseal({ tenant_id: id }, signal);
    },
    'sweep-blobs': async ({ signal }) => {
      for (const id of await tenantIds()) {
        const here = await within({ tenant_id: id });
        await noteSweep(here, await sweepBlobs(here));
        await measureStorage(here, signal);
      }
      await sweepUploads(deps);
    },
    'measure-storage': async ({ payload, signal }) => {
      await measureStorage(await within(payload), signal);
    },
  } satisfies Partial<JobHandlers>;
}

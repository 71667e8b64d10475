import type { JobPayloads, TenantJobName, TenantJobPayloads } from '../platform/job-payloads.ts';
import type { EnqueueOptions, Jobs, TenantJobs, Tx } from '../platform/ports.ts';

/** The jobs of one tenant, among those of all. */
export function tenantJobs(jobs: Jobs, tenantId: string): TenantJobs {
  // A slash is in no tenant's id: keys of two tenants cannot be the same text.
  const keyOf = (key: string): string => `${tenantId}/${key}`;
  return {
    enqueue: <N extends TenantJobName>(
      tx: Tx,
      name: N,
      payload: TenantJobPayloads[N],
      { key, ...options }: EnqueueOptions = {},
    ): Promise<void> => {
      // `JobPayloads` of a tenant's job is just this, which the compiler does not see through `N`.
      const owned = { ...payload, tenant_id: tenantId } as JobPayloads[N];
      return jobs.enqueue(tx, name, owned, key === undefined ? options : { ...options, key: keyOf(key) });
    },
    cancel: (name, key) => jobs.cancel(name, keyOf(key)),
    counts: () => jobs.counts(tenantId),
    desk: (withInstallation = false) => jobs.desk({ tenantId, withInstallation }),
  };
}

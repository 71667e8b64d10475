/** Jobs of one tenant, and what they are told besides its id. */
export type TenantJobPayloads = {
  'analyze-study': { study_instance_uid: string };
  'render-report': { report_id: string };
  'deidentify-study': { deidentification_id: string };
  'erase-patient': { erasure_id: string };
  'deliver-webhook': { delivery_id: string };
  /** Encrypts anew what is not yet under the tenant's present key. */
  reseal: Record<string, never>;
  /** Signs how far the tenant's audit chain has come. */
  'checkpoint-audit': Record<string, never>;
};
export type TenantJobName = keyof TenantJobPayloads;

/** Jobs of the installation. */
type SystemJobPayloads = {
  'sweep-blobs': Record<string, never>;
  'reseal-all': Record<string, never>;
  'purge-recycled': Record<string, never>;
  'prune-events': Record<string, never>;
  'checkpoint-audits': Record<string, never>;
  'forward-audits': Record<string, never>;
  'prune-audits': Record<string, never>;
};

/** Every background job and what it is told; a handler missing in `server/handlers.ts` does not compile. */
export type JobPayloads = SystemJobPayloads & { [N in TenantJobName]: TenantJobPayloads[N] & { tenant_id: string } };
export type JobName = keyof JobPayloads;
export const JOB_NAMES = [
  'analyze-study',
  'render-report',
  'deidentify-study',
  'reseal',
  'reseal-all',
  'erase-patient',
  'deliver-webhook',
  'purge-recycled',
  'prune-events',
  'sweep-blobs',
  'checkpoint-audit',
  'checkpoint-audits',
  'forward-audits',
  'prune-audits',
] as const satisfies readonly JobName[];

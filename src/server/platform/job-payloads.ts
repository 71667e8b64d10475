import type { AgentName } from '../../contract/agents.ts';

/** Jobs of one tenant, and what they are told besides its id. */
export type TenantJobPayloads = {
  'analyze-study': { study_instance_uid: string };
  /** Makes the runs that were asked for one by one. */
  'run-analyses': { study_instance_uid: string };
  'render-report': { report_id: string };
  /** Starts diagnoses that wait, as many as may be at work. */
  'admit-diagnoses': Record<string, never>;
  'run-agent': { diagnosis_id: string; agent: AgentName; run_key: string };
  /** Stores a study's pixels as lossless HTJ2K. */
  'compress-study': { study_instance_uid: string };
  'deidentify-study': { deidentification_id: string };
  'forward-study': { forward_id: string };
  /** Fetches something from a peer. */
  'retrieve-study': { retrieval_id: string };
  /** Tells a peer what of its objects is held. */
  'report-commitment': { commitment_id: string };
  /** Asks a peer to take responsibility for what was sent to it. */
  'request-commitment': { commitment_id: string };
  /** What rules ask for a study that is still arriving. */
  'route-arrivals': { study_instance_uid: string };
  /** Sends the de-identified copy that a rule asked for, once it is there. */
  'forward-copy': { deidentification_id: string; peer_id: string; rule_key: string };
  'erase-patient': { erasure_id: string };
  'deliver-webhook': { delivery_id: string };
  /** Encrypts anew what is not yet under the tenant's present key. */
  reseal: Record<string, never>;
  /** Counts what the objects take. */
  'measure-storage': Record<string, never>;
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
  /** Takes up diagnoses whose next step was lost. */
  'resume-diagnoses': Record<string, never>;
  'prune-workitems': Record<string, never>;
  'age-reading-lists': Record<string, never>;
  'check-knowledge': Record<string, never>;
  /** Lets the model for the sense of sentences read what it has not read. */
  'embed-literature': Record<string, never>;
  'checkpoint-audits': Record<string, never>;
  'forward-audits': Record<string, never>;
  'prune-audits': Record<string, never>;
};

/** Every background job and what it is told; a handler missing in `server/handlers.ts` does not compile. */
export type JobPayloads = SystemJobPayloads & { [N in TenantJobName]: TenantJobPayloads[N] & { tenant_id: string } };
export type JobName = keyof JobPayloads;
export const JOB_NAMES = [
  'analyze-study',
  'run-analyses',
  'render-report',
  'admit-diagnoses',
  'run-agent',
  'resume-diagnoses',
  'compress-study',
  'deidentify-study',
  'forward-study',
  'retrieve-study',
  'report-commitment',
  'request-commitment',
  'route-arrivals',
  'forward-copy',
  'reseal',
  'reseal-all',
  'erase-patient',
  'deliver-webhook',
  'purge-recycled',
  'prune-events',
  'prune-workitems',
  'age-reading-lists',
  'check-knowledge',
  'embed-literature',
  'sweep-blobs',
  'measure-storage',
  'checkpoint-audit',
  'checkpoint-audits',
  'forward-audits',
  'prune-audits',
] as const satisfies readonly JobName[];

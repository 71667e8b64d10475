import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { AuditConfig } from '../config.ts';
import type { AuditTrail } from '../platform/audit.ts';
import type { OpenScope } from '../platform/scope.ts';
import { type CheckpointSink, deliverCheckpoints, fileSink, webhookSink } from './deliver-checkpoints.ts';
import { forwardAudit } from './forward-audit.ts';
import { makeCheckpoint } from './make-checkpoint.ts';
import { pruneAudit } from './prune-audit.ts';
import type { AuditSecrets } from './secrets.ts';
import type { SyslogTarget } from './syslog-client.ts';

/** How this installation is named as the source of an audit message. */
export const AUDIT_SOURCE_ID = `isocenter@${hostname()}`;

export type UpkeepDeps = {
  scope: OpenScope;
  audit: AuditTrail;
  auditSecrets: AuditSecrets;
  config: { audit: AuditConfig };
  now: () => Date;
  /** What guards where this server may connect to. */
  egress: { fetch(url: string, request: { method: string; headers: Record<string, string>; body: string }): Promise<Response> };
};

/** Signs how far a tenant's chain has come, and tells those outside who keep checkpoints. @throws if one of them does not take them */
export async function checkpointAudit(deps: UpkeepDeps, tenantId: string): Promise<void> {
  const { audit, auditSecrets, now } = deps;
  const { db } = await deps.scope(tenantId);
  await makeCheckpoint({ db, tenantId, trail: audit, privateKey: auditSecrets.privateKey, now });
  await deliverCheckpoints(db, tenantId, sinksOf(deps));
}

/** Sends a tenant's new entries to the audit repository, if there is one. @throws if it cannot be reached */
export async function forwardTenantAudit({ scope, audit, config }: UpkeepDeps, tenantId: string, signal?: AbortSignal): Promise<number> {
  if (!config.audit.syslog) return 0;
  const { db } = await scope(tenantId);
  const origin = { sourceId: AUDIT_SOURCE_ID, hostname: hostname(), processId: String(process.pid) };
  return forwardAudit({ db, tenantId, trail: audit, target: await targetOf(config.audit.syslog), origin }, signal);
}

/** Removes a tenant's entries past their retention. Returns how many. */
export async function pruneTenantAudit({ scope, audit, config, now }: UpkeepDeps, tenantId: string): Promise<number> {
  const { db } = await scope(tenantId);
  return pruneAudit({ db, tenantId, trail: audit, retentionDays: config.audit.retentionDays, now });
}

/** Does something for each tenant; a failure for one does not keep the others from it. @throws what the first failure was */
export async function forEachTenant(tenantIds: readonly string[], work: (tenantId: string) => Promise<unknown>): Promise<void> {
  const failures: unknown[] = [];
  for (const tenantId of tenantIds) await work(tenantId).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

function sinksOf({ config, egress }: UpkeepDeps): CheckpointSink[] {
  const { checkpointFile, checkpointUrl } = config.audit;
  const post = (url: string, body: string): Promise<Response> =>
    egress.fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return [...(checkpointFile ? [fileSink(checkpointFile)] : []), ...(checkpointUrl ? [webhookSink(checkpointUrl, post)] : [])];
}

/** Read each time: certificates are renewed while the server runs. */
async function targetOf({ host, port, ...files }: NonNullable<AuditConfig['syslog']>): Promise<SyslogTarget> {
  const read = async (name: 'ca' | 'cert' | 'key') => (files[name] === '' ? {} : { [name]: await readFile(files[name], 'utf8') });
  return { host, port, ...(await read('ca')), ...(await read('cert')), ...(await read('key')) };
}

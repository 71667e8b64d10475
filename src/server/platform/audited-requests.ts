import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AuditAction } from '../../contract/audit-terms.ts';
import type { Endpoint } from '../../contract/endpoint.ts';
import type { Permission } from '../../contract/permission.ts';
import { type Act, actorOf, beginAct, entryOf, NOBODY, outcomeOf } from './act.ts';
import type { Principal } from './auth.ts';
import { describeEndpoint, purposeOf } from './describe-act.ts';
import { AppError } from './errors.ts';
import { problemOf } from './problem.ts';
import { DEFAULT_TENANT } from './scope.ts';

/** Acts whose entry is on the disk before they are answered; looking is answered first and on the disk a moment later. */
const BEFORE_THE_ANSWER: ReadonlySet<AuditAction> = new Set([
  'export',
  'import',
  'change',
  'delete',
  'analyze',
  'report',
  'login',
  'logout',
  'admin',
]);

/** The audit entries of one endpoint's calls. */
export type AuditedRequests = {
  begin(request: FastifyRequest): Act;
  of(request: FastifyRequest): Act | undefined;
  /** @throws {AppError} `unavailable` while the trail cannot be written */
  requireWritable(act: Act): void;
  /** Writes the entry, once. @throws {AppError} `unavailable` if it has to be there before the answer and cannot be written */
  end(request: FastifyRequest, status: number): Promise<void>;
};

export function auditedRequests(http: FastifyInstance, endpoint: Endpoint): AuditedRequests {
  const { action, operation, objectOf, fieldsOf } = describeEndpoint(endpoint);
  const acts = new WeakMap<FastifyRequest, Act>();
  const isAudited = endpoint.audit !== 'none';

  // What makes something is told from what happens to something: both are POST.
  const details = endpoint.method === 'POST' && endpoint.status === 201 ? { created: true } : {};

  return {
    begin: (request) => {
      const object = objectOf(request.params);
      const act = beginAct({
        tenantId: DEFAULT_TENANT,
        actor: NOBODY,
        action,
        operation,
        ...(object ? { object } : {}),
        source: request.ip,
        request_id: request.id,
        details,
      });
      acts.set(request, act);
      return act;
    },
    of: (request) => acts.get(request),
    requireWritable: (act) => {
      if (isAudited) http.audit.requireWritable(act.tenantId);
    },
    end: async (request, status) => {
      const act = acts.get(request);
      if (!act || !acts.delete(request) || !isAudited) return;
      const outcome = outcomeOf(status);
      if (outcome === 'success' && act.committed > 0) return;
      if (action === 'search' || action === 'export') act.details = { fields: fieldsOf(request.query), ...act.details };
      const entry = entryOf(act, { outcome, reason: problemOf(request) ?? null });
      if (outcome === 'success' && BEFORE_THE_ANSWER.has(action)) await recordOrRefuse(http, act.tenantId, entry);
      else http.audit.note(act.tenantId, entry);
    },
  };
}

/** Who turned out to be calling. */
export function identify(act: Act, principal: Principal, { permission, stated }: { permission: Permission; stated: unknown }): void {
  act.tenantId = principal.tenant_id;
  act.actor = actorOf(principal);
  act.purpose = purposeOf(principal.role, stated, permission);
}

async function recordOrRefuse(http: FastifyInstance, tenantId: string, entry: ReturnType<typeof entryOf>): Promise<void> {
  try {
    await http.audit.record(tenantId, entry);
  } catch (error) {
    throw new AppError('unavailable', 'The audit trail cannot be written at present', { cause: error });
  }
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import type { AuditAction } from '../../contract/audit-terms.ts';
import type { Endpoint, Input, Output } from '../../contract/endpoint.ts';
import { Problem } from '../../contract/fields.ts';
import type { Permission } from '../../contract/permission.ts';
import { type Act, beginAct, endOf, entryOf, NOBODY } from './act.ts';
import { actingScope } from './acting-scope.ts';
import type { AuditTrail } from './audit.ts';
import { auditedRequests, identify } from './audited-requests.ts';
import { type Authenticate, type Principal, requirePermission } from './auth.ts';
import { AppError } from './errors.ts';
import { DEFAULT_TENANT, type OpenScope, type Scope } from './scope.ts';

/** Who asks, and the part of its tenant that its right lets it see; nobody on a public endpoint. */
type Caller<E extends Endpoint> = E['permission'] extends 'public' ? unknown : { principal: Principal; scope: Scope };
/** What a handler gets besides its validated input. */
export type Call<E extends Endpoint> = Input<E> &
  Caller<E> & {
    /** What the audit trail will say of the call; a handler adds what only it knows. */
    act: Act;
    request: FastifyRequest;
    reply: FastifyReply;
  };

declare module 'fastify' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be merged into Fastify's own
  interface FastifyInstance {
    authenticate: Authenticate;
    /** For a request that was counted when it came, and lasts: what to call to hear who sends it now. */
    authenticateAgain: (request: FastifyRequest) => () => ReturnType<Authenticate>;
    openScope: OpenScope;
    audit: AuditTrail;
  }
}

/**
 * Puts an endpoint on the server: method, path, validation, the permission check before anything else, and the answer reduced to
 * the declared fields. The handler sees the caller's tenant alone, so that what is another's is not found. Every call becomes an entry of
 * the audit trail: with what it writes of patients in one transaction, else before the answer, or, for a read, with it. An endpoint that
 * `produces` another media type answers through `reply` or by returning a buffer or stream.
 */
export function serve<const E extends Endpoint>(
  http: FastifyInstance,
  endpoint: E,
  handler: (call: Call<E>) => Promise<Output<E> | FastifyReply>,
): void {
  const audited = auditedRequests(http, endpoint);
  http.route({
    method: endpoint.method,
    url: endpoint.path,
    schema: schemaOf(endpoint),
    onRequest: async (request) => {
      const act = audited.begin(request);
      if (endpoint.permission !== 'public') callers.set(request, await admit(http, request, { permission: endpoint.permission, act }));
      audited.requireWritable(act);
      if (endpoint.consumes) requireMediaType(request, endpoint.consumes);
    },
    onSend: async (request, reply) => audited.end(request, reply.statusCode),
    handler: async (request, reply) => {
      if (endpoint.status) reply.status(endpoint.status);
      if (endpoint.produces) reply.type(endpoint.produces);
      const { params, query, body } = request as { params: unknown; query: unknown; body: unknown };
      // Validated against the endpoint's own schemas just before, so the parts have the types that `Call` gives them.
      const call = { params, query, body, ...callers.get(request), act: audited.of(request), request, reply } as unknown as Call<E>;
      return handler(call);
    },
  });
}

/**
 * The caller of a request, for doors that `serve` cannot describe. A refusal becomes an audit entry; what is written of patients through
 * the scope does so by itself, anything else is for the door to record.
 *
 * @throws {AppError} `unauthenticated`, `forbidden`
 */
export async function authorize(
  http: FastifyInstance,
  request: FastifyRequest,
  { permission, action }: { permission: Permission; action: AuditAction },
): Promise<{ principal: Principal; scope: Scope; act: Act }> {
  const act = beginAct({
    tenantId: DEFAULT_TENANT,
    actor: NOBODY,
    action,
    operation: `${request.method} ${request.routeOptions.url ?? ''}`,
    source: request.ip,
    request_id: request.id,
  });
  try {
    const caller = await admit(http, request, { permission, act });
    http.audit.requireWritable(act.tenantId);
    return { ...caller, scope: actingScope(caller.scope, act), act };
  } catch (error) {
    http.audit.note(act.tenantId, entryOf(act, endOf(error)));
    throw error;
  }
}

async function admit(
  http: FastifyInstance,
  request: FastifyRequest,
  { permission, act }: { permission: Permission; act: Act },
): Promise<{ principal: Principal; scope: Scope }> {
  const known = await http.authenticate(request);
  if (known) identify(act, known, { permission, stated: request.headers['x-purpose-of-use'] });
  const { principal, visibility } = requirePermission(known, permission);
  const scope = await http.openScope(principal.tenant_id, visibility);
  return { principal, scope: request.method === 'GET' || request.method === 'HEAD' ? scope : actingScope(scope, act) };
}

const callers = new WeakMap<FastifyRequest, { principal: Principal; scope: Scope }>();

function schemaOf(endpoint: Endpoint): Record<string, unknown> {
  const schema: Record<string, unknown> = {};
  if (endpoint.params) schema['params'] = endpoint.params;
  if (endpoint.query) schema['querystring'] = endpoint.query;
  if (endpoint.body) schema['body'] = endpoint.body;
  const response: Record<string, TSchema> = { default: Problem };
  if (!endpoint.produces) response[endpoint.status ?? 200] = endpoint.response;
  schema['response'] = response;
  return schema;
}

function requireMediaType(request: FastifyRequest, expected: string): void {
  const given = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (given !== expected) throw new AppError('unsupported-media-type', `This takes ${expected}`);
}

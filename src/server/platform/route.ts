import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import type { Endpoint, Input, Output } from '../../contract/endpoint.ts';
import { Problem } from '../../contract/fields.ts';
import { type Authenticate, type Principal, requirePermission } from './auth.ts';
import { AppError } from './errors.ts';

/** What a handler gets besides its validated input. `principal` is there on every endpoint that is not public. */
export type Call<E extends Endpoint> = Input<E> & { principal: Principal; request: FastifyRequest; reply: FastifyReply };

declare module 'fastify' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be merged into Fastify's own
  interface FastifyInstance {
    authenticate: Authenticate;
  }
}

/**
 * Puts an endpoint on the server: method, path, validation, the permission check before anything else, and the answer reduced to
 * the declared fields. An endpoint that `produces` another media type answers through `reply` or by returning a buffer or stream.
 */
export function serve<const E extends Endpoint>(
  http: FastifyInstance,
  endpoint: E,
  handler: (call: Call<E>) => Promise<Output<E> | FastifyReply>,
): void {
  http.route({
    method: endpoint.method,
    url: endpoint.path,
    schema: schemaOf(endpoint),
    onRequest: async (request) => {
      const principal = endpoint.permission === 'public' ? undefined : await http.authenticate(request);
      requirePermission(principal, endpoint.permission);
      principals.set(request, principal);
      if (endpoint.consumes) requireMediaType(request, endpoint.consumes);
    },
    handler: async (request, reply) => {
      if (endpoint.status) reply.status(endpoint.status);
      if (endpoint.produces) reply.type(endpoint.produces);
      const { params, query, body } = request as { params: unknown; query: unknown; body: unknown };
      // Validated against the endpoint's own schemas just before, so the parts have the types that `Call` gives them.
      const call = { params, query, body, principal: principals.get(request), request, reply } as unknown as Call<E>;
      return handler(call);
    },
  });
}

const principals = new WeakMap<FastifyRequest, Principal | undefined>();

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

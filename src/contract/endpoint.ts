import type { Static, TSchema } from 'typebox';
import type { AuditAction } from './audit-terms.ts';
import type { Permission } from './permission.ts';

/** One HTTP operation, described once; the server, OpenAPI and the web client all read it. */
export type Endpoint = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:name` for parameters, as Fastify writes them. */
  path: string;
  summary: string;
  permission: Permission;
  params?: TSchema;
  query?: TSchema;
  body?: TSchema;
  /** The JSON answer of a success; for other media types see `produces`. */
  response: TSchema;
  /** HTTP status of a success; 200 unless told. */
  status?: number;
  /** Media type of the request where it is not JSON; the handler then reads the raw stream. */
  consumes?: string;
  /** Media type of the answer where it is not JSON; `response` is then not used to serialize. */
  produces?: string;
  /** What the audit trail calls it, where method and permission do not say it; `none` for what tells nobody anything. */
  audit?: AuditAction | 'none';
};

/** Keeps the literal types of `definition`, so that callers see its exact schemas. */
export function endpoint<const E extends Endpoint>(definition: E): E {
  return definition;
}

type Part<E, K extends string> = E extends Record<K, infer S extends TSchema> ? Record<K, Static<S>> : unknown;
/** What a caller must send: `params`, `query` and `body`, each only where the endpoint has it. */
export type Input<E extends Endpoint> = Part<E, 'params'> & Part<E, 'query'> & Part<E, 'body'>;
/** What the endpoint answers. */
export type Output<E extends Endpoint> = Static<E['response']>;

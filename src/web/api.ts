import type { Static } from 'typebox';
import type { Endpoint, Input, Output } from '../contract/endpoint.ts';
import type { Problem } from '../contract/fields.ts';
import { presenceHeaders } from './presence.ts';
import { noteReachable } from './reachability.ts';

/** `file` is sent as it is, for endpoints that consume something else than JSON; `ifMatch` is the ETag of what is changed. */
type CallOptions = { signal?: AbortSignal; file?: Blob; type?: string; ifMatch?: string };
type CallArguments<E extends Endpoint> =
  unknown extends Input<E> ? [input?: undefined, options?: CallOptions] : [input: Input<E>, options?: CallOptions];
type AnyInput = { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown };
type ProblemBody = Static<typeof Problem>;

/** A failed call, as the server explained it; `kind` is `unreachable` when no answer came. */
export class ApiProblem extends Error {
  readonly kind: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Finds the request in the server's log; empty when no answer came. */
  readonly requestId: string;
  readonly fields: { field: string; message: string }[];

  constructor(body: Partial<ProblemBody>) {
    super(body.title ?? 'Unknown problem');
    this.name = 'ApiProblem';
    this.kind = (body.type ?? '').split(':').at(-1) ?? '';
    this.status = body.status ?? 0;
    this.title = this.message;
    this.detail = body.detail ?? '';
    this.requestId = body.request_id ?? '';
    this.fields = body.errors ?? [];
  }
}

let signedOut: () => void = () => {};
/** Names what to do when the session is gone; called at each answer that says so. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

/**
 * Calls one operation of the contract with the session cookie.
 *
 * @throws {ApiProblem} when the server refuses or cannot be reached
 * @throws {DOMException} `AbortError` when `signal` fires
 */
export async function call<const E extends Endpoint>(endpoint: E, ...given: CallArguments<E>): Promise<Output<E>> {
  return (await callTagged(endpoint, ...given)).answer;
}

/** Like `call`, with the version (ETag) that a change has to name in `ifMatch`; empty where the endpoint gives none. */
export async function callTagged<const E extends Endpoint>(
  endpoint: E,
  ...[input, options]: CallArguments<E>
): Promise<{ answer: Output<E>; etag: string }> {
  const { body } = (input ?? {}) as AnyInput;
  const response = await send(urlOf(endpoint, ...([input] as CallArguments<E>)), {
    method: endpoint.method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(options?.file ? { body: options.file } : {}),
    ...(options?.signal ? { signal: options.signal } : {}),
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options?.file ? { 'content-type': options.type ?? 'application/octet-stream' } : {}),
      ...(options?.ifMatch === undefined ? {} : { 'if-match': options.ifMatch }),
    },
  });
  // The server reduces every answer to the endpoint's response schema.
  return { answer: (await response.json()) as Output<E>, etag: response.headers.get('etag') ?? '' };
}

/** Like `call` for an endpoint that produces bytes (a picture, a document). */
export async function fetchBytes(url: string, signal?: AbortSignal): Promise<Blob> {
  const response = await send(url, signal ? { signal } : {});
  return response.blob();
}

/** Path and query of an operation, for pictures, links and uploads. */
export function urlOf<const E extends Endpoint>(endpoint: E, ...[input]: CallArguments<E>): string {
  // `Input<E>` is generic here; its parts are known to be these three.
  const { params = {}, query = {} } = (input ?? {}) as AnyInput;
  const path = endpoint.path.replace(/:(\w+)/g, (_match, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') search.set(name, String(value));
  return search.size > 0 ? `${path}?${search}` : path;
}

/** Reads an error body; anything else than problem details becomes a problem that names the status. */
export function problemOf(status: number, text: string): ApiProblem {
  const problem = new ApiProblem({ status, title: `The server answered with status ${status}`, ...parseJson(text) });
  if (problem.kind === 'unauthenticated') signedOut();
  return problem;
}

/** No answer at all: the server is down or the connection broke. */
export function unreachable(): ApiProblem {
  return new ApiProblem({
    type: 'unreachable',
    title: 'The server does not answer',
    detail: 'Check that Isocenter is running and that this computer is connected, then try again.',
  });
}

async function send(url: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Response> {
  const headers = { ...presenceHeaders(), ...init.headers };
  const response = await fetch(url, { credentials: 'same-origin', cache: 'no-store', ...init, headers }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    noteReachable(false);
    throw unreachable();
  });
  noteReachable(true);
  if (!response.ok) throw problemOf(response.status, await response.text());
  return response;
}

function parseJson(text: string): Partial<ProblemBody> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
}

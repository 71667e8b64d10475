import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from './errors.ts';

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(self), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;
/** Two years, as browsers' preload lists ask; names below this one are this server's owner's as well. */
const STRICT_TRANSPORT = 'max-age=63072000; includeSubDomains';
/** Asked by the machines that watch this one, under whatever name they know it by. */
const PROBES = new Set(['/livez', '/readyz']);

const CORS_METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const CORS_HEADERS =
  'accept, authorization, content-type, if-match, if-none-match, range, tus-resumable, upload-length, upload-metadata, upload-offset, x-api-key';
const CORS_EXPOSED =
  'content-disposition, content-range, etag, location, ratelimit, ratelimit-policy, retry-after, tus-resumable, upload-length, upload-offset, upload-result, x-request-id';
/** A browser asks again after this long, in seconds. */
const CORS_MAX_AGE = '600';

export type ProtectionOptions = {
  /** Address that is listened on. */
  host: string;
  /** Origins under which this server is known. */
  publicUrls: readonly string[];
  /** Origins whose scripts may use the API. */
  corsOrigins: readonly string[];
};

/** Whether an address can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * Response headers of every answer, and three guards: a request that names a foreign host is refused (DNS rebinding, forged links); a
 * change, or a WebSocket, that a page of another origin asks for is refused; and pages of origins that are allowed (CORS) act by a token or key alone, never
 * by the session cookie of whoever looks at them.
 */
export function protect(http: FastifyInstance, { host, publicUrls, corsOrigins }: ProtectionOptions): void {
  const names = new Set([...LOOPBACK_NAMES, ...publicUrls.map((url) => new URL(url).hostname)]);
  const acceptsEveryName = publicUrls.length === 0 && !isLoopback(host);
  const allowed = new Set(corsOrigins);

  http.addHook('onRequest', async (request, reply) => {
    // On the bare answer, because some answers (resumable uploads) are written past Fastify.
    for (const [name, value] of Object.entries(HEADERS)) reply.raw.setHeader(name, value);
    reply.raw.setHeader('x-request-id', request.id);
    if (request.protocol === 'https') reply.raw.setHeader('strict-transport-security', STRICT_TRANSPORT);
    if (!acceptsEveryName && !PROBES.has(request.url)) requireName(request, names);
    const { origin } = request.headers;
    if (origin === undefined || isOwnOrigin(request, origin, publicUrls)) return;
    if (allowed.has(origin)) return answerForeign(request, reply, origin);
    if ((request.method !== 'GET' && request.method !== 'HEAD') || opensSocket(request))
      throw new AppError('forbidden', 'Requests from another origin are not accepted');
  });
  http.addHook('onSend', async (request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    if (request.headers.origin === undefined || !allowed.has(request.headers.origin)) return;
    const vary = reply.getHeader('vary');
    reply.header('vary', vary === undefined ? 'Origin' : `${vary}, Origin`);
  });
}

/** A WebSocket is no request of which the browser would keep the answer from a page. */
function opensSocket({ headers }: FastifyRequest): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

function requireName({ host = '' }: FastifyRequest, names: ReadonlySet<string>): void {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (name !== '' && !names.has(name))
    throw new AppError('forbidden', 'This server does not answer under this name (ISOCENTER_PUBLIC_URL)');
}

function isOwnOrigin({ host }: FastifyRequest, origin: string, publicUrls: readonly string[]): boolean {
  return publicUrls.includes(origin) || (URL.canParse(origin) && new URL(origin).host === host);
}

/** CORS (https://fetch.spec.whatwg.org/#http-cors-protocol), without credentials. */
function answerForeign(request: FastifyRequest, reply: FastifyReply, origin: string): void {
  request.cookies = {};
  reply.raw.setHeader('access-control-allow-origin', origin);
  reply.raw.setHeader('access-control-expose-headers', CORS_EXPOSED);
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return;
  reply
    .status(204)
    .headers({
      'access-control-allow-methods': CORS_METHODS,
      'access-control-allow-headers': CORS_HEADERS,
      'access-control-max-age': CORS_MAX_AGE,
    })
    .send();
}

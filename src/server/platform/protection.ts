import type { FastifyInstance } from 'fastify';
import { AppError } from './errors.ts';

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), geolocation=(), payment=()',
  'cross-origin-opener-policy': 'same-origin',
};

/** Whether an address can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * Response headers of every answer, and two guards: a request that names a foreign host (DNS rebinding against a loopback server) and
 * a change that a page of another origin sends are refused.
 */
export function protect(http: FastifyInstance, { host }: { host: string }): void {
  const loopbackOnly = isLoopback(host);
  http.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS).header('x-request-id', request.id);
    const named = hostName(request.headers.host ?? '');
    if (loopbackOnly && named !== '' && !LOOPBACK_HOSTS.has(named))
      throw new AppError('forbidden', 'This server answers on loopback names only');
    const origin = request.headers.origin;
    if (origin !== undefined && request.method !== 'GET' && request.method !== 'HEAD' && !sameOrigin(origin, request.headers.host)) {
      throw new AppError('forbidden', 'Requests from another origin are not accepted');
    }
  });
  http.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
}

function hostName(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase();
}

function sameOrigin(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}

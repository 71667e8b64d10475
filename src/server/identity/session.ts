import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Act } from '../platform/act.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { authenticate, type Credential } from './authenticate.ts';
import type { Identity } from './identity.ts';
import type { Client, OpenedSession } from './sessions.ts';

export const SESSION_COOKIE = 'isocenter_session';
/** Over TLS: a browser takes such a name only from the host itself, so that a neighboring host cannot plant a session. */
const SECURE_COOKIE = `__Host-${SESSION_COOKIE}`;
const MAX_DEVICE = 200;
/** A page sends this with what it asks by itself, as to keep a list fresh: it is not a person at work, and keeps no session awake. */
const BACKGROUND_HEADER = 'x-isocenter-background';
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Who sends a request: by Bearer token, API key or cookie. Where a token or key is sent, the cookie does not count, and two of them at
 * once count as none.
 *
 * @throws {AppError} `forbidden` for a change by cookie that may come from elsewhere than a page of this server
 */
export async function authenticateRequest(identity: Identity, request: FastifyRequest): Promise<Principal | undefined> {
  const credential = credentialOf(request);
  return credential && authenticate(identity, credential);
}

/** Says for a request that lasts who sends it now, each time that it is called. Nothing else of the request stays in memory. */
export function lastingAuthentication(identity: Identity, request: FastifyRequest): () => Promise<Principal | undefined> {
  const credential = credentialOf(request);
  return async () => credential && authenticate(identity, credential);
}

/** @throws {AppError} `forbidden` as `authenticateRequest` */
function credentialOf(request: FastifyRequest): Credential | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  const key = headerOf(request, 'x-api-key');
  const isUse = headerOf(request, BACKGROUND_HEADER) === undefined;
  if (bearer !== undefined || key !== undefined) {
    if (bearer !== undefined && key !== undefined && bearer !== key) return undefined;
    return { token: bearer ?? key ?? '', isUse };
  }
  const token = cookieToken(request);
  if (token === undefined) return undefined;
  requireOwnPage(request);
  return { token, isUse };
}

/**
 * Whether a page of this server asks, by a header that scripts cannot set. A page has its cookie, which scripts cannot read, and is told
 * no token: what is injected into it finds nothing to take away.
 */
export function isPage(request: FastifyRequest): boolean {
  return headerOf(request, 'sec-fetch-site') === 'same-origin';
}

/** The token in the cookie of a session. */
export function cookieToken(request: FastifyRequest): string | undefined {
  return request.cookies[cookieName(request)];
}

export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, { token, expires_at }: OpenedSession): void {
  reply.setCookie(cookieName(request), token, { ...cookieOptions(request), expires: new Date(expires_at) });
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(cookieName(request), cookieOptions(request));
}

export function clientOf(request: FastifyRequest, act?: Act): Client {
  const device = (headerOf(request, 'user-agent') ?? '').replaceAll(/\p{Cc}/gu, ' ').slice(0, MAX_DEVICE);
  return { ip: request.ip, device, ...(act ? { act } : {}) };
}

/** The address of a page that takes a secret. It stands behind the `#`, which browsers do not send: no log and no proxy sees it. */
export function addressOf({ config }: Identity, request: FastifyRequest, page: string, token: string): string {
  return `${config.publicUrls[0] ?? `${request.protocol}://${request.host}`}/${page}#token=${token}`;
}

function requireOwnPage(request: FastifyRequest): void {
  if (SAFE_METHODS.has(request.method)) return;
  // `protect` has refused other origins before. Browsers send one of the two with every change; what has neither is no page.
  if (request.headers.origin !== undefined || isPage(request)) return;
  throw new AppError(
    'forbidden',
    'A change by session cookie has to come from a page of this server; other clients send the token as Bearer',
  );
}

function cookieName({ protocol }: FastifyRequest): string {
  return protocol === 'https' ? SECURE_COOKIE : SESSION_COOKIE;
}

function cookieOptions({ protocol }: FastifyRequest) {
  return { httpOnly: true, sameSite: 'strict', secure: protocol === 'https', path: '/' } as const;
}

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

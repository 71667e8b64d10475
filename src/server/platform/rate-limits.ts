import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticate } from './auth.ts';
import { AppError } from './errors.ts';
import type { BucketSize, Taken, TokenBuckets } from './ports.ts';

/** Kinds of requests that are counted apart. */
export type RateClass = keyof typeof DEFAULTS;
/** For each class how many requests a caller has, and in what time; undefined switches all limits off. */
export type RateLimits = Readonly<Record<RateClass, BucketSize>> | undefined;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * What a caller may do: high enough for a reading room that pages through series and a modality that sends them, low enough that nobody
 * keeps the server from all others. `anonymous` is the prediction of somebody without a session or key (N-11, X-27).
 */
const DEFAULTS = {
  login: { quantity: 60, windowMs: MINUTE_MS },
  anonymous: { quantity: 100, windowMs: HOUR_MS },
  predict: { quantity: 3_000, windowMs: MINUTE_MS },
  upload: { quantity: 60_000, windowMs: MINUTE_MS },
  read: { quantity: 12_000, windowMs: MINUTE_MS },
  write: { quantity: 1_200, windowMs: MINUTE_MS },
  search: { quantity: 1_200, windowMs: MINUTE_MS },
  dicomweb: { quantity: 60_000, windowMs: MINUTE_MS },
} as const satisfies Record<string, BucketSize>;

/** Many people share the address of a hospital: an address has as much as this many callers together. */
const CALLERS_OF_ADDRESS = 10;

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: MINUTE_MS, h: HOUR_MS };

/** @param text changes to the defaults, `read=6000/1m,login=60/1m`, or `off`. @throws {RangeError} for anything else */
export function readRateLimits(text: string): RateLimits {
  if (text.trim() === 'off') return undefined;
  const limits: Record<string, BucketSize> = { ...DEFAULTS };
  for (const entry of text.split(',').filter((part) => part.trim() !== '')) {
    const [, name = '', quantity = '', count = '1', unit = ''] = /^\s*([a-z]+)=(\d{1,9})\/(\d{1,4})?([smh])\s*$/.exec(entry) ?? [];
    const windowMs = Number(count) * (UNITS_MS[unit] ?? 0);
    if (!Object.hasOwn(DEFAULTS, name) || Number(quantity) < 1 || windowMs < 1) {
      throw new RangeError(`'${entry.trim()}' is no limit such as read=6000/1m. Classes: ${Object.keys(DEFAULTS).join(', ')}`);
    }
    limits[name] = { quantity: Number(quantity), windowMs };
  }
  return limits as Readonly<Record<RateClass, BucketSize>>;
}

/** What is counted how; undefined for what is not counted: health, pages and documents. */
export function rateClassOf(method: string, path: string): RateClass | undefined {
  if (/^\/api\/v1\/auth\/(login|refresh|register|setup|password|share|totp|passkey|oidc)/.test(path))
    return method === 'GET' ? 'read' : 'login';
  const changes = method !== 'GET' && method !== 'HEAD';
  if (path.startsWith('/dicom-web/')) {
    if (changes) return 'upload';
    return /^\/dicom-web\/(studies|series|instances)(\/:[a-z_]+\/(series|instances)){0,2}$/.test(path) ? 'search' : 'dicomweb';
  }
  if (path.startsWith('/ws/')) return 'read';
  if (!path.startsWith('/api/v1/')) return undefined;
  if (changes && /^\/api\/v1\/predict/.test(path)) return 'predict';
  if (changes && /^\/api\/v1\/(studies|images\/upload|uploads(\/:id)?)$/.test(path)) return 'upload';
  if (changes) return 'write';
  return /^\/api\/v1\/(studies|patients|worklist|audit|literature\/search)$/.test(path) ? 'search' : 'read';
}

/**
 * Counts requests in token buckets: first by address, before anything else is done for them, and once it is known who asks also by
 * principal. Every counted answer says what is left (`RateLimit`, `RateLimit-Policy`: draft-ietf-httpapi-ratelimit-headers-10); what is
 * too much is answered 429 with `Retry-After`.
 *
 * @returns `authenticate`, counting by principal
 */
export function limitRates(
  http: FastifyInstance,
  authenticate: Authenticate,
  { buckets, limits }: { buckets: TokenBuckets; limits: RateLimits },
): Authenticate {
  if (!limits) return authenticate;
  const counted = new WeakMap<FastifyRequest, Counted>();
  const classes = new Map<string, RateClass | undefined>();
  const classOf = ({ method, routeOptions: { url = '' } }: FastifyRequest): RateClass | undefined => {
    const route = `${method} ${url}`;
    if (!classes.has(route)) classes.set(route, rateClassOf(method, url));
    return classes.get(route);
  };
  const count = async (request: FastifyRequest, counting: Omit<Counted, 'taken'> & { bucket: string }): Promise<void> => {
    const taken = await buckets.take(counting.bucket, counting.size);
    counted.set(request, { ...counting, taken });
    if (!taken.allowed) throw new AppError('too-many-requests', `Too many requests of the kind '${counting.name}'; wait and try again`);
  };

  http.addHook('onRequest', async (request) => {
    const known = classOf(request);
    if (known === undefined) return;
    const name = known === 'predict' && !hasCredentials(request) ? 'anonymous' : known;
    const each = limits[name];
    // Whoever signs in, or asks without credentials, is told apart by the address alone.
    const alone = name === 'login' || name === 'anonymous';
    const size = alone ? each : { ...each, quantity: each.quantity * CALLERS_OF_ADDRESS };
    await count(request, { name, size, bucket: `${name} address ${request.ip}` });
  });
  http.addHook('onSend', async (request, reply) => {
    const last = counted.get(request);
    if (last) tell(reply, last);
  });
  return async (request) => {
    const principal = await authenticate(request);
    const name = classOf(request);
    if (!principal || name === undefined || name === 'login') return principal;
    const who = `${principal.tenant_id} ${principal.kind} ${principal.id}`;
    await count(request, { name, size: limits[name], bucket: `${name} ${who}` });
    if (principal.requests_per_hour !== undefined) {
      const size = { quantity: principal.requests_per_hour, windowMs: HOUR_MS };
      await count(request, { name: 'own', size, bucket: `own ${who}` });
    }
    return principal;
  };
}

type Counted = { name: string; size: BucketSize; taken: Taken };

function tell(reply: FastifyReply, { name, size, taken }: Counted): void {
  reply.header('ratelimit-policy', `"${name}";q=${size.quantity};w=${seconds(size.windowMs)}`);
  reply.header('ratelimit', `"${name}";r=${taken.remaining};t=${seconds(taken.fullInMs)}`);
  if (!taken.allowed) reply.header('retry-after', String(seconds(taken.retryInMs)));
}

function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1_000);
}

function hasCredentials({ headers }: FastifyRequest): boolean {
  return headers.authorization !== undefined || headers['x-api-key'] !== undefined || headers.cookie !== undefined;
}

import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { openMemoryBuckets } from '../infra/buckets-memory.ts';
import type { Authenticate, Principal } from './auth.ts';
import { answerProblems } from './problem.ts';
import { limitRates, rateClassOf, readRateLimits } from './rate-limits.ts';

const PRINCIPAL: Principal = {
  kind: 'user',
  tenant_id: 'default',
  id: 'u1',
  user_id: 'u1',
  username: 'reader',
  full_name: 'Reader',
  role: 'radiologist',
};

/** A server whose callers name themselves in a header, and whose clock moves only when told. */
async function open(limits: string) {
  const clock = { time: 0 };
  const http = Fastify({ trustProxy: ['127.0.0.1'] });
  answerProblems(http);
  const buckets = openMemoryBuckets(() => new Date(clock.time));
  const named: Authenticate = async ({ headers }) => {
    const id = headers['x-api-key'];
    const limit = headers['x-limit'];
    if (typeof id !== 'string') return undefined;
    return { ...PRINCIPAL, id, ...(limit === undefined ? {} : { requests_per_hour: Number(limit) }) };
  };
  const authenticate = limitRates(http, named, { buckets, limits: readRateLimits(limits) });
  const onRequest = async (request: Parameters<Authenticate>[0]) => {
    await authenticate(request);
  };
  http.get('/api/v1/reports/:id', { onRequest }, async () => 'report');
  http.get('/api/v1/studies', { onRequest }, async () => 'studies');
  http.post('/api/v1/predict', { onRequest }, async () => 'score');
  http.post('/api/v1/auth/login', async () => 'session');
  http.get('/livez', async () => 'alive');
  return { http, clock };
}

const get = (
  http: FastifyInstance,
  { key, ip = '10.0.0.1', url = '/api/v1/reports/1' }: { key?: string; ip?: string; url?: string } = {},
) => http.inject({ url, headers: { 'x-forwarded-for': ip, ...(key ? { 'x-api-key': key } : {}) } });
const post = (http: FastifyInstance, url: string, { key, ip = '10.0.0.1' }: { key?: string; ip?: string } = {}) =>
  http.inject({ method: 'POST', url, headers: { 'x-forwarded-for': ip, ...(key ? { 'x-api-key': key } : {}) }, payload: {} });

describe('rate limits', () => {
  it('say what is left, refuse what is too much with 429 and when to come back, and give again as time passes (N-11)', async () => {
    const { http, clock } = await open('read=3/1m');
    const first = await get(http, { key: 'a' });
    expect(first.headers).toMatchObject({ 'ratelimit-policy': '"read";q=3;w=60', ratelimit: '"read";r=2;t=20' });
    await get(http, { key: 'a' });
    expect((await get(http, { key: 'a' })).headers['ratelimit']).toBe('"read";r=0;t=60');

    const refused = await get(http, { key: 'a' });
    expect(refused.statusCode).toBe(429);
    expect(refused.headers).toMatchObject({
      'retry-after': '20',
      ratelimit: '"read";r=0;t=60',
      'content-type': 'application/problem+json',
    });
    expect(refused.json()).toMatchObject({ type: 'urn:isocenter:error:too-many-requests', status: 429 });
    clock.time += 20_000;
    expect((await get(http, { key: 'a' })).statusCode).toBe(200);
    expect((await get(http, { key: 'a' })).statusCode).toBe(429);
  });

  it('count each principal and each class apart', async () => {
    const { http } = await open('read=1/1m,search=1/1m');
    expect((await get(http, { key: 'a' })).statusCode).toBe(200);
    expect((await get(http, { key: 'a' })).statusCode).toBe(429);
    expect((await get(http, { key: 'b' })).statusCode).toBe(200);
    expect((await get(http, { key: 'a', url: '/api/v1/studies' })).statusCode).toBe(200);
  });

  it('hold an address to what ten callers may do, whoever they say they are', async () => {
    const { http } = await open('read=2/1m');
    const answers = await Promise.all(Array.from({ length: 25 }, (_, index) => get(http, { key: `k${index}` })));
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(20);
    expect((await get(http, { key: 'new', ip: '10.0.0.2' })).statusCode).toBe(200);
  });

  it('count sign-in by address alone, however many names are tried', async () => {
    const { http } = await open('login=5/1m');
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(http, '/api/v1/auth/login')));
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(5);
    expect((await post(http, '/api/v1/auth/login', { ip: '10.0.0.2' })).statusCode).toBe(200);
  });

  it('give 100 predictions an hour to an address without credentials, and more to those who have them (X-27)', async () => {
    const { http, clock } = await open('');
    const statuses = async (count: number, key?: string) =>
      (await Promise.all(Array.from({ length: count }, () => post(http, '/api/v1/predict', key ? { key } : {})))).map(
        ({ statusCode }) => statusCode,
      );
    expect((await statuses(101)).filter((status) => status === 200)).toHaveLength(100);
    expect(new Set(await statuses(200, 'a'))).toEqual(new Set([200]));
    clock.time += 36_000;
    expect(await statuses(2)).toEqual([200, 429]);
  });

  it('hold a key to a limit of its own as well', async () => {
    const { http, clock } = await open('');
    const ask = () => http.inject({ url: '/api/v1/reports/1', headers: { 'x-api-key': 'trial', 'x-limit': '2' } });
    expect([(await ask()).statusCode, (await ask()).statusCode, (await ask()).statusCode]).toEqual([200, 200, 429]);
    expect((await ask()).headers['ratelimit-policy']).toBe('"own";q=2;w=3600');
    clock.time += 1_800_000;
    expect((await ask()).statusCode).toBe(200);
  });

  it('leave out probes, and everything where they are off', async () => {
    const { http } = await open('read=1/1h');
    for (let count = 0; count < 30; count++) expect((await get(http, { url: '/livez' })).headers).not.toHaveProperty('ratelimit');
    const { http: unlimited } = await open('off');
    for (let count = 0; count < 30; count++) expect((await get(unlimited, { key: 'a' })).headers).not.toHaveProperty('ratelimit');
  });

  it('are read from text, and what is no limit is refused with the classes there are', () => {
    expect(readRateLimits('read=5/2h, login=1/s')).toMatchObject({
      read: { quantity: 5, windowMs: 7_200_000 },
      login: { quantity: 1, windowMs: 1_000 },
      write: { quantity: 1_200, windowMs: 60_000 },
    });
    for (const text of ['read', 'read=0/1m', 'reads=5/1m', 'read=5/1d', 'read=-5/1m', 'read=5/0m', 'constructor=5/1m', 'on'])
      expect(() => readRateLimits(text), text).toThrow(RangeError);
  });
});

describe('the class of a request', () => {
  it('follows from what it does', () => {
    const expected = {
      login: ['POST /api/v1/auth/login', 'POST /api/v1/auth/refresh', 'POST /api/v1/auth/register', 'POST /api/v1/auth/setup'],
      predict: ['POST /api/v1/predict', 'POST /api/v1/predict/batch'],
      upload: [
        'POST /api/v1/studies',
        'POST /api/v1/images/upload',
        'PATCH /api/v1/uploads/:id',
        'POST /dicom-web/studies',
        'POST /dicom-web/studies/:study_instance_uid',
      ],
      search: [
        'GET /api/v1/studies',
        'GET /api/v1/audit',
        'GET /dicom-web/studies',
        'GET /dicom-web/studies/:study_instance_uid/series',
        'GET /dicom-web/studies/:study_instance_uid/series/:series_instance_uid/instances',
      ],
      dicomweb: [
        'GET /dicom-web/studies/:study_instance_uid',
        'GET /dicom-web/studies/:study_instance_uid/metadata',
        'GET /dicom-web/wado',
      ],
      read: ['GET /api/v1/studies/:study_instance_uid', 'GET /api/v1/auth/profile', 'GET /api/v1/predictions', 'HEAD /api/v1/uploads/:id'],
      write: ['POST /api/v1/auth/logout', 'POST /api/v1/reports/:id/sign', 'DELETE /api/v1/peers/:id', 'PUT /api/v1/peers/:id'],
    };
    for (const [name, routes] of Object.entries(expected)) {
      for (const route of routes) {
        const [method = '', path = ''] = route.split(' ');
        expect(rateClassOf(method, path), route).toBe(name);
      }
    }
    for (const path of ['/livez', '/readyz', '/api/health', '/', '/assets/x.js', '/studies'])
      expect(rateClassOf('GET', path)).toBeUndefined();
  });
});

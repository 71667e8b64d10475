import cookie from '@fastify/cookie';
import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { answerProblems } from './problem.ts';
import { type ProtectionOptions, protect } from './protection.ts';

async function open(options: Partial<ProtectionOptions> = {}, trustProxy: string[] | false = false): Promise<FastifyInstance> {
  const http = Fastify({ trustProxy });
  answerProblems(http);
  await http.register(cookie);
  protect(http, { host: '127.0.0.1', publicUrls: [], corsOrigins: [], ...options });
  http.get('/livez', async () => 'alive');
  http.get('/cookies', async (request, reply) => reply.header('vary', 'Accept').send(request.cookies));
  http.post('/change', async (request) => request.cookies);
  return http;
}

describe('security headers', () => {
  it('stand on every answer, also on refusals and on what is not there', async () => {
    const http = await open();
    for (const url of ['/livez', '/none', '/change']) {
      const { headers } = await http.inject({ url });
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'self'"),
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'permissions-policy': expect.stringContaining('camera=()'),
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
        'x-request-id': expect.any(String),
      });
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers['content-security-policy']).not.toContain("'unsafe-eval'");
    }
  });

  it('ask for HTTPS for two years where the request came by it, by a proxy that is trusted, and nowhere else', async () => {
    const trusting = await open({}, ['127.0.0.1']);
    const doubting = await open();
    const byProxy = { url: '/livez', headers: { 'x-forwarded-proto': 'https' } };
    expect((await trusting.inject(byProxy)).headers['strict-transport-security']).toBe('max-age=63072000; includeSubDomains');
    expect((await trusting.inject({ url: '/livez' })).headers).not.toHaveProperty('strict-transport-security');
    expect((await doubting.inject(byProxy)).headers).not.toHaveProperty('strict-transport-security');
    const elsewhere = await trusting.inject({ ...byProxy, remoteAddress: '10.0.0.9' });
    expect(elsewhere.headers).not.toHaveProperty('strict-transport-security');
  });
});

describe('the name of the server', () => {
  const status = async (http: FastifyInstance, host: string, url = '/cookies') =>
    (await http.inject({ url, headers: { host } })).statusCode;

  it('is a loopback name where it listens on loopback: a name that was rebound to it gets nothing', async () => {
    const http = await open();
    for (const host of ['localhost', 'localhost:8000', '127.0.0.1:8000', '[::1]:8000', 'LOCALHOST'])
      expect(await status(http, host)).toBe(200);
    for (const host of ['evil.test', 'localhost.evil.test', '127.0.0.1.evil.test', '169.254.169.254'])
      expect(await status(http, host), host).toBe(403);
  });

  it('is that of its public URL, and probes ask under any', async () => {
    const http = await open({ host: '0.0.0.0', publicUrls: ['https://imaging.test', 'https://pacs.test:8443'] });
    for (const host of ['imaging.test', 'pacs.test:8443', 'localhost:8000']) expect(await status(http, host)).toBe(200);
    for (const host of ['10.0.0.5:8000', 'evil.test']) expect(await status(http, host), host).toBe(403);
    expect(await status(http, '10.0.0.5:8000', '/livez')).toBe(200);
  });

  it('is any where nobody said which', async () => {
    expect(await status(await open({ host: '0.0.0.0' }), '10.0.0.5:8000')).toBe(200);
  });

  it('comes from the proxy if it is trusted, and from nobody else', async () => {
    const options = { host: '0.0.0.0', publicUrls: ['https://imaging.test'] };
    const headers = { host: 'upstream', 'x-forwarded-host': 'imaging.test' };
    expect((await (await open(options, ['127.0.0.1'])).inject({ url: '/cookies', headers })).statusCode).toBe(200);
    expect((await (await open(options)).inject({ url: '/cookies', headers })).statusCode).toBe(403);
  });
});

describe('pages of other origins', () => {
  const change = async (http: FastifyInstance, origin: string, host = 'localhost:8000') =>
    http.inject({ method: 'POST', url: '/change', headers: { host, origin, cookie: 'session=1' }, payload: {} });

  it('change nothing, unless they are this server itself', async () => {
    const http = await open({ publicUrls: ['https://imaging.test'], corsOrigins: ['https://portal.test'] });
    for (const origin of ['http://localhost:8000', 'https://imaging.test'])
      expect((await change(http, origin)).json()).toEqual({ session: '1' });
    for (const origin of [
      'http://localhost:9000',
      'https://evil.test',
      'https://imaging.test.evil.test',
      'null',
      'http://imaging.test',
      '',
    ])
      expect((await change(http, origin)).statusCode, origin).toBe(403);
  });

  it('that are allowed act without the cookie of whoever looks at them', async () => {
    const http = await open({ corsOrigins: ['https://portal.test'] });
    const changed = await change(http, 'https://portal.test');
    expect(changed.json()).toEqual({});
    expect(changed.headers).toMatchObject({
      'access-control-allow-origin': 'https://portal.test',
      vary: expect.stringContaining('Origin'),
    });
    expect(changed.headers).not.toHaveProperty('access-control-allow-credentials');
    const read = await http.inject({ url: '/cookies', headers: { origin: 'https://portal.test', cookie: 'session=1' } });
    expect(read.json()).toEqual({});
    expect(read.headers).toMatchObject({ 'access-control-allow-origin': 'https://portal.test', vary: 'Accept, Origin' });
  });

  it('are told before the request what they may send, if they are allowed', async () => {
    const http = await open({ corsOrigins: ['https://portal.test'] });
    const ask = async (origin: string) =>
      http.inject({ method: 'OPTIONS', url: '/change', headers: { origin, 'access-control-request-method': 'PUT' } });
    const allowed = await ask('https://portal.test');
    expect([allowed.statusCode, allowed.body]).toEqual([204, '']);
    expect(allowed.headers).toMatchObject({
      'access-control-allow-methods': expect.stringContaining('PUT'),
      'access-control-allow-headers': expect.stringContaining('authorization'),
      'access-control-max-age': '600',
    });
    for (const origin of ['https://portal.test.evil.test', 'http://portal.test', 'null', '*']) {
      const refused = await ask(origin);
      expect(refused.statusCode, origin).toBe(403);
      expect(refused.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('that only read get no permission to see the answer', async () => {
    const http = await open({ corsOrigins: ['https://portal.test'] });
    const { headers } = await http.inject({ url: '/cookies', headers: { origin: 'https://evil.test' } });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
});

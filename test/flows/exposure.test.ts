import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/server/config.ts';
import { requireSafeExposure } from '../../src/server/exposure.ts';
import { openTestApp } from '../app.ts';
import { newCertificate } from '../certificate.ts';
import { startServer } from '../server.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-tls-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const paths = () => ({ cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') });
async function writeCertificate(name: string) {
  const made = newCertificate(name);
  await writeFile(paths().cert, made.cert);
  await writeFile(paths().key, made.key);
  return made;
}
/** The name in the certificate that a new connection is shown. */
const shownName = (port: number, ca: string) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca, servername: 'localhost' }, () => {
      const { subject }: PeerCertificate = socket.getPeerCertificate();
      socket.end();
      resolve(String(subject.CN));
    });
    socket.on('error', reject);
  });

describe('TLS', () => {
  it('is spoken with the certificate that is configured, renewed without a restart, and kept while the new one is no good', async () => {
    const first = await writeCertificate('first');
    const server = await startServer({ ISOCENTER_TLS_CERT: paths().cert, ISOCENTER_TLS_KEY: paths().key, ISOCENTER_LOG_LEVEL: 'info' });
    const port = Number(new URL(server.url).port);
    expect(server.url).toMatch(/^https:/);
    const answer = await new Promise<{ status: number | undefined; hsts: unknown }>((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path: '/livez', ca: first.cert, servername: 'localhost' }, (response) => {
        response.resume();
        resolve({ status: response.statusCode, hsts: response.headers['strict-transport-security'] });
      });
      asked.on('error', reject);
      asked.end();
    });
    expect(answer).toEqual({ status: 200, hsts: 'max-age=63072000; includeSubDomains' });
    await expect(fetch(server.url.replace('https', 'http'))).rejects.toThrow();

    if (process.platform !== 'win32') {
      await writeFile(paths().key, newCertificate().key);
      server.process.kill('SIGHUP');
      while (!server.output().includes('cannot be used')) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(await shownName(port, first.cert)).toBe('first');
      const second = await writeCertificate('second');
      server.process.kill('SIGHUP');
      while (!server.output().includes('certificate read')) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(await shownName(port, second.cert)).toBe('second');
    }
    await server.stop();
  });

  it('with a key of another certificate keeps the server from starting', async () => {
    await writeCertificate('one');
    await writeFile(paths().key, newCertificate('other').key);
    await expect(startServer({ ISOCENTER_TLS_CERT: paths().cert, ISOCENTER_TLS_KEY: paths().key })).rejects.toThrow(
      /ended with 2[\s\S]*cannot be used/,
    );
  });
});

describe('an address that others can reach', () => {
  const check = (env: Record<string, string>) => () => requireSafeExposure(readConfig({ ISOCENTER_HOST: '0.0.0.0', ...env }));

  it('is refused in the clear, unless somebody says so', () => {
    expect(check({})).toThrow('ISOCENTER_TLS_CERT');
    expect(check({ ISOCENTER_HOST: '192.168.1.5' })).toThrow('ISOCENTER_TLS_CERT');
    for (const env of [
      { ISOCENTER_HOST: '127.0.0.1' },
      { ISOCENTER_HOST: '::1' },
      { ISOCENTER_TLS_CERT: 'a', ISOCENTER_TLS_KEY: 'b' },
      { ISOCENTER_TRUSTED_PROXIES: '10.0.0.0/8' },
      { ISOCENTER_ALLOW_PLAINTEXT: 'true' },
    ])
      expect(check(env), JSON.stringify(env)).not.toThrow();
  });
});

describe('options of protection', () => {
  it('that make no sense stop the start with a message that names them', () => {
    for (const [name, value] of [
      ['ISOCENTER_TLS_CERT', 'cert.pem'],
      ['ISOCENTER_TRUSTED_PROXIES', 'proxy.test'],
      ['ISOCENTER_PUBLIC_URL', 'imaging.test'],
      ['ISOCENTER_PUBLIC_URL', 'https://imaging.test/path'],
      ['ISOCENTER_CORS_ORIGINS', '*'],
      ['ISOCENTER_RATE_LIMITS', 'read=many'],
      ['ISOCENTER_EGRESS_ALLOW', 'https://a/b'],
      ['ISOCENTER_CLAMAV_WHEN_DOWN', 'ignore'],
      ['ISOCENTER_ENCRYPTION', 'maybe'],
      ['REDIS_URL', 'http://localhost'],
    ] as const)
      expect(() => readConfig({ [name]: value }), `${name}=${value}`).toThrow(name);
  });
});

describe('rate limits of the server', () => {
  it('stand on its answers, and stop who guesses passwords', async () => {
    const app = await openTestApp({ env: { ISOCENTER_RATE_LIMITS: 'login=5/1m' } });
    expect((await app.inject({ url: '/api/v1/studies' })).headers['ratelimit-policy']).toBe('"search";q=1200;w=60');
    expect((await app.inject({ url: '/livez' })).headers).not.toHaveProperty('ratelimit-policy');
    const guess = () => app.http.inject({ method: 'POST', url: '/api/v1/auth/login', payload: { username: 'reader', password: 'wrong' } });
    const statuses = [];
    for (let count = 0; count < 4; count++) statuses.push((await guess()).statusCode);
    // Two of the five were the set-up and the sign-in of the test itself.
    expect(statuses).toEqual([401, 401, 401, 429]);
    await app.close();
  });
});

describe('requests that are made to confuse', () => {
  it('name a parameter twice, or use a method that nothing needs, and are refused', async () => {
    const app = await openTestApp();
    for (const url of ['/api/v1/studies?limit=1&limit=2', '/api/v1/studies?q=a&q=b', '/api/v1/recycle-bin?cursor=a&cursor=b'])
      expect((await app.inject({ url })).statusCode, url).toBe(400);
    for (const method of ['TRACE', 'PROPFIND'] as const)
      expect((await app.http.inject({ method: method as 'GET', url: '/api/v1/studies' })).statusCode, method).toBe(404);
    await app.close();
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { listEndpoints } from '../../src/server/openapi.ts';
import { openTestApp, PASSWORD, type TestApp } from '../app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => app.close());

it('the set-up link works once', async () => {
  const again = await app.http.inject({
    method: 'POST',
    url: '/api/v1/auth/setup',
    payload: { token: 'x'.repeat(32), username: 'second', full_name: 'Second', password: PASSWORD },
  });
  expect(again.statusCode).toBe(403);
});

it('every endpoint that is not public refuses a caller without a session', async () => {
  const guarded = listEndpoints().filter(({ endpoint }) => endpoint.permission !== 'public');
  expect(guarded.length).toBeGreaterThan(25);
  for (const { endpoint } of guarded) {
    const url = endpoint.path.replaceAll(/:\w+/g, '1');
    const response = await app.http.inject({ method: endpoint.method, url });
    expect(response.statusCode, `${endpoint.method} ${endpoint.path}`).toBe(401);
  }
});

it('a session ends with logout', async () => {
  const login = await app.http.inject({ method: 'POST', url: '/api/v1/auth/login', payload: { username: 'reader', password: PASSWORD } });
  const [cookie] = login.cookies;
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
  const cookies = { isocenter_session: cookie?.value ?? '' };
  expect((await app.http.inject({ url: '/api/v1/auth/profile', cookies })).json()).toMatchObject({ username: 'reader' });
  const headers = { host: 'localhost', origin: 'http://localhost' };
  const out = await app.http.inject({ method: 'POST', url: '/api/v1/auth/logout', cookies, headers });
  expect(out.headers['clear-site-data']).toBe('"cache"');
  expect((await app.http.inject({ url: '/api/v1/auth/profile', cookies })).statusCode).toBe(401);
});

it('a wrong password says no more than an unknown name, and guessing is stopped', async () => {
  const attempt = (username: string) =>
    app.http.inject({ method: 'POST', url: '/api/v1/auth/login', payload: { username, password: 'wrong password 123' } });
  const [known, unknown] = [await attempt('reader'), await attempt('nobody')];
  expect([known.statusCode, known.json().detail]).toEqual([unknown.statusCode, unknown.json().detail]);
  const codes: number[] = [];
  for (let index = 0; index < 9; index += 1) codes.push((await attempt('nobody')).statusCode);
  expect(codes.at(-1)).toBe(429);
});

it('a request for another host name, or a change from another origin, is refused', async () => {
  expect((await app.inject({ url: '/api/v1/studies', headers: { host: 'evil.example' } })).statusCode).toBe(403);
  const headers = { host: '127.0.0.1', origin: 'http://evil.example' };
  expect((await app.inject({ method: 'POST', url: '/api/v1/auth/logout', headers })).statusCode).toBe(403);
});

it('errors are problem documents with the request id, and unknown paths are 404', async () => {
  const response = await app.inject({ url: '/api/v1/studies/1.2.3' });
  expect(response.statusCode).toBe(404);
  expect(response.json()).toMatchObject({
    type: 'urn:isocenter:error:study-not-found',
    status: 404,
    request_id: response.headers['x-request-id'],
  });
  expect((await app.inject({ url: '/api/v1/nothing-here' })).json()).toMatchObject({ status: 404 });
  const invalid = await app.inject({ method: 'POST', url: '/api/v1/auth/login', payload: { username: 5 } });
  expect(invalid.json().errors.length).toBeGreaterThan(0);
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../app.ts';
import { addPerson, PHRASE } from '../identity-parts.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => app.close());

describe('input', () => {
  const post = (url: string, payload: object, headers = {}) => app.http.inject({ method: 'POST', url, payload, headers });

  it.each<[string, object]>([
    ['/api/v1/auth/login', { username: 'x'.repeat(65), password: 'x' }],
    ['/api/v1/auth/login', { username: 'reader', password: 'x'.repeat(257) }],
    ['/api/v1/auth/login', { username: { $ne: '' }, password: { $ne: '' } }],
    ['/api/v1/auth/login', { username: ['reader'], password: 'x' }],
    ['/api/v1/auth/refresh', { refresh_token: 'x'.repeat(5_000) }],
    ['/api/v1/auth/refresh', { refresh_token: `${'a'.repeat(30)}\r\nset-cookie: a=b` }],
    ['/api/v1/auth/register', { username: 'new\r\nname', full_name: 'New', password: PHRASE }],
    ['/api/v1/auth/register', { username: 'newname', full_name: 'New\r\nX-Injected: 1', password: PHRASE }],
    ['/api/v1/auth/register', { username: 'newname', full_name: 'New', password: PHRASE, email: 'a@b.example\r\nbcc: c@d.example' }],
    ['/api/v1/auth/register', { username: 'newname', full_name: 'x'.repeat(201), password: PHRASE }],
    ['/api/v1/auth/share', { token: '../../etc/passwd' }],
    ['/api/v1/auth/password-reset', { token: 'short', password: PHRASE }],
  ])('that is too long, of another type or splits a header is refused at %s (%#)', async (url, payload) => {
    expect((await post(url, payload)).statusCode).toBe(400);
  });

  it('that names a prototype changes nothing', async () => {
    const body = '{"username":"reader","password":"x","__proto__":{"is_operator":true},"constructor":{"prototype":{"polluted":1}}}';
    const response = await app.http.inject({
      method: 'POST',
      url: '/api/v1/auth/login',
      payload: body,
      headers: { 'content-type': 'application/json' },
    });
    expect([400, 401]).toContain(response.statusCode);
    expect(({} as Record<string, unknown>)['is_operator']).toBeUndefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('about where a client is counts only from a trusted proxy', async () => {
    const person = await addPerson(app, 'doctor');
    const payload = { username: person.username, password: PHRASE };
    const headers = { 'x-forwarded-for': '203.0.113.99', 'user-agent': `Browser ${'x'.repeat(500)}` };
    const { access_token } = (await post('/api/v1/auth/login', payload, headers)).json();
    const sessions = await app.http.inject({ url: '/api/v1/auth/sessions', headers: { authorization: `Bearer ${access_token}` } });
    const [session] = sessions.json().items;
    expect([session.ip, session.device.length]).toEqual(['127.0.0.1', 200]);
  });

  it('in SQL stays a name', async () => {
    for (const username of ["reader' --", "' or 1=1 --", 'reader"; drop table app_user; --'])
      expect((await post('/api/v1/auth/login', { username, password: PHRASE })).statusCode).toBe(401);
    expect((await app.inject({ url: "/api/v1/users?search=%25'%20or%201=1" })).json().items).toEqual([]);
  });
});

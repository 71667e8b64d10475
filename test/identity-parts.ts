import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { TenantRole } from '../src/contract/identity-users.ts';
import { makeUser } from '../src/server/identity/manage-users.ts';
import { passwords } from '../src/server/identity/password.ts';
import { DEFAULT_TENANT } from '../src/server/platform/scope.ts';
import type { TestApp } from './app.ts';

/** Of every account that these parts make. */
export const PHRASE = 'tube glacier onyx parsley';
/** What a page of the server sends with a change. */
export const FROM_PAGE = { host: 'localhost', origin: 'http://localhost', 'sec-fetch-site': 'same-origin' };

export type Person = { id: string; username: string; tenant: string };
/** A signed-in client that keeps tokens, and the cookie that it was given as well. */
export type SignedInClient = {
  access: string;
  refresh: string;
  cookie: string;
  /** The access token on a request. */
  ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: object): Promise<LightMyRequestResponse>;
};

let made = 0;

/** Makes an account with the phrase. */
export async function addPerson(app: TestApp, role: TenantRole, { tenant = DEFAULT_TENANT, patient_id = '' } = {}): Promise<Person> {
  made += 1;
  const username = `${role}-${made}`;
  const scope = await app.deps.scope(tenant);
  const patient = patient_id === '' ? {} : { patient_id };
  const wanted = { username, full_name: `Person ${made}`, role, password: PHRASE, ...patient };
  const { id } = await makeUser({ now: app.deps.now, passwords }, scope, wanted);
  return { id, username, tenant };
}

export async function logIn(
  app: TestApp,
  { username, tenant }: Pick<Person, 'username' | 'tenant'>,
  password = PHRASE,
): Promise<LightMyRequestResponse> {
  return app.http.inject({ method: 'POST', url: '/api/v1/auth/login', payload: { username, tenant, password } });
}

/** Signs in as a program does; fails if that does not succeed. */
export async function signIn(app: TestApp, person: Pick<Person, 'username' | 'tenant'>, password = PHRASE): Promise<SignedInClient> {
  const response = await logIn(app, person, password);
  if (response.statusCode !== 200) throw new Error(`${person.username}: ${response.statusCode} ${response.body}`);
  const { access_token: access, refresh_token: refresh } = response.json();
  const cookie = response.cookies.find(({ name }) => name === 'isocenter_session')?.value ?? '';
  return { access, refresh, cookie, ask: (method, url, payload) => askWith(app, access, { method, url, ...(payload ? { payload } : {}) }) };
}

/** A request with a Bearer token: an access token, a key, or that of a session. */
export function askWith(app: TestApp, token: string, options: InjectOptions): Promise<LightMyRequestResponse> {
  return app.http.inject({ ...options, headers: { authorization: `Bearer ${token}`, ...options.headers } });
}

/** Whether a token lets its holder in. */
export async function counts(app: TestApp, token: string): Promise<boolean> {
  return (await askWith(app, token, { url: '/api/v1/auth/whoami' })).statusCode === 200;
}

export async function refreshWith(app: TestApp, refresh_token: string): Promise<LightMyRequestResponse> {
  return app.http.inject({ method: 'POST', url: '/api/v1/auth/refresh', payload: { refresh_token } });
}

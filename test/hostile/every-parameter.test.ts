import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Endpoint } from '../../src/contract/endpoint.ts';
import { listEndpoints } from '../../src/server/openapi.ts';
import { openTestApp, PASSWORD, type TestApp } from '../app.ts';
import { exampleOf } from '../example-input.ts';
import { ABSENT } from '../rights-objects.ts';
import { KNOWN, parameterOf } from '../rights-parameters.ts';

/** What ends a text, a line, a path or a name in one language or another. */
const HOSTILE = [
  "' or '1'='1' --",
  "'; drop table app_user; --",
  '" or 1=1 --',
  '%',
  '\\',
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  'x\r\nset-cookie: planted=1',
  'x\u0000y',
  '__proto__',
  'constructor',
  '\ud800',
  '{{7*7}}<script>alert(1)</script>',
  'a'.repeat(5_000),
];
/** What no answer shows: a database's own words, places in the code, what stands in a file, a header that was planted. */
const LEAKED = /SQLITE_|syntax error|unrecognized token|no such (table|column)|at .+\.ts:\d+|root:x:0:0/i;

const KNOWN_IN_QUERIES = { ...KNOWN, studyUID: ABSENT.study, seriesUID: ABSENT.series, objectUID: ABSENT.instance };

type Schema = { type?: string; properties?: Record<string, Schema>; anyOf?: Schema[] };
type Case = { label: string; endpoint: Endpoint };
const ENDPOINTS: Case[] = listEndpoints().map(({ feature, name, endpoint }) => ({ label: `${feature}.${name}`, endpoint }));
/** Ends the session that the test itself has. */
const ENDS_OWN_SESSION = new Set(['identity.logout', 'identity.endOtherSessions']);

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => app.close());

describe('hostile text in each text of each endpoint', () => {
  test.each(ENDPOINTS.filter(({ label }) => !ENDS_OWN_SESSION.has(label)))('$label', { timeout: 60_000 }, async ({ endpoint }) => {
    const found: string[] = [];
    for (const request of attacksOn(endpoint)) {
      const answer = await app.inject(request);
      const problem = problemOf(answer);
      if (problem) found.push(`${problem}: ${JSON.stringify(request).slice(0, 300)} -> ${answer.body.slice(0, 200)}`);
    }
    expect(found).toEqual([]);
  });

  it('leaves accounts, prototypes and the way in as they were', async () => {
    const reader = app.deps.db.selectFrom('app_user').select(['role', 'is_active', 'is_operator']).where('username', '=', 'reader');
    expect(await reader.execute()).toEqual([{ role: 'admin', is_active: 1, is_operator: 1 }]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    const payload = { username: 'reader', password: PASSWORD };
    const login = () => app.http.inject({ method: 'POST', url: '/api/v1/auth/login', payload });
    // What was tried above with wrong passwords is forgotten after a day.
    await app.drain(25 * 3_600_000);
    expect((await login()).statusCode).toBe(200);
  });
});

function problemOf({ statusCode, body, headers }: LightMyRequestResponse): string | undefined {
  if (statusCode >= 500) return `${statusCode}`;
  if (LEAKED.test(body)) return 'leaks';
  return String(headers['set-cookie'] ?? '').includes('planted') ? 'a planted header' : undefined;
}

/** One request for each text of the endpoint and each hostile one; the rest is as it should be. */
function* attacksOn(endpoint: Endpoint): Generator<InjectOptions> {
  const { method, path, query, body, consumes } = endpoint;
  const content = consumes ? {} : body ? { payload: exampleOf(body, KNOWN) as object } : {};
  const asked = query ? (exampleOf(query, KNOWN_IN_QUERIES) as Record<string, string>) : {};
  const url = urlOf(path, {});
  for (const text of HOSTILE) {
    for (const [, name = ''] of path.matchAll(/:(\w+)/g)) yield { method, url: urlOf(path, { [name]: text }), query: asked, ...content };
    for (const name of textsOf(query)) yield { method, url, query: { ...asked, [name]: text }, ...content };
    if (!consumes) for (const name of textsOf(body)) yield { method, url, query: asked, payload: { ...content.payload, [name]: text } };
  }
}

function urlOf(path: string, hostile: Record<string, string>): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const text = hostile[name];
    if (text !== undefined) return encodeURIComponent(text.toWellFormed());
    const { value } = parameterOf(path, name);
    return encodeURIComponent(typeof value === 'string' ? value : value(ABSENT));
  });
}

/** Names of the parts that are texts, at the top. */
function textsOf(schema: object | undefined): string[] {
  const { properties = {} } = (schema ?? {}) as Schema;
  const isText = ({ type, anyOf = [] }: Schema): boolean => type === 'string' || anyOf.some(isText);
  return Object.entries(properties).flatMap(([name, part]) => (isText(part) ? [name] : []));
}

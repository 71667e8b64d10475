import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../src/contract/endpoint.ts';
import { DEIDENTIFIED_LABEL, type Reach, ROLES, type Role, reachOf } from '../../src/contract/permission.ts';
import { passwords } from '../../src/server/identity/password.ts';
import { listEndpoints } from '../../src/server/openapi.ts';
import type { Principal } from '../../src/server/platform/auth.ts';
import { TENANT_TABLES, type TenantTable } from '../../src/server/platform/schema.ts';
import type { Scope } from '../../src/server/platform/scope.ts';
import { createTenant } from '../../src/server/tenants/create-tenant.ts';
import { multipart, openTestApp, PASSWORD, type TestApp } from '../app.ts';
import { secondaryCapture } from '../builders.ts';
import { exampleOf } from '../example-input.ts';
import { ABSENT, makeObjects, type Objects } from '../rights-objects.ts';
import { KNOWN, type Parameter, parameterOf } from '../rights-parameters.ts';

const AT = '2030-01-01T00:00:00.000Z';
const OWN = 'OWNER-OWN';
const FOREIGN = 'OWNER-FOREIGN';
const ENDPOINTS = listEndpoints();
/** Says as whom a request comes; how a session becomes a principal is not this test's matter. */
const AS_ROLE = 'x-test-role';

let app: TestApp;
let own: Scope;
let foreign: Scope;
let foreignObjects: Objects;
let foreignRows: string;
const principals = new Map<string, Principal>();
let passwordHash: string | undefined;
let readObjects: Awaited<ReturnType<typeof makeOwn>>;

beforeAll(async () => {
  app = await openTestApp();
  await createTenant(app.deps, { id: 'foreign', name: 'Another one' });
  own = await app.deps.scope('default');
  foreign = await app.deps.scope('foreign');
  for (const role of ROLES) {
    await insertUser(foreign, role);
    await insertUser(own, role);
  }
  foreignObjects = await makeObjects(app, foreign, { patient: 'P', isReleased: true, owner: FOREIGN });
  await share(foreign, foreignObjects);
  readObjects = await makeOwn();
  app.http.authenticate = async (request) => principals.get(String(request.headers[AS_ROLE]));
  foreignRows = await contentsOf(foreign);
});
afterAll(() => app.close());

describe(`${ENDPOINTS.length} endpoints x ${ROLES.length} roles x own, unseen and foreign objects`, () => {
  test.each(ENDPOINTS.map(({ feature, name, endpoint }) => [`${feature}.${name}`, endpoint.permission, endpoint] as const))(
    '%s needs %s',
    { timeout: 60_000 },
    async (_, permission, endpoint) => {
      const nobody = await call(endpoint, undefined, ABSENT);
      if (permission === 'public') {
        expect(kindOf(nobody)).not.toBe('unauthenticated');
        return;
      }
      expect(kindOf(nobody)).toBe('unauthenticated');
      const found: string[] = [];
      for (const role of ROLES) found.push(...(await tryRole(endpoint, role)));
      expect(found).toEqual([]);
    },
  );

  test('nothing of all this has touched the other tenant', async () => {
    expect(await contentsOf(foreign)).toBe(foreignRows);
  });
});

test('a path with an unknown parameter is told', () => {
  expect(() => parameterOf('/api/v1/moons/:moon', 'moon')).toThrow('add it to PARAMETERS');
});

/** What is not as GRANTS says, in words. */
async function tryRole(endpoint: Endpoint, role: Role): Promise<string[]> {
  const { permission } = endpoint;
  const reach = permission === 'public' || permission === 'session' ? 'tenant' : reachOf(role, permission);
  // What is only read can be read by all; what is changed is made anew for each.
  const changes = endpoint.method !== 'GET' && parametersOf(endpoint).some(({ value }) => typeof value === 'function');
  const { seen, unseen } = changes ? await makeOwn() : readObjects;
  asPatient(role, seen);
  const answers = {
    own: await call(endpoint, role, seen),
    unseen: await call(endpoint, role, unseen),
    foreign: await call(endpoint, role, foreignObjects),
  };
  const absent = await call(endpoint, role, ABSENT);
  const wrong = (what: keyof typeof answers | 'absent', expected: string, { statusCode, body }: LightMyRequestResponse): string =>
    `${role} on ${what}: ${statusCode} instead of ${expected}: ${body.slice(0, 200)}`;
  const problems: string[] = [];
  for (const [what, answer] of Object.entries({ ...answers, absent }) as [keyof typeof answers | 'absent', LightMyRequestResponse][]) {
    if (answer.body.includes(FOREIGN)) problems.push(wrong(what, "an answer without the other tenant's data", answer));
    if (reach === undefined && answer.statusCode !== 403) problems.push(wrong(what, '403', answer));
    if (reach !== undefined && (answer.statusCode === 403 || kindOf(answer) === 'unauthenticated'))
      problems.push(wrong(what, 'granted', answer));
    if (answer.statusCode >= 500) problems.push(wrong(what, 'an answer', answer));
  }
  if (reach === undefined) return problems;
  const { isSeen, isUnseenSeen, hasObject } = expectationOf(endpoint, reach);
  // What a list shows without being asked.
  if (reach !== 'tenant' && answers.own.body.includes(unseen.study))
    problems.push(wrong('own', 'an answer without studies that are not seen', answers.own));
  if (isSeen && answers.own.statusCode === 404) problems.push(wrong('own', 'found', answers.own));
  if (hasObject && textOf(answers.foreign, foreignObjects) !== textOf(absent, ABSENT))
    problems.push(
      wrong('foreign', `the answer for what is not there (${absent.statusCode} ${absent.body.slice(0, 100)})`, answers.foreign),
    );
  if (isUnseenSeen && answers.unseen.statusCode === 404) problems.push(wrong('unseen', 'found', answers.unseen));
  if (hasObject && !isUnseenSeen && textOf(answers.unseen, unseen) !== textOf(absent, ABSENT))
    problems.push(wrong('unseen', 'the answer for what is not there', answers.unseen));
  return problems;
}

/** Whether the objects in the path of an endpoint are to be found by who has that reach. */
function expectationOf(endpoint: Endpoint, reach: Reach): { isSeen: boolean; isUnseenSeen: boolean; hasObject: boolean } {
  const objects = parametersOf(endpoint).filter(({ value }) => typeof value === 'function');
  const hides = objects.some(({ cut }) => cut === 'never-by-patient') && reach === 'own';
  const isCut = reach !== 'tenant' && objects.some(({ cut }) => cut !== 'not');
  return { isSeen: objects.length > 0 && !hides, isUnseenSeen: objects.length > 0 && !isCut, hasObject: objects.length > 0 };
}

function parametersOf({ path, query }: Endpoint): Parameter[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => parameterOf(path, name));
  // WADO-URI names its object in the query.
  const inQuery = Object.keys((query as { properties?: object } | undefined)?.properties ?? {}).includes('objectUID');
  return inQuery ? [...inPath, parameterOf(path, 'sop_instance_uid')] : inPath;
}

/** A study that is seen in each way (assigned, labelled, the patient's own with a signed report), and one that is seen in none. */
async function makeOwn(): Promise<{ seen: Objects; unseen: Objects }> {
  const seen = await makeObjects(app, own, { patient: 'P', isReleased: true, owner: OWN });
  await share(own, seen);
  return { seen, unseen: await makeObjects(app, own, { patient: 'Q', isReleased: false, owner: OWN }) };
}

/** Lets whoever sees only what is its own be the patient of the study. */
function asPatient(role: Role, { patient }: Objects): void {
  const principal = principals.get(role);
  if (principal) principals.set(role, { ...principal, patient_key: patient });
}

async function share({ db }: Scope, { study: study_instance_uid }: Objects): Promise<void> {
  await db.insertInto('study_label').values({ study_instance_uid, label: DEIDENTIFIED_LABEL, created_at: AT }).execute();
  for (const user_id of ROLES) await db.insertInto('study_assignment').values({ study_instance_uid, user_id, created_at: AT }).execute();
}

async function insertUser({ db, tenant_id }: Scope, role: Role): Promise<void> {
  const names = { username: role, full_name: role, role };
  passwordHash ??= await passwords.hash(PASSWORD);
  const state = { password_hash: passwordHash, is_active: 1, is_operator: 0, created_at: AT, last_login: null };
  await db
    .insertInto('app_user')
    .values({ id: role, ...names, ...state })
    .execute();
  principals.set(role, { kind: 'user', tenant_id, id: role, user_id: role, ...names });
}

async function call(endpoint: Endpoint, role: Role | undefined, objects: Objects): Promise<LightMyRequestResponse> {
  const url = endpoint.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const { value } = parameterOf(endpoint.path, name);
    return encodeURIComponent(typeof value === 'string' ? value : value(objects));
  });
  const known = { ...KNOWN, patient_key: objects.patient, studyUID: objects.study, seriesUID: objects.series, objectUID: objects.instance };
  const query = endpoint.query ? { query: exampleOf(endpoint.query, known) as Record<string, string> } : {};
  const { headers = {}, ...content } = contentOf(endpoint, objects);
  return (app.http as FastifyInstance).inject({
    method: endpoint.method,
    url,
    ...query,
    ...content,
    headers: { ...headers, ...(role ? { [AS_ROLE]: role } : {}) },
  });
}

function contentOf({ body, consumes }: Endpoint, { study }: Objects): Pick<InjectOptions, 'payload' | 'headers'> {
  // A study of its own, whatever the path says: nothing that the test looks at grows by it.
  const bytes = secondaryCapture({ study: `${study}.99`, series: `${study}.99.1`, instance: `${study}.99.1.1`, patientId: 'UPLOADED' });
  if (consumes === 'multipart/form-data') return multipart([{ name: 'a.dcm', bytes }]);
  if (consumes === 'multipart/related') {
    const head = '--x\r\ncontent-type: application/dicom\r\n\r\n';
    return {
      payload: Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--x--\r\n')]),
      headers: { 'content-type': 'multipart/related; type="application/dicom"; boundary=x' },
    };
  }
  return body ? { payload: exampleOf(body, KNOWN) as object } : {};
}

function kindOf(answer: LightMyRequestResponse): string | undefined {
  if (!String(answer.headers['content-type']).startsWith('application/problem+json')) return undefined;
  return (answer.json() as { type: string }).type.replace('urn:isocenter:error:', '');
}

/** What an answer says, without what no two answers share and without the names of the objects that were asked for. */
function textOf({ statusCode, body }: LightMyRequestResponse, objects: Objects): string {
  const same = body.replaceAll(/"(request_id|timestamp|finished_at|processing_time|duration_ms)":("[^"]*"|[\d.]+)/g, '"$1":0');
  const names = Object.entries(objects).sort(([, a], [, b]) => b.length - a.length);
  return `${statusCode} ${names.reduce((text, [, name]) => text.replaceAll(name, 'OBJECT'), same)}`;
}

async function contentsOf({ db }: Scope): Promise<string> {
  const contents: Record<string, string[]> = {};
  for (const table of Object.keys(TENANT_TABLES) as TenantTable[])
    contents[table] = (await db.selectFrom(table).selectAll().execute()).map((row) => JSON.stringify(row)).sort();
  return JSON.stringify(contents);
}

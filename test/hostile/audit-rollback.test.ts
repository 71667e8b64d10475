import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Endpoint } from '../../src/contract/endpoint.ts';
import { listEndpoints } from '../../src/server/openapi.ts';
import { TENANT_TABLES, type TenantTable } from '../../src/server/platform/schema.ts';
import type { Scope } from '../../src/server/platform/scope.ts';
import { multipart, openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture } from '../builders.ts';
import { exampleOf } from '../example-input.ts';
import { makeObjects, type Objects } from '../rights-objects.ts';
import { KNOWN, parameterOf } from '../rights-parameters.ts';

/** Whatever changes something, a new endpoint included. */
const CHANGING = listEndpoints().filter(({ endpoint }) => endpoint.method !== 'GET' && endpoint.permission !== 'public');
const PATIENT_TABLES = (Object.entries(TENANT_TABLES) as [TenantTable, string][])
  .filter(([table, by]) => by !== 'everybody' || table === 'prediction')
  .map(([table]) => table);

let app: TestApp;
let scope: Scope;
beforeAll(async () => {
  app = await openTestApp();
  scope = await app.deps.scope('default');
  const { id, username, full_name } = await scope.db.selectFrom('app_user').selectAll().executeTakeFirstOrThrow();
  const principal = { kind: 'user' as const, tenant_id: 'default', id, user_id: id, username, full_name, role: 'admin' as const };
  // How a session becomes a principal is not this test's matter, and logout would end it.
  app.http.authenticate = async () => principal;
});
afterAll(() => app.close());

describe('while the audit trail cannot be written', () => {
  const changed: string[] = [];

  it.each(CHANGING.map(({ feature, name, endpoint }) => [`${feature}.${name}`, endpoint] as const))(
    '%s changes nothing of a patient',
    { timeout: 30_000 },
    async (name, endpoint) => {
      const objects = await makeObjects(app, scope, { patient: name, isReleased: false, owner: 'OWNER' });
      const before = await contents();
      await sql`create trigger no_audit before insert on audit_entry begin select raise(abort, 'no audit'); end`.execute(app.deps.systemDb);
      const refused = await call(endpoint, objects);
      const after = await contents();
      await sql`drop trigger no_audit`.execute(app.deps.systemDb);
      expect(after).toBe(before);
      await app.deps.audit.flush();

      const done = await call(endpoint, objects);
      if ((await contents()) === before) return;
      // The same request does change something: so it was the missing entry that it failed for.
      changed.push(name);
      expect(refused.statusCode, refused.body).toBeGreaterThanOrEqual(400);
      expect(done.statusCode, done.body).toBeLessThan(400);
      const entries = await app.deps.db.selectFrom('audit_entry').selectAll().where('request_id', '=', requestIdOf(done)).execute();
      expect(entries.map(({ outcome }) => outcome)).toContain('success');
    },
  );

  it('which is shown of what stores, decides, writes and signs', () => {
    expect(changed).toEqual(
      expect.arrayContaining(['studies.uploadStudies', 'findings.reviewFinding', 'findings.addFinding', 'reports.draftReport']),
    );
    expect(changed.length).toBeGreaterThanOrEqual(6);
  });
});

function requestIdOf({ headers }: LightMyRequestResponse): string {
  return String(headers['x-request-id']);
}

function call(endpoint: Endpoint, objects: Objects): Promise<LightMyRequestResponse> {
  const url = endpoint.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const { value } = parameterOf(endpoint.path, name);
    return encodeURIComponent(typeof value === 'string' ? value : value(objects));
  });
  const query = endpoint.query ? { query: exampleOf(endpoint.query, KNOWN) as Record<string, string> } : {};
  return app.inject({ method: endpoint.method, url, ...query, ...contentOf(endpoint, objects) });
}

function contentOf({ body, consumes }: Endpoint, { study }: Objects): Pick<InjectOptions, 'payload' | 'headers'> {
  const bytes = secondaryCapture({ study: `${study}.99`, series: `${study}.99.1`, instance: `${study}.99.1.1`, patientId: 'UPLOADED' });
  if (consumes === 'multipart/form-data') return multipart([{ name: 'a.dcm', bytes }]);
  if (consumes === 'multipart/related') {
    const head = Buffer.from('--x\r\ncontent-type: application/dicom\r\n\r\n');
    return {
      payload: Buffer.concat([head, bytes, Buffer.from('\r\n--x--\r\n')]),
      headers: { 'content-type': 'multipart/related; type="application/dicom"; boundary=x' },
    };
  }
  return body ? { payload: exampleOf(body, KNOWN) as object } : {};
}

/** All rows that tell of patients. */
async function contents(): Promise<string> {
  const rows: string[] = [];
  for (const table of PATIENT_TABLES) {
    const all = await app.deps.db.selectFrom(table).selectAll().execute();
    // News of no study are about settings, or stand beside the rows of the patient that they are about.
    const ofPatients = all.filter((row) => table !== 'event' || ('study_instance_uid' in row && row.study_instance_uid !== null));
    rows.push(table, ...ofPatients.map((row) => JSON.stringify(row)).sort());
  }
  return rows.join('\n');
}

import { createPublicKey } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditEntry, listAuditCheckpoints, listAuditEntries, listDisclosures } from '../../src/contract/audit.ts';
import { addFinding } from '../../src/contract/findings.ts';
import { addPeer } from '../../src/contract/peers.ts';
import { CHECK_RULES } from '../../src/contract/report-checks.ts';
import { draftReport, editReport, getReport, signReport } from '../../src/contract/reports.ts';
import { getStudy, listStudies } from '../../src/contract/studies.ts';
import { checkpointAudit } from '../../src/server/audit/upkeep.ts';
import { PASSWORD, type TestApp } from '../app.ts';
import { verifyText } from '../audit.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { hasDcmtk, openTestNode, PEER, type TestNode } from '../dicom-node.ts';

const STUDY = uid(70);
const params = { study_instance_uid: STUDY };
const instance = (number: number): Uint8Array =>
  secondaryCapture({ study: STUDY, series: uid(70, 1), instance: uid(70, 1, number), patientId: 'AUDIT-1', seed: number });

let node: TestNode;
let app: TestApp;
let reportId: string;
beforeAll(async () => {
  node = await openTestNode();
  app = node.app;
});
afterAll(async () => node.close());

/** All entries, oldest first. */
async function entries(): Promise<AuditEntry[]> {
  const found: AuditEntry[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await app.call(listAuditEntries, { query: { limit: 200, ...(cursor ? { cursor } : {}) } });
    found.push(...page.items);
    cursor = page.next_cursor;
  }
  return found.reverse();
}

/** What `act` added, in short; not the reading of the trail itself. */
async function added(act: () => Promise<unknown>): Promise<AuditEntry[]> {
  const before = (await entries()).at(-1)?.seq ?? 0;
  await act();
  return (await entries()).filter(({ seq, operation }) => seq > before && operation !== 'GET /api/v1/audit');
}

const short = ({ actor_kind, action, object_type, outcome, reason }: AuditEntry): string =>
  [actor_kind, action, object_type, outcome, reason].filter(Boolean).join(' ');

describe('each act of the reading flow over HTTP is an entry', () => {
  it('set-up and login name the account', async () => {
    const [setup, login] = await entries();
    expect(setup).toMatchObject({ action: 'admin', actor_name: 'reader', object_type: 'user', outcome: 'success' });
    expect(login).toMatchObject({ action: 'login', actor_name: 'reader', actor_role: 'admin', source: '127.0.0.1' });
  });

  it('upload, with the study, its patient and the number of instances', async () => {
    const files = [1, 2, 3].map((number) => ({ name: `${number}.dcm`, bytes: instance(number) }));
    const told = await added(() => app.upload('/api/v1/studies', files));
    expect(new Set(told.map(({ action, study_instance_uid, outcome }) => `${action} ${study_instance_uid} ${outcome}`))).toEqual(
      new Set([`import ${STUDY} success`]),
    );
    expect(told.reduce((sum, { details }) => sum + Number(details['instances']), 0)).toBe(3);
    expect(told[0]?.patient).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(told.map(({ request_id }) => request_id)).size).toBe(1);
  });

  it('the run of each model, with its version', async () => {
    const told = await added(() => app.drain());
    const runs = told.filter(({ object_type }) => object_type === 'analysis');
    expect(runs.map(({ details }) => details['model'])).toContain('ct-lung');
    expect(runs[0]).toMatchObject({ actor_kind: 'system', action: 'analyze', study_instance_uid: STUDY, outcome: 'success' });
    expect(runs.every(({ details }) => details['model_version'] && details['status'])).toBe(true);
  });

  it('search, reading a study, a picture, the file', async () => {
    const told = await added(async () => {
      await app.call(listStudies, { query: { q: 'audit-1' } });
      await app.call(getStudy, { params });
      await app.inject({ url: `/api/v1/instances/${uid(70, 1, 1)}/rendered` });
      await app.inject({ url: `/api/v1/instances/${uid(70, 1, 2)}/rendered` });
      await app.inject({ url: `/api/v1/instances/${uid(70, 1, 1)}/file` });
    });
    expect(told.map(short).sort()).toEqual([
      'user access instance success',
      'user access study success',
      'user export instance success',
      'user search success',
    ]);
    expect(told.find(({ action }) => action === 'search')?.details).toEqual({ fields: 'q' });
    expect(told.filter(({ action }) => action !== 'search').map(({ study_instance_uid }) => study_instance_uid)).toEqual([
      STUDY,
      STUDY,
      STUDY,
    ]);
  });

  it('a finding, the draft, its change, a wrong password, the signature with its hash, the paper', async () => {
    const told = await added(async () => {
      await app.call(addFinding, { params, body: { title: 'Nodule', text: 'Nodule, 8 mm' } });
      const draft = await app.call(draftReport, { params, body: {} });
      reportId = draft.id;
      const sections = { ...draft.sections, impression: 'One nodule' };
      await app.call(editReport, { params: { id: reportId }, body: { sections } });
      await app.inject({ method: 'POST', url: `/api/v1/reports/${reportId}/sign`, payload: { password: 'not the password' } });
      await app.call(signReport, { params: { id: reportId }, body: { password: PASSWORD, acknowledged: [...CHECK_RULES] } });
      await app.drain();
      await app.call(getReport, { params: { id: reportId } });
      await app.inject({ url: `/api/v1/reports/${reportId}/pdf` });
    });
    expect(told.map(short).sort()).toEqual([
      'system report success',
      'user access report success',
      // How many more pictures were looked at before: the minute is over.
      'user access study success',
      'user change finding success',
      'user export report success',
      'user report report refused wrong-credentials',
      'user report report success',
      'user report report success',
      'user report report success',
    ]);
    expect(new Set(told.map(({ study_instance_uid }) => study_instance_uid))).toEqual(new Set([STUDY]));
    const signed = told.find(({ operation, outcome }) => operation.endsWith('/sign') && outcome === 'success');
    const report = await app.call(getReport, { params: { id: reportId } });
    expect(signed?.details).toMatchObject({ content_sha256: report.content_sha256, event: 'report_signed' });
  });

  it('refusals: without a session, without such an object, with what is not valid', async () => {
    const told = await added(async () => {
      await app.http.inject({ url: `/api/v1/studies/${STUDY}` });
      await app.inject({ url: `/api/v1/studies/${uid(404)}` });
      await app.inject({ url: '/api/v1/studies/Somebody^By^Name' });
      await app.http.inject({ method: 'POST', url: '/api/v1/auth/login', payload: { username: 'reader', password: 'wrong password 1' } });
      await app.http.inject({ method: 'POST', url: '/api/v1/auth/login', payload: { username: 'nobody', password: 'wrong password 1' } });
    });
    expect(told.map(short).sort()).toEqual([
      'anonymous access study refused unauthenticated',
      'anonymous login refused wrong-credentials',
      'user access study failed invalid-request',
      'user access study refused study-not-found',
      'user login refused wrong-credentials',
    ]);
    expect(JSON.stringify(told)).not.toContain('Somebody');
  });

  it('reading by emergency access alone, with that purpose', async () => {
    const { db, audit } = app.deps;
    const { id: user_id } = await db.selectFrom('app_user').select('id').executeTakeFirstOrThrow();
    const actor = { kind: 'user' as const, id: user_id, name: 'reader', role: 'doctor' };
    const read = { actor, action: 'access' as const, operation: 'GET', object: { type: 'study', id: STUDY }, purpose: 'TREAT' as const };
    const at = '2030-01-01T00:00:00.000Z';
    const told = await added(async () => {
      await audit.record('default', read);
      const glass = { id: 'glass-1', user_id, study_instance_uid: STUDY, patient_key: null, reason: 'bleeding', ended_at: null };
      await db
        .insertInto('break_glass')
        .values({ ...glass, created_at: at, expires_at: at })
        .execute();
      const assignment = { study_instance_uid: STUDY, user_id, created_at: at, break_glass_id: 'glass-1' };
      await db.insertInto('study_assignment').values(assignment).execute();
      await audit.record('default', read);
    });
    expect(told.map(({ purpose }) => purpose)).toEqual(['TREAT', 'ETREAT']);
  });

  it('administration, logout, and reading the trail itself', async () => {
    const told = await added(async () => {
      await app.call(addPeer, { body: { ae_title: 'AUDITED', host: '127.0.0.1', port: 11 } });
      const login = await app.http.inject({
        method: 'POST',
        url: '/api/v1/auth/login',
        payload: { username: 'reader', password: PASSWORD },
      });
      const cookies = Object.fromEntries(login.cookies.map(({ name, value }) => [name, value]));
      await app.http.inject({
        method: 'POST',
        url: '/api/v1/auth/logout',
        cookies,
        headers: { host: 'localhost', origin: 'http://localhost' },
      });
    });
    expect(told.map(short)).toEqual(['user admin success', 'user login success', 'user logout success']);
    expect((await entries()).some(({ operation }) => operation === 'GET /api/v1/audit')).toBe(true);
  });
});

describe.skipIf(!hasDcmtk)('each act of a DICOM peer is an entry (needs dcmtk)', () => {
  it('association, store, query, retrieval', async () => {
    const [file = ''] = await node.files([
      secondaryCapture({ study: uid(71), series: uid(71, 1), instance: uid(71, 1, 1), patientId: 'AUDIT-2' }),
    ]);
    const told = await added(async () => {
      await node.dcmtk('storescu', [file]);
      await node.dcmtk('findscu', ['-S', '-k', 'QueryRetrieveLevel=STUDY', '-k', 'PatientName=Builder*', '-k', 'StudyInstanceUID']);
      const keys = ['-k', 'QueryRetrieveLevel=STUDY', '-k', `StudyInstanceUID=${uid(71)}`];
      await node.dcmtk('getscu', ['-S', '-od', node.folder, ...keys]);
      await node.dcmtk('echoscu', [], 'STRANGER');
    });
    expect(told.map(short).sort()).toEqual([
      'peer associate refused calling-ae-title-not-recognized',
      'peer associate success',
      'peer associate success',
      'peer associate success',
      'peer find success',
      'peer retrieve study success',
      'peer store instance success',
    ]);
    const [stored, retrieved] = ['store', 'retrieve'].map((action) => told.find((entry) => entry.action === action));
    expect(stored).toMatchObject({ actor_name: PEER, operation: 'C-STORE', study_instance_uid: uid(71), details: { instances: 1 } });
    expect(retrieved).toMatchObject({
      operation: 'C-GET',
      study_instance_uid: uid(71),
      patient: stored?.patient,
      details: { instances: 1 },
    });
    expect(told.find(({ action }) => action === 'find')?.details).toMatchObject({ level: 'STUDY', matches: 2 });
    expect(JSON.stringify(told)).not.toContain('Builder');
  });
});

describe('the trail', () => {
  it('accounts for the disclosures of a patient', async () => {
    const { patient_key } = await app.deps.db
      .selectFrom('study')
      .select('patient_key')
      .where('study_instance_uid', '=', STUDY)
      .executeTakeFirstOrThrow();
    const { items } = await app.call(listDisclosures, { query: { patient: patient_key } });
    expect(items.map(({ recipient, action, operation }) => `${recipient} ${action} ${operation}`)).toEqual([
      'reader export GET /api/v1/reports/:id/pdf',
      'reader export GET /api/v1/instances/:sop_instance_uid/file',
    ]);
    const csv = await app.inject({ url: `/api/v1/audit/disclosures.csv?patient=${patient_key}` });
    // A line of names, and the accounting is a disclosure itself.
    expect(csv.body.trimEnd().split('\r\n')).toHaveLength(items.length + 2);
    expect((await app.call(listDisclosures, { query: { patient: patient_key } })).items[0]?.operation).toBe(
      'GET /api/v1/audit/disclosures.csv',
    );
    const about = await app.call(listAuditEntries, { query: { patient: patient_key, limit: 500 } });
    expect(about.items.some(({ operation }) => operation === 'GET /api/v1/audit/disclosures')).toBe(true);
  });

  it('is exported so that the public key alone verifies it', async () => {
    await checkpointAudit(app.deps, 'default');
    const [exported, key] = [await app.inject({ url: '/api/v1/audit/export' }), await app.inject({ url: '/api/v1/audit/key' })];
    const { problems, checkpoints, entries: count } = await verifyText(exported.rawPayload, { publicKey: createPublicKey(key.body) });
    expect({ problems, checkpoints }).toEqual({ problems: [], checkpoints: 1 });
    expect(count).toBeGreaterThan(30);
    const { items } = await app.call(listAuditCheckpoints, { query: {} });
    expect(items).toMatchObject([{ number: 1, intact: true, tenant_id: 'default' }]);
  });

  it('that cannot be written stops what would go unrecorded, and lets it go on afterwards', async () => {
    await app.deps.audit.flush();
    await sql`create trigger no_audit before insert on audit_entry begin select raise(abort, 'the disk is full'); end`.execute(
      app.deps.systemDb,
    );
    const change = await app.inject({ method: 'POST', url: `/api/v1/studies/${STUDY}/complete` });
    expect(change.statusCode).toBe(500);
    const peers = await app.inject({ method: 'POST', url: '/api/v1/peers', payload: { ae_title: 'UNSEEN', host: '127.0.0.1', port: 1 } });
    expect([peers.statusCode, peers.json().type]).toEqual([503, 'urn:isocenter:error:unavailable']);
    await app.inject({ url: `/api/v1/studies/${STUDY}` });
    await expect(app.deps.audit.flush()).rejects.toThrow('the disk is full');
    expect((await app.inject({ url: `/api/v1/studies/${STUDY}` })).statusCode).toBe(503);
    expect((await app.http.inject({ url: '/livez' })).statusCode).toBe(200);
    await sql`drop trigger no_audit`.execute(app.deps.systemDb);
    await app.deps.audit.flush();
    expect((await app.inject({ url: `/api/v1/studies/${STUDY}` })).statusCode).toBe(200);
  });
});

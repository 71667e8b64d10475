import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getReadingAnalytics } from '../../src/contract/analytics.ts';
import { listErasures, placeHold, releaseHold, requestErasure } from '../../src/contract/privacy.ts';
import { deletePatient, deleteStudy } from '../../src/contract/recycle-bin.ts';
import { TENANT_TABLES, type TenantTable } from '../../src/server/platform/schema.ts';
import { unpackArchive } from '../../src/server/studies/unpack-archive.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { makeFollowUps } from '../follow-up-objects.ts';
import { addPerson, signIn } from '../identity-parts.ts';
import { countBlobs, isThere, makePatient, OTHER_STUDY, PATIENT_ID, rowsOfTables, STUDY } from './privacy-parts.ts';

let app: TestApp;
beforeEach(async () => {
  app = await openTestApp();
});
afterEach(() => app.close());

describe('a retention hold', () => {
  it('keeps a patient from being deleted, purged or erased until it is released; its reason is not readable in the database', async () => {
    const patient_key = await makePatient(app);
    const { id: recycled } = await app.call(deleteStudy, { params: { study_instance_uid: OTHER_STUDY } });
    const hold = await app.call(placeHold, { params: { patient_key }, body: { reason: 'court order 4711' } });
    const [row] = await app.deps.db.selectFrom('retention_hold').selectAll().execute();
    expect(row?.reason).not.toContain('court');
    for (const [method, url] of [
      ['DELETE', `/api/v1/studies/${STUDY}`],
      ['DELETE', `/api/v1/patients/${patient_key}`],
      ['DELETE', `/api/v1/recycle-bin/${recycled}`],
      ['POST', `/api/v1/patients/${patient_key}/erasure`],
    ] as const) {
      const answer = await app.inject({ method, url, ...(method === 'POST' ? { payload: { reason: 'on request' } } : {}) });
      expect([answer.statusCode, answer.json().type], url).toEqual([409, 'urn:isocenter:error:on-hold']);
    }
    const released = await app.call(releaseHold, { params: { id: hold.id } });
    expect(released).toMatchObject({ reason: 'court order 4711', released_by: expect.any(String), released_at: expect.any(String) });
    await app.call(deletePatient, { params: { patient_key } });
  });
});

describe('an erasure', () => {
  it('needs two persons, removes every row and file, and leaves a tombstone that does not say who it was', async () => {
    const patient_key = await makePatient(app);
    await app.call(deleteStudy, { params: { study_instance_uid: OTHER_STUDY } });
    const asked = await app.call(requestErasure, { params: { patient_key }, body: { reason: 'asked by letter' } });
    const approve = (ask: (typeof first)['ask']) => ask('POST', `/api/v1/erasures/${asked.id}/approve`);
    const first = await signIn(app, await addPerson(app, 'admin'));

    expect((await approve(first.ask)).json()).toMatchObject({ status: 'requested', approvals: [{}] });
    expect((await approve(first.ask)).json()).toMatchObject({ status: 'requested', approvals: [{}] });
    await app.drain(7_200_000);
    expect(await isThere(app, STUDY)).toBe(true);
    const second = await signIn(app, await addPerson(app, 'admin'));
    expect((await approve(second.ask)).json()).toMatchObject({ status: 'approved', approvals: [{}, {}] });
    await app.call(getReadingAnalytics, { query: {} });
    const kept = () => app.deps.cache.figures().map(({ entries }) => entries);
    expect(kept()).toEqual([1]);
    await app.drain(0);
    expect(kept()).toEqual([0]);

    for (const [table, rows] of Object.entries(await rowsOfTables(app))) expect(rows, table).toHaveLength(table === 'erasure' ? 1 : 0);
    expect(await countBlobs(app)).toBe(0);
    const [tombstone] = (await app.call(listErasures, { query: {} })).items;
    expect(tombstone).toMatchObject({
      status: 'done',
      patient_key: null,
      study_count: 2,
      instance_count: 3,
      finished_at: expect.any(String),
    });
    await app.deps.audit.flush();
    const trail = await app.deps.db.selectFrom('audit_entry').select(['patient', 'operation', 'actor_id', 'action']).execute();
    expect(trail.filter(({ operation }) => operation === 'job erase-patient')).toMatchObject([
      { patient: tombstone?.pseudonym, action: 'delete' },
    ]);
    const everything = JSON.stringify(await allRows());
    for (const secret of ['Zebrafinch', 'Quirinus', PATIENT_ID, patient_key]) expect(everything, secret).not.toContain(secret);
  });

  it('is refused to a key, to a second request and once it is refused', async () => {
    const patient_key = await makePatient(app);
    const asked = await app.call(requestErasure, { params: { patient_key }, body: { reason: 'asked by letter' } });
    const again = await app.inject({ method: 'POST', url: `/api/v1/patients/${patient_key}/erasure`, payload: { reason: 'again' } });
    expect(again.statusCode).toBe(409);
    expect((await app.inject({ method: 'POST', url: `/api/v1/erasures/${asked.id}/refuse` })).json()).toMatchObject({ status: 'refused' });
    expect((await app.inject({ method: 'POST', url: `/api/v1/erasures/${asked.id}/approve` })).statusCode).toBe(409);
    await app.call(requestErasure, { params: { patient_key }, body: { reason: 'asked once more' } });
  });

  async function allRows(): Promise<unknown[]> {
    const tables = Object.keys(TENANT_TABLES) as TenantTable[];
    return Promise.all(tables.map((table) => app.deps.db.selectFrom(table).selectAll().execute()));
  }
});

describe('the export of a subject', () => {
  it('holds the record, every image byte by byte, the signed report, all rows, and who has seen them', async () => {
    const patient_key = await makePatient(app);
    const { id: report_id } = (await app.inject({ url: `/api/v1/studies/${STUDY}/reports` })).json().items[0];
    await makeFollowUps(await app.deps.scope('default'), { study: STUDY, report: report_id, owner: 'somebody' });
    await app.inject({ url: `/api/v1/studies/${STUDY}` });
    await app.deps.audit.flush();
    const answer = await app.inject({ url: `/api/v1/patients/${patient_key}/export` });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/zip']);
    const files = new Map<string, Buffer>();
    const tempDir = join(tmpdir(), `isocenter-subject-${randomUUID()}`);
    for await (const { name, content } of unpackArchive(Readable.from([answer.rawPayload]), { tempDir, maxBytes: 1e9 })) {
      const parts: Uint8Array[] = [];
      for await (const part of content) parts.push(part);
      files.set(name, Buffer.concat(parts));
    }

    const bundle = JSON.parse(files.get('patient.fhir.json')?.toString() ?? '');
    expect(bundle).toMatchObject({ resourceType: 'Bundle', type: 'collection' });
    const resources = bundle.entry.map(({ resource }: { resource: { resourceType: string } }) => resource);
    expect(resources.map(({ resourceType }: { resourceType: string }) => resourceType).sort()).toEqual([
      'DiagnosticReport',
      'ImagingStudy',
      'ImagingStudy',
      'Patient',
    ]);
    expect(resources[0]).toMatchObject({
      name: [{ family: 'Zebrafinch', given: ['Quirinus'], prefix: ['Dr.'] }],
      gender: 'female',
      birthDate: '1970-01-02',
      identifier: [{ value: PATIENT_ID }],
    });
    const [report] = [...files].filter(([name]) => name.startsWith('reports/'));
    expect(report?.[1].subarray(0, 5).toString()).toBe('%PDF-');
    expect([...files.keys()].filter((name) => name.startsWith('dicom/'))).toHaveLength(3);
    for (const [study, number] of [
      [STUDY, 1],
      [STUDY, 2],
      [OTHER_STUDY, 1],
    ] as const) {
      const stored = await app.inject({ url: `/api/v1/instances/${study}.1.${number}/file` });
      expect(files.get(`dicom/${study}/${study}.1/${study}.1.${number}.dcm`)?.equals(stored.rawPayload)).toBe(true);
    }
    const records =
      files
        .get('records.ndjson')
        ?.toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).table) ?? [];
    expect(new Set(records)).toEqual(
      new Set([
        ...['patient', 'patient_term', 'study', 'study_label', 'series', 'instance', 'search_term', 'analysis', 'report'],
        ...['follow_up', 'discordance'],
      ]),
    );
    expect(files.get('access.csv')?.toString()).toContain('GET /api/v1/studies/:study_instance_uid');
  });

  it('of nobody is not found', async () => {
    expect((await app.inject({ url: '/api/v1/patients/00000000000000000000000000000000/export' })).json()).toMatchObject({
      type: 'urn:isocenter:error:patient-not-found',
    });
  });
});

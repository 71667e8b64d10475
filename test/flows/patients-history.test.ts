import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryItem } from '../../src/contract/patients-history.ts';
import type { Principal } from '../../src/server/platform/auth.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { uid } from '../builders.ts';
import { signingOf } from '../sign-draft.ts';
import { arrive, fieldsOf, makePatient } from './patients-parts.ts';

const MARIA = { patient_id: 'MRN-1', name_parts: { family: 'García', given: 'María' }, date_of_birth: '1970-02-03' };
const STUDY = uid(770);

let app: TestApp;
let id: string;
beforeEach(async () => {
  app = await openTestApp();
  ({ id } = await makePatient(app, MARIA));
  const facts = [
    { kind: 'condition', text: 'Asthma', started_at: '1985' },
    { kind: 'medication', text: 'Salbutamol', started_at: '2001-05' },
    { kind: 'observation', text: 'Weight', started_at: '2030-01-01T08:00:00Z', value: 70, unit: 'kg' },
  ];
  for (const payload of facts) await app.inject({ method: 'POST', url: `/api/v1/patients/${id}/record`, payload });
  await arrive(app, { study: STUDY, patientId: 'MRN-1', name: 'García^María', born: '19700203' });
  await app.drain();
  const draft = (await app.inject({ method: 'POST', url: `/api/v1/studies/${STUDY}/reports`, payload: {} })).json();
  const { write, sign } = signingOf(draft, { meaning: 'approval' });
  await app.inject({ method: 'PUT', url: `/api/v1/reports/${draft.id}`, payload: write });
  await app.inject({ method: 'POST', url: `/api/v1/reports/${draft.id}/sign`, payload: sign });
  await app.upload(`/api/v1/patients/${id}/documents`, [{ name: 'a.txt', bytes: Buffer.from('text') }], {
    title: 'Letter',
    date: '1999-12-31',
  });
});
afterEach(() => app.close());

const read = async (
  query: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<{ items: HistoryItem[]; next_cursor: string | null }> =>
  (await app.inject({ url: `/api/v1/patients/${id}/history`, query, headers })).json();
const kinds = (items: HistoryItem[]) => items.map(({ kind }) => kind);

describe('the history of a patient', () => {
  it('has facts, studies, reports and documents, the latest first, each with what it is (E-12)', async () => {
    const { items, next_cursor } = await read();
    expect([kinds(items), next_cursor]).toEqual([['observation', 'report', 'study', 'medication', 'document', 'condition'], null]);
    expect(items.map(({ at }) => at)).toEqual(
      items
        .map(({ at }) => at)
        .toSorted()
        .reverse(),
    );
    expect(items[0]?.entry).toMatchObject({ text: 'Weight', value: 70 });
    expect(items[1]?.report).toMatchObject({ study_instance_uid: STUDY, status: 'final' });
    expect(items[2]?.study).toMatchObject({ study_instance_uid: STUDY, modalities: ['OT'] });
    expect(items[4]?.document).toMatchObject({ title: 'Letter', media_type: 'text/plain' });
  });

  it('comes in pages, and by kind', async () => {
    const seen: HistoryItem[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await read({ limit: '2', ...(cursor ? { cursor } : {}) });
      seen.push(...page.items);
      cursor = page.next_cursor;
    }
    expect(seen).toEqual((await read()).items);
    expect(kinds((await read({ kinds: 'study, document' })).items)).toEqual(['study', 'document']);
    const wrong = await app.inject({ url: `/api/v1/patients/${id}/history`, query: { kinds: 'dreams' } });
    expect([wrong.statusCode, fieldsOf(wrong)]).toEqual([400, ['querystring/kinds']]);
    expect((await app.inject({ url: '/api/v1/patients/00000000-0000-7000-8000-000000000000/history' })).statusCode).toBe(404);
  });

  it('shows studies and reports only as far as the caller may see these, in the history and in the FHIR bundle', async () => {
    const principal: Principal = {
      kind: 'user',
      tenant_id: 'default',
      id: 'd',
      user_id: 'd',
      username: 'd',
      full_name: 'D',
      role: 'doctor',
    };
    app.http.authenticate = async ({ headers }) => ({ ...principal, role: headers['x-role'] === 'technician' ? 'technician' : 'doctor' });
    const facts = ['observation', 'medication', 'document', 'condition'];
    expect(kinds((await read()).items)).toEqual(facts);
    expect(kinds((await read({}, { 'x-role': 'technician' })).items)).toEqual(['observation', 'study', ...facts.slice(1)]);
    const types = async (role: string): Promise<string> => {
      const bundle = (await app.inject({ url: `/api/v1/patients/${id}/fhir`, headers: { 'x-role': role } })).json();
      return JSON.stringify(bundle.entry.map(({ resource }: { resource: { resourceType: string } }) => resource.resourceType));
    };
    expect(await types('doctor')).not.toMatch(/ImagingStudy|DiagnosticReport/);
    expect(await types('technician')).toMatch(/ImagingStudy/);
    expect(await types('technician')).not.toMatch(/DiagnosticReport/);
  });
});

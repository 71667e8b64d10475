import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deletePatient, restoreRecycled } from '../../src/contract/recycle-bin.ts';
import { createPatient as createIn } from '../../src/server/patients/save-patient.ts';
import { createTenant } from '../../src/server/tenants/create-tenant.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { uid } from '../builders.ts';
import { arrive, fieldsOf, makePatient, patientKeyOf } from './patients-parts.ts';

const MARIA = {
  patient_id: 'MRN-1',
  name_parts: { family: 'García López', given: 'María', prefix: 'Dr.' },
  date_of_birth: '1970-02-03',
  gender: 'female',
  contact_info: { phone: '+34 600 000 000', email: 'maria@example.org', address: 'Calle Mayor 1\nMadrid' },
  emergency_contact: { name: 'Juan García', phone: '+34 600 000 001', relationship: 'brother' },
  risk_level: 'medium',
};
const ABSENT = '00000000-0000-7000-8000-000000000000';

let app: TestApp;
beforeEach(async () => {
  app = await openTestApp();
});
afterEach(() => app.close());

const put = (id: string, payload: object, etag?: string) =>
  app.inject({ method: 'PUT', url: `/api/v1/patients/${id}`, payload, headers: etag === undefined ? {} : { 'if-match': etag } });

describe('the record of a patient', () => {
  it('is made with all of D-02, read, and deleted into the recycle bin and back (E-08, E-09, E-11)', async () => {
    const made = await makePatient(app, MARIA);
    expect(made).toMatchObject({
      ...MARIA,
      issuer: '',
      name: 'Dr. María García López',
      age: new Date(app.deps.now()).getUTCFullYear() - 1970 - (app.deps.now().toISOString().slice(5, 10) < '02-03' ? 1 : 0),
      status: 'active',
      merged_into: null,
      medical_history: { conditions: [], allergies: [], medications: [], previous_diagnoses: [] },
    });
    const { etag, ...record } = made;
    const read = await app.inject({ url: `/api/v1/patients/${made.id}` });
    expect([read.json(), read.headers.etag]).toEqual([record, etag]);
    const item = await app.call(deletePatient, { params: { patient_key: made.id } });
    expect((await app.inject({ url: `/api/v1/patients/${made.id}` })).statusCode).toBe(404);
    await app.call(restoreRecycled, { params: { id: item.id } });
    expect((await app.inject({ url: `/api/v1/patients/${made.id}` })).json()).toEqual(record);
  });

  it('keeps contacts sealed in the database', async () => {
    const { id } = await makePatient(app, MARIA);
    const row = await app.deps.db.selectFrom('patient').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toMatch(/600 000|example|Mayor|Juan/);
    expect([row.contact_info, row.emergency_contact]).toEqual([expect.stringMatching(/^sealed1\./), expect.stringMatching(/^sealed1\./)]);
  });

  it('changes what is named, keeps the rest, and clears with null (E-10)', async () => {
    const { id, etag } = await makePatient(app, MARIA);
    const changed = await put(id, { risk_level: 'high', contact_info: { phone: null }, date_of_birth: null }, etag);
    expect(changed.json()).toMatchObject({
      name_parts: MARIA.name_parts,
      risk_level: 'high',
      contact_info: { ...MARIA.contact_info, phone: null },
      emergency_contact: MARIA.emergency_contact,
      date_of_birth: null,
      age: null,
    });
    // Sent back as it was read, with one field changed: the name does not lose its parts.
    const again = await put(id, { ...changed.json(), status: 'inactive' }, String(changed.headers.etag));
    expect(again.json()).toMatchObject({ status: 'inactive', name_parts: MARIA.name_parts });
  });

  it('lets only the first of two writers through: 412, and 428 for who does not say what it changes', async () => {
    const { id, etag } = await makePatient(app, MARIA);
    expect((await put(id, { risk_level: 'low' })).statusCode).toBe(428);
    const answers = await Promise.all([put(id, { risk_level: 'low' }, etag), put(id, { risk_level: 'high' }, etag)]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 412]);
    const winner = answers.find(({ statusCode }) => statusCode === 200)?.json();
    expect((await app.inject({ url: `/api/v1/patients/${id}` })).json()).toMatchObject({ risk_level: winner.risk_level });
  });

  it('gives a number of an issuer once, also when two come at once, and to whom a DICOM object brought it', async () => {
    const two = await Promise.all(
      ['Anna', 'Berta'].map((given) =>
        app.inject({ method: 'POST', url: '/api/v1/patients', payload: { patient_id: 'N1', name_parts: { family: 'X', given } } }),
      ),
    );
    expect(two.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409]);
    await arrive(app, { study: uid(700), patientId: 'N2', name: 'Came^By DICOM' });
    const taken = await app.inject({ method: 'POST', url: '/api/v1/patients', payload: { patient_id: 'N2', name: 'Other, One' } });
    expect([taken.statusCode, fieldsOf(taken)]).toEqual([409, ['body/patient_id']]);
    await makePatient(app, { patient_id: 'N2', issuer: 'OTHER HOSPITAL', name: 'Other, One' });
  });

  it('is the record of what arrives by DICOM with the same number, name and birth date, also once it was corrected', async () => {
    const { id, etag } = await makePatient(app, MARIA);
    const same = { patientId: 'MRN-1', name: 'GARCIA LOPEZ^MARIA^^DR.', born: '19700203' };
    expect(await arrive(app, { study: uid(701), ...same })).toBe(id);
    const renamed = await put(id, { patient_id: 'MRN-2', name_parts: { family: 'Ruiz', given: 'María' } }, etag);
    expect(renamed.statusCode).toBe(200);
    // The old identity, in the study that has begun and in another; and the new one.
    expect(await arrive(app, { study: uid(701), number: 2, ...same })).toBe(id);
    expect(await arrive(app, { study: uid(702), ...same })).toBe(id);
    expect(await arrive(app, { study: uid(703), patientId: 'MRN-2', name: 'Ruiz^María', born: '19700203' })).toBe(id);
    expect(await arrive(app, { study: uid(704), patientId: 'MRN-2', name: 'Somebody^Else', born: '19700203' })).not.toBe(id);
    const found = await app.inject({ url: `/dicom-web/studies?PatientName=Ruiz*&StudyInstanceUID=${uid(701)}` });
    expect(found.json()).toHaveLength(1);
    const byWord = await app.inject({ url: '/dicom-web/studies?PatientName=*uiz*' });
    expect(byWord.json()).toHaveLength(3);
  });

  it('corrects a record that came by DICOM, and lists it with the one who has no study where DICOM asks for patients', async () => {
    const id = await arrive(app, { study: uid(705), patientId: 'WRONG', name: 'Typo^Tom', born: '1970' });
    await makePatient(app, MARIA);
    const read = await app.inject({ url: `/api/v1/patients/${id}` });
    expect(read.json()).toMatchObject({ created_by: null, date_of_birth: '1970', age: null });
    const fixed = await put(id, { ...read.json(), patient_id: 'RIGHT' }, String(read.headers.etag));
    expect(fixed.json()).toMatchObject({ patient_id: 'RIGHT', date_of_birth: '1970' });
    expect(await arrive(app, { study: uid(705), number: 2, patientId: 'WRONG', name: 'Typo^Tom', born: '1970' })).toBe(id);
    expect(await arrive(app, { study: uid(706), patientId: 'RIGHT', name: 'Typo^Tom', born: '1970' })).toBe(id);
  });
});

describe('bad input', () => {
  it('names of 5,000 characters, control characters, turned text and impossible dates are refused with the field', async () => {
    const cases: [object, string][] = [
      [{ name: 'x'.repeat(5_000) }, 'body/name'],
      [{ name_parts: { family: 'x'.repeat(5_000) } }, 'body/name_parts/family'],
      [{ name_parts: { family: 'x'.repeat(40), given: 'y'.repeat(40) } }, 'body/name_parts'],
      [{ name_parts: { family: 'A^B' } }, 'body/name_parts/family'],
      [{ name_parts: { family: 'A\u202Eevil' } }, 'body/name_parts/family'],
      [{ name_parts: { family: 'A\u0000' } }, 'body/name_parts/family'],
      [{ name_parts: { family: ' ' } }, 'body/name_parts'],
      [{ name: 'A', date_of_birth: '2023-02-29' }, 'body/date_of_birth'],
      [{ name: 'A', date_of_birth: '2999-01-01' }, 'body/date_of_birth'],
      [{ name: 'A', date_of_birth: '1492-01-01' }, 'body/date_of_birth'],
      [{ name: 'A', contact_info: { email: 'nobody' } }, 'body/contact_info/email'],
      [{ name: 'A', contact_info: { address: 'A\u0007' } }, 'body/contact_info/address'],
      [{ name: 'A', patient_id: 'A\\B' }, 'body/patient_id'],
      [{}, 'body/name'],
    ];
    for (const [body, field] of cases) {
      const answer = await app.inject({ method: 'POST', url: '/api/v1/patients', payload: { patient_id: 'P', ...body } });
      expect([answer.statusCode, fieldsOf(answer)], JSON.stringify(body).slice(0, 80)).toEqual([400, expect.arrayContaining([field])]);
    }
    expect(await app.deps.db.selectFrom('patient').select('id').execute()).toEqual([]);
  });

  it('right-to-left, combining and ideographic names stay as they were written', async () => {
    const arabic = await makePatient(app, { patient_id: 'A', name_parts: { family: 'الحدّاد', given: 'فاطمة' } });
    expect(arabic.name).toBe('فاطمة الحدّاد');
    const combining = await makePatient(app, { patient_id: 'B', name_parts: { family: 'Ngu\u0079\u0065\u0302\u0303n' } });
    expect(combining.name).toBe('Nguy\u1ec5n');
    const japanese = await makePatient(app, { patient_id: 'C', name_parts: { family: 'Yamada', given: 'Taro', ideographic: '山田^太郎' } });
    expect(japanese.name_parts).toEqual({ family: 'Yamada', given: 'Taro', ideographic: '山田^太郎' });
  });

  it('an unknown patient and one of another tenant are not there, to read, to change and to write about', async () => {
    await createTenant(app.deps, { id: 'other', name: 'Another' });
    const other = await app.deps.scope('other');
    const principal = { kind: 'system', tenant_id: 'other', id: 'x', user_id: 'x', username: 'x', full_name: 'x', role: 'admin' } as const;
    const foreign = await createIn({ ...app.deps, ...other }, principal, { patient_id: 'F', name: 'Foreign' });
    for (const id of [ABSENT, foreign.id]) {
      expect((await app.inject({ url: `/api/v1/patients/${id}` })).statusCode).toBe(404);
      expect((await put(id, { risk_level: 'low' }, '"1"')).statusCode).toBe(404);
      expect((await app.inject({ url: `/api/v1/patients/${id}/record` })).statusCode).toBe(404);
      const entry = { kind: 'condition', text: 'x' };
      expect((await app.inject({ method: 'POST', url: `/api/v1/patients/${id}/record`, payload: entry })).statusCode).toBe(404);
    }
    // The same number is free here.
    await makePatient(app, { patient_id: 'F', name: 'Ours' });
    expect(await patientKeyOf(app, uid(1)).catch(() => undefined)).toBeUndefined();
  });
});

describe('the structured record', () => {
  const entry = {
    kind: 'condition',
    codes: [{ system: 'http://snomed.info/sct', code: '38341003', display: 'Hypertension' }],
    text: 'Hypertension',
    status: 'active',
    started_at: '2019-05',
  };
  const post = (id: string, payload: object) => app.inject({ method: 'POST', url: `/api/v1/patients/${id}/record`, payload });

  it('takes facts one by one, shows them in the medical history, and changes and removes them', async () => {
    const { id } = await makePatient(app, MARIA);
    const made = await post(id, entry);
    expect(made.json()).toMatchObject({ ...entry, ended_at: null, source: 'person', source_id: null });
    await post(id, { kind: 'allergy', text: 'Penicillin', status: 'refuted' });
    await post(id, { kind: 'medication', text: 'Ramipril 5 mg', details: { dose_text: '1-0-0' } });
    const history = async () => (await app.inject({ url: `/api/v1/patients/${id}` })).json().medical_history;
    expect(await history()).toMatchObject({
      conditions: [{ text: 'Hypertension' }],
      allergies: [],
      medications: [{ status: 'unknown' }],
    });
    const url = `/api/v1/patients/${id}/record/${made.json().id}`;
    const over = { ...entry, status: 'resolved', ended_at: '2020' };
    expect((await app.inject({ method: 'PUT', url, payload: over })).statusCode).toBe(428);
    const headers = { 'if-match': String((await app.inject({ url })).headers.etag) };
    expect((await app.inject({ method: 'PUT', url, payload: over, headers })).json()).toMatchObject(over);
    expect((await app.inject({ method: 'PUT', url, payload: entry, headers })).statusCode).toBe(412);
    expect(await history()).toMatchObject({ conditions: [], previous_diagnoses: [{ text: 'Hypertension', ended_at: '2020' }] });
    expect((await app.inject({ method: 'DELETE', url })).statusCode).toBe(200);
    expect((await app.inject({ url })).statusCode).toBe(404);
  });

  it('is listed page by page and by kind', async () => {
    const { id } = await makePatient(app, MARIA);
    for (const text of ['a', 'b', 'c']) await post(id, { kind: 'observation', text, value: 1, unit: 'mm' });
    await post(id, entry);
    const url = `/api/v1/patients/${id}/record`;
    const first = (await app.inject({ url, query: { limit: '2', kind: 'observation' } })).json();
    const second = (await app.inject({ url, query: { limit: '2', kind: 'observation', cursor: first.next_cursor } })).json();
    expect([...first.items, ...second.items].map(({ text }) => text).sort()).toEqual(['a', 'b', 'c']);
    expect(second.next_cursor).toBeNull();
    expect((await app.inject({ url, query: { cursor: 'none' } })).statusCode).toBe(400);
  });

  it('refuses dates that are none, and an end before the beginning, with the field', async () => {
    const { id } = await makePatient(app, MARIA);
    const dates = await post(id, { ...entry, started_at: '2019-13', ended_at: 'yesterday' });
    expect([dates.statusCode, fieldsOf(dates)]).toEqual([400, ['body/started_at', 'body/ended_at']]);
    expect(fieldsOf(await post(id, { ...entry, started_at: '2019-05', ended_at: '2018' }))).toEqual(['body/ended_at']);
    expect(fieldsOf(await post(id, { ...entry, text: 'x\u0000' }))).toEqual(['body/text']);
  });

  it('two writers on one fact: one is let through', async () => {
    const { id } = await makePatient(app, MARIA);
    const made = await post(id, entry);
    const headers = { 'if-match': String(made.headers.etag) };
    const url = `/api/v1/patients/${id}/record/${made.json().id}`;
    const answers = await Promise.all(
      ['one', 'two'].map((text) => app.inject({ method: 'PUT', url, payload: { ...entry, text }, headers })),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 412]);
  });
});

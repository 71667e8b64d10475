import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PatientSummary } from '../../src/contract/patients.ts';
import type { TestApp } from '../app.ts';
import { uid } from '../builders.ts';
import { postgresMissing } from '../postgres.ts';
import { arrive, makePatient, openDatabases } from './patients-parts.ts';

const PEOPLE = [
  {
    patient_id: 'MRN-001',
    name_parts: { family: 'García López', given: 'María' },
    date_of_birth: '1970-02-03',
    gender: 'female',
    risk_level: 'high',
  },
  {
    patient_id: 'MRN-002',
    name_parts: { family: 'Garcia', given: 'Mario' },
    date_of_birth: '1980-05-05',
    gender: 'male',
    risk_level: 'low',
  },
  {
    patient_id: 'MRN-003',
    name_parts: { family: 'Großmann', given: 'Søren' },
    date_of_birth: '1990-01-01',
    gender: 'male',
    status: 'inactive',
  },
  { patient_id: 'MRN-004', name_parts: { family: 'الحدّاد', given: 'فاطمة' }, date_of_birth: '1965-12-31', gender: 'female' },
  { patient_id: 'MRN-005', name_parts: { family: 'Yamada', given: 'Taro', ideographic: '山田^太郎' }, date_of_birth: '2001-07-07' },
  { patient_id: 'MRN-006', name_parts: { family: 'Marian', given: 'Maria' } },
];

const DATABASES = postgresMissing ? ['SQLite'] : ['SQLite', 'PostgreSQL'];

describe.each(DATABASES)('finding patients on %s', (database) => {
  let app: TestApp;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const databases = await openDatabases(database);
    const opened = await databases.open();
    app = opened.app;
    close = async () => {
      await opened.close();
      await databases.stop();
    };
    const ids: string[] = [];
    for (const person of PEOPLE) ids.push((await makePatient(app, person)).id);
    await arrive(app, { study: uid(720), patientId: 'MRN-002', name: 'Garcia^Mario', born: '19800505', modality: 'CT' });
    const fact = (id: string | undefined, payload: object) => app.inject({ method: 'POST', url: `/api/v1/patients/${id}/record`, payload });
    const diabetes = { kind: 'condition', text: 'Diabetes mellitus type 2', status: 'active' };
    await fact(ids[0], { ...diabetes, codes: [{ system: 'http://snomed.info/sct', code: '44054006' }] });
    await fact(ids[1], { ...diabetes, codes: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'E11.9' }] });
    await fact(ids[2], { ...diabetes, status: 'refuted' });
  }, 120_000);
  afterAll(() => close());

  const ask = async (
    query: Record<string, string>,
    path = '/api/v1/patients',
  ): Promise<{ items: PatientSummary[]; next_cursor: string | null }> => {
    const answer = await app.inject({ url: path, query });
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json();
  };
  const numbers = async (query: Record<string, string>) => (await ask(query)).items.map(({ patient_id }) => patient_id.slice(-1)).join('');

  it('lists by name, and in any order both ways, who has no birth date last', async () => {
    expect(await numbers({})).toBe('123654');
    expect(await numbers({ sort: 'patient_id' })).toBe('123456');
    expect(await numbers({ sort: '-patient_id' })).toBe('654321');
    expect(await numbers({ sort: 'date_of_birth' })).toBe('412356');
    expect(await numbers({ sort: '-date_of_birth' })).toBe('532146');
  });

  it('completes words of names and numbers, whatever their marks, script and order (E-15)', async () => {
    const found = async (q: string) => (await numbers({ q })).split('').sort().join('');
    expect(await found('garc mar')).toBe('12');
    expect(await found('MARÍA')).toBe('16');
    expect(await found('lopez')).toBe('1');
    expect(await found('Grossmann')).toBe('3');
    expect(await found('soren')).toBe('3');
    expect(await found('حداد')).toBe('');
    expect(await found('الحداد')).toBe('4');
    expect(await found('فاطمه')).toBe('4');
    expect(await found('山田')).toBe('5');
    expect(await found('山田太郎')).toBe('5');
    expect(await found('mrn003')).toBe('3');
    expect(await found('004')).toBe('4');
    expect(await found('zzz')).toBe('');
    for (const nothing of ['%', '\u0000', 'ma\u0000']) expect(await found(nothing)).toBe('');
    expect(await numbers({ q: 'mari', family: 'marian' })).toBe('6');
  });

  it('puts those first whose word goes on the least, and each where the first of their words stands', async () => {
    // Maria of García López and of Marian, then Mario; Marian is Maria's family name as well.
    const found = await numbers({ q: 'mar' });
    expect([found.slice(0, 2).split('').sort().join(''), found.slice(2)]).toEqual(['16', '2']);
    expect(await numbers({ q: 'mar', family: 'gar', sort: 'date_of_birth' })).toBe('12');
  });

  it('comes through pages with each patient once, by words and in every order', async () => {
    for (const query of [
      { q: 'm' },
      { q: 'mrn' },
      {},
      { sort: 'date_of_birth' },
      { sort: '-date_of_birth' },
      { q: 'mrn', sort: '-name' },
    ]) {
      const seen: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await ask({ ...query, limit: '2', ...(cursor ? { cursor } : {}) });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.next_cursor;
      }
      const whole = (await ask(query as Record<string, string>)).items.map(({ id }) => id);
      expect(seen, JSON.stringify(query)).toEqual(whole);
      expect(new Set(seen).size).toBe(seen.length);
    }
  });

  it('narrows by parts of the name, number, birth, sex, risk, status, modality and condition', async () => {
    const cases: [Record<string, string>, string][] = [
      [{ family: 'garcia', sort: 'patient_id' }, '12'],
      [{ family: 'garcia', given: 'maria' }, '1'],
      [{ given: 'garcia' }, ''],
      [{ patient_id: 'MRN-003' }, '3'],
      [{ born_from: '1970-02-03', born_to: '1980-05-05', sort: 'date_of_birth' }, '12'],
      [{ gender: 'female', sort: 'patient_id' }, '14'],
      [{ risk_level: 'high' }, '1'],
      [{ status: 'inactive' }, '3'],
      [{ modality: 'CT' }, '2'],
      [{ modality: 'MR' }, ''],
      [{ condition: 'diabetes', sort: 'patient_id' }, '12'],
      [{ condition: 'type 2 diabetes', sort: 'patient_id' }, '12'],
      [{ condition: '44054006' }, '1'],
      [{ condition: 'E11' }, '2'],
      [{ condition: '4405' }, ''],
      [{ q: 'mar', condition: 'diabetes', risk_level: 'low' }, '2'],
      [{ q: 'garcia mar', born_from: '1980-01-01' }, '2'],
      [{ condition: 'diabetes', modality: 'CT', sort: 'name' }, '2'],
      [{ condition: 'diabetes', born_to: '1975-01-01', sort: 'name' }, '1'],
      [{ q: 'garcia grossmann' }, ''],
    ];
    for (const [query, expected] of cases) expect(await numbers(query), JSON.stringify(query)).toBe(expected);
  });

  it('answers the fields that are asked for, and refuses what is none', async () => {
    expect((await ask({ fields: 'patient_id,name', patient_id: 'MRN-002' }, '/api/v1/patients/search')).items).toEqual([
      { patient_id: 'MRN-002', name: 'Mario Garcia' },
    ]);
    const asked = [
      { fields: 'password' },
      { cursor: 'x' },
      { cursor: Buffer.from('[1,2]').toString('base64url') },
      { sort: 'age' },
      { born_from: 'x' },
    ];
    for (const query of asked)
      expect((await app.inject({ url: '/api/v1/patients', query: query as Record<string, string> })).statusCode).toBe(400);
  });
});

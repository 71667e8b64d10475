import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PatientAnalytics } from '../../src/contract/patients-analytics.ts';
import type { TestApp } from '../app.ts';
import { uid } from '../builders.ts';
import { postgresMissing } from '../postgres.ts';
import { arrive, makePatient, openDatabases } from './patients-parts.ts';

const DATABASES = postgresMissing ? ['SQLite'] : ['SQLite', 'PostgreSQL'];

describe.each(DATABASES)('figures over all patients on %s', (database) => {
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
  }, 120_000);
  afterAll(() => close());

  const read = async (query: Record<string, string> = {}): Promise<PatientAnalytics> =>
    (await app.inject({ url: '/api/v1/patients/analytics', query })).json();

  it('count nothing where there is nobody', async () => {
    const none = await read({ months: '2' });
    expect(none).toMatchObject({ total: 0, demographics: [], top_conditions: [], risk_levels: { low: 0, unknown: 0 } });
    expect(none.months).toHaveLength(2);
  });

  it('have demographics by age and sex, risk levels, conditions and volumes by month (E-16)', async () => {
    const today = app.deps.now().toISOString();
    const year = Number(today.slice(0, 4));
    const tenToday = `${year - 10}${today.slice(4, 10)}`;
    const dayAfter = new Date(Date.parse(tenToday) + 86_400_000).toISOString().slice(0, 10);
    const people = [
      { patient_id: '1', name: 'A', date_of_birth: tenToday, gender: 'female', risk_level: 'high' },
      { patient_id: '2', name: 'B', date_of_birth: dayAfter, gender: 'female', risk_level: 'high' },
      { patient_id: '3', name: 'C', date_of_birth: `${year - 95}-01-01`, gender: 'male', status: 'inactive' },
      { patient_id: '4', name: 'D' },
    ];
    const ids: string[] = [];
    for (const person of people) ids.push((await makePatient(app, person)).id);
    await arrive(app, { study: uid(810), patientId: '5', name: 'E', born: '1970' });
    const asthma = { kind: 'condition', text: 'Asthma', codes: [{ system: 'http://snomed.info/sct', code: '195967001' }] };
    const facts: [number, object][] = [
      [0, asthma],
      [0, asthma],
      [1, asthma],
      [2, { ...asthma, status: 'refuted' }],
      [1, { kind: 'condition', text: 'Diabetes', codes: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'E11.9', display: 'Type 2' }] }],
      [3, { kind: 'condition', text: 'In words alone' }],
    ];
    for (const [index, payload] of facts) await app.inject({ method: 'POST', url: `/api/v1/patients/${ids[index]}/record`, payload });

    const figures = await read({ months: '3' });
    expect(figures).toMatchObject({ total: 5, active: 4, inactive: 1, risk_levels: { low: 0, medium: 0, high: 2, unknown: 3 } });
    expect(figures.demographics).toEqual([
      { age_band: 'unknown', gender: null, count: 2 },
      { age_band: '0-9', gender: 'female', count: 1 },
      { age_band: '10-19', gender: 'female', count: 1 },
      { age_band: '90+', gender: 'male', count: 1 },
    ]);
    expect(figures.top_conditions).toEqual([
      { system: 'http://snomed.info/sct', code: '195967001', text: 'Asthma', patients: 2 },
      { system: 'http://hl7.org/fhir/sid/icd-10', code: 'E11.9', text: 'Type 2', patients: 1 },
    ]);
    expect(figures.months.at(-1)).toEqual({ month: today.slice(0, 7), patients: 5, studies: 1 });
    expect(figures.months.slice(0, 2)).toEqual([
      expect.objectContaining({ patients: 0, studies: 0 }),
      expect.objectContaining({ patients: 0, studies: 0 }),
    ]);
    await app.inject({ method: 'POST', url: `/api/v1/patients/${ids[3]}/merge`, payload: { into: ids[0] } });
    expect((await read()).total).toBe(4);
    expect((await read({ conditions: '1' })).top_conditions).toHaveLength(1);
  });
});

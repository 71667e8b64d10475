import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkDrugSafety } from '../../src/contract/drug-safety.ts';
import { openTestApp, type TestApp } from '../app.ts';

describe('POST /api/v1/drug-safety/check (A-04)', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp();
  });
  afterAll(() => app.close());

  it('answers alerts with their citation, what was not checked, and the disclaimer', async () => {
    const result = await app.call(checkDrugSafety, {
      body: {
        medications: ['Zocor 40 mg daily', 'clarithromycin 500 mg bid', 'metformin 1000 mg bid', 'something unheard of'],
        allergies: ['shellfish'],
        patient: { age_years: 70, egfr: 28 },
        exam: { contrast: 'iodinated', agent: 'Omnipaque' },
      },
    });
    expect(result.alerts[0]).toMatchObject({ severity: 'contraindicated', display: 'interruptive' });
    expect(result.alerts.map(({ rule_id }) => rule_id)).toEqual(
      expect.arrayContaining(['onc-high-11a', 'ct-acr-01', 'rd-metformin-1', 'al-20']),
    );
    expect(result.alerts.every(({ citation }) => citation.length > 10)).toBe(true);
    expect(result.not_checked).toContainEqual(expect.objectContaining({ text: 'something unheard of' }));
    expect(result.disclaimer).toContain('Not a medical device');
  });

  it('refuses what is not plausible, naming the field', async () => {
    const response = await app.inject({
      method: 'POST',
      url: '/api/v1/drug-safety/check',
      payload: { medications: ['aspirin'], patient: { age_years: 900 } },
    });
    expect(response.statusCode).toBe(400);
    expect(response.json().errors[0].field).toContain('age_years');
  });

  it('survives hostile lines', async () => {
    const medications = ['a'.repeat(300), '1-'.repeat(150), '\u0000\u202e', 'mg '.repeat(100), "Robert'); drop table patient;--"];
    const result = await app.call(checkDrugSafety, { body: { medications } });
    expect(result.not_checked).toHaveLength(medications.length);
  });
});

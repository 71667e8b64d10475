import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../../../test/app.ts';
import { SCORES } from '../../clinical/scores/registry.ts';
import { getScore, listScores, ScoreResult } from '../../contract/clinical.ts';

describe('Routes of the clinical scores', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp();
  });
  afterAll(() => app.close());

  const send = (method: 'GET' | 'POST', path: string, payload?: object) =>
    app.inject({ method, url: `/api/v1/clinical/scores${path}`, ...(payload ? { payload } : {}) });

  it('list every score and describe each with its inputs', async () => {
    const list = (await send('GET', '')).json();
    expect(Value.Check(listScores.response, list)).toBe(true);
    expect(list.items).toHaveLength(SCORES.length);
    for (const { id } of list.items) {
      const description = (await send('GET', `/${id}`)).json();
      expect([...Value.Errors(getScore.response, description)]).toEqual([]);
    }
  });

  it('compute with units, and answer with what was used', async () => {
    const response = await send('POST', '/egfr-ckd-epi-2021-cr', {
      inputs: { age: 50, sex: 'male', creatinine: { value: 88.4, unit: 'umol/L' } },
    });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ value: 91.7, band: { id: 'G1' }, range: null, missing: [] });
    expect(response.json().inputs_used).toContainEqual({ name: 'creatinine', value: 1, unit: 'mg/dL' });
  });

  it('send a result just as the score made it', async () => {
    const inputs = { finding: 'solid', status: 'baseline', long_axis: 8, short_axis: null };
    const answer = (await send('POST', '/lung-rads-2022', { inputs })).json();
    expect(answer).toEqual(SCORES.find(({ id }) => id === 'lung-rads-2022')?.compute(inputs));
    expect(Value.Check(ScoreResult, answer)).toBe(true);
  });

  it('tell a range and what is missing', async () => {
    const answer = (await send('POST', '/cha2ds2-vasc', { inputs: { age: 80, sex: 'male' } })).json();
    expect(answer).toMatchObject({ value: null, range: { min: 2, max: 8 }, band: { id: 'high' } });
    expect(answer.missing).toHaveLength(5);
  });

  it('answer 404 for a score that does not exist', async () => {
    expect((await send('GET', '/no-such-score')).json()).toMatchObject({ status: 404, type: 'urn:isocenter:error:not-found' });
    expect((await send('POST', '/no-such-score', { inputs: {} })).statusCode).toBe(404);
  });

  it('answer 400 with the name of the input and without its value', async () => {
    const response = await send('POST', '/egfr-ckd-epi-2021-cr', { inputs: { creatinine: 4321 } });
    expect(response.json()).toMatchObject({
      status: 400,
      errors: [{ field: 'inputs.creatinine', message: expect.stringContaining('0.1 to 40') }],
    });
    expect(response.body).not.toContain('4321');
    expect((await send('POST', '/bi-rads', { inputs: { category: { value: 4 } } })).statusCode).toBe(400);
    expect((await send('POST', '/bi-rads', {})).statusCode).toBe(400);
  });

  it('need a session', async () => {
    expect((await app.http.inject({ method: 'GET', url: '/api/v1/clinical/scores' })).statusCode).toBe(401);
  });
});

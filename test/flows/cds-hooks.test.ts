import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cdsOrderSelect, cdsOrderSign, listCdsServices } from '../../src/contract/cds-hooks.ts';
import { openTestApp, type TestApp } from '../app.ts';

const order = (id: string, text: string, dosage?: string) => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'draft',
  medicationCodeableConcept: { text },
  ...(dosage ? { dosageInstruction: [{ text: dosage }] } : {}),
});
const bundle = (...resources: object[]) => ({ resourceType: 'Bundle', entry: resources.map((resource) => ({ resource })) });
const observation = (code: string, value: number, unit: string, at: string) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code }] },
  valueQuantity: { value, unit, code: unit },
  effectiveDateTime: at,
});
const EVERYTHING = {
  patient: { resourceType: 'Patient', birthDate: '1950-01-01', gender: 'female' },
  medications: bundle(order('m1', 'Simvastatin 40 mg', '1-0-0'), order('m2', 'warfarin')),
  allergies: bundle(),
  conditions: bundle(),
  observations: bundle(),
};

describe('CDS Hooks 2.0', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp();
  });
  afterAll(() => app.close());

  const sign = async (drafts: object[], prefetch: Record<string, unknown> = EVERYTHING) => {
    const body = { hook: 'order-sign' as const, hookInstance: 'd1', context: { draftOrders: bundle(...drafts) }, prefetch };
    return (await app.call(cdsOrderSign, { body })).cards;
  };

  it('tells its services with what they want prefetched', async () => {
    const { services } = await app.call(listCdsServices, {});
    expect(services.map(({ hook, id }) => [hook, id])).toEqual([
      ['order-select', 'drug-safety-order-select'],
      ['order-sign', 'drug-safety-order-sign'],
    ]);
    expect(services[0]?.prefetch['patient']).toBe('Patient/{{context.patientId}}');
  });

  it('answers an order with a card for each alert that it takes part in, with citation and reasons to override', async () => {
    const [card] = await sign([order('o1', 'Clarithromycin 500 MG Oral Tablet', 'bid')]);
    expect(card).toMatchObject({ indicator: 'critical', source: { label: 'Isocenter' } });
    expect(card?.summary).toMatch(/^Contraindicated: .*simvastatin/);
    expect(card?.summary.length).toBeLessThanOrEqual(140);
    expect(card?.detail).toContain('onc-high');
    expect(card?.overrideReasons?.length).toBeGreaterThan(0);
  });

  it('does not repeat what the patient takes already', async () => {
    const prefetch = { ...EVERYTHING, medications: bundle(order('m1', 'simvastatin'), order('m2', 'clarithromycin')) };
    const cards = await sign([order('o1', 'folic acid')], prefetch);
    expect(cards.filter(({ indicator }) => indicator !== 'info')).toEqual([]);
  });

  it('for order-select counts the selected orders only', async () => {
    const drafts = bundle(order('o1', 'clarithromycin'), order('o2', 'folic acid'));
    const select = async (...selections: string[]) => {
      const context = { draftOrders: drafts, selections };
      const body = { hook: 'order-select' as const, hookInstance: 'd1', context, prefetch: EVERYTHING };
      return (await app.call(cdsOrderSelect, { body })).cards.filter(({ indicator }) => indicator === 'critical');
    };
    expect(await select('MedicationRequest/o2')).toEqual([]);
    expect((await select('MedicationRequest/o1')).length).toBeGreaterThan(0);
  });

  it('reads kidney function in its unit, the newest one, and a contrast examination', async () => {
    const ct = { resourceType: 'ServiceRequest', id: 's1', status: 'draft', code: { text: 'CT abdomen with contrast' } };
    const prefetch = (creatinine: number) => ({
      ...EVERYTHING,
      medications: bundle(order('m1', 'metformin 1000 mg', 'bid')),
      observations: bundle(observation('14682-9', creatinine, 'umol/L', '2026-05-01'), observation('2160-0', 0.8, 'mg/dL', '2020-01-01')),
    });
    const metformin = (cards: { summary: string; indicator: string }[]) =>
      cards.filter(({ summary, indicator }) => summary.includes('metformin') && indicator !== 'info');
    expect(metformin(await sign([ct], prefetch(265)))).not.toEqual([]);
    expect(metformin(await sign([ct], prefetch(70)))).toEqual([]);
  });

  it('tells what was not sent and what it does not know, and never that nothing is wrong', async () => {
    const cards = await sign([order('o1', 'zzyzxomab 30 mg')], {});
    expect(cards).toHaveLength(1);
    expect(cards[0]?.detail).toContain('allergies: not sent');
    expect(cards[0]?.detail).toContain('zzyzxomab 30 mg: No drug');
    expect(JSON.stringify(cards).toLowerCase()).not.toContain('no interaction');
  });

  it('reads what is not FHIR as nothing, and refuses another hook', async () => {
    const odd = {
      patient: null,
      medications: 'none',
      allergies: [1, 2],
      conditions: { resourceType: 'Bundle', entry: 'x' },
      observations: {},
    };
    expect((await sign([order('o1', 'folic acid'), { resourceType: 5 }], odd)).length).toBeGreaterThan(0);
    const payload = { hook: 'order-select', hookInstance: 'd', context: { draftOrders: {} } };
    expect((await app.inject({ method: 'POST', url: '/cds-services/drug-safety-order-sign', payload })).statusCode).toBe(400);
  });
});

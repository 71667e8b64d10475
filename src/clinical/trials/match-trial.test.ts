import { describe, expect, it } from 'vitest';
import type { RecordEntry } from '../../contract/patient-record.ts';
import { judgeCriterion } from './judge-criterion.ts';
import { compareMatches, distanceKm, matchTrial, type Trial } from './match-trial.ts';
import { factsOf, type PatientFacts } from './patient-facts.ts';
import { readAge, readCriteria } from './read-criteria.ts';

const NOW = new Date('2026-06-15T00:00:00Z');

function entry(kind: RecordEntry['kind'], text: string, more: Partial<RecordEntry> = {}): RecordEntry {
  const nothing = { ended_at: null, value: null, unit: null, value_text: null, details: {}, source: 'fhir', source_id: null } as const;
  return {
    ...nothing,
    id: `id-${text}`,
    kind,
    codes: [],
    text,
    status: 'active',
    started_at: '2026-01-10',
    recorded_at: NOW.toISOString(),
    ...more,
  };
}
function lab(code: string, value: number, unit: string, started_at = '2026-03-01'): RecordEntry {
  return entry('observation', code, { codes: [{ system: 'http://loinc.org', code }], value, unit, started_at });
}
function facts(
  record: RecordEntry[],
  {
    birthDate = '19600701',
    sex = 'F',
    synonyms = {},
  }: { birthDate?: string | null; sex?: string | null; synonyms?: Record<string, string[]> } = {},
): PatientFacts {
  return factsOf({ birthDate, sex, record }, new Map(Object.entries(synonyms)), NOW);
}
const judge = (text: string, known: PatientFacts, kind: 'inclusion' | 'exclusion' = 'inclusion') => judgeCriterion({ kind, text }, known);
const statusOf = (text: string, known: PatientFacts) => judge(text, known).status;

describe('Criteria of a registration', () => {
  it('are its bullets under their headings, with what is indented below them', () => {
    const text = `Inclusion Criteria:

* Age \\>= 18 years
* One of:

  * Asthma
  * COPD
1. Signed consent,
   in writing

Key Exclusion Criteria

- Pregnancy
Exclusion Criteria: Active cancer`;
    expect(readCriteria(text)).toEqual([
      { kind: 'inclusion', text: 'Age >= 18 years' },
      { kind: 'inclusion', text: 'One of; Asthma; COPD' },
      { kind: 'inclusion', text: 'Signed consent, in writing' },
      { kind: 'exclusion', text: 'Pregnancy' },
      { kind: 'exclusion', text: 'Active cancer' },
    ]);
  });

  it('have ages in years, whatever their unit', () => {
    expect([readAge('18 Years'), readAge('6 Months'), readAge('N/A'), readAge(undefined)]).toEqual([18, 0.5, null, null]);
  });
});

describe('A criterion held against a record', () => {
  // Born 1 July 1960: 65 on the day.
  it.each([
    ['Age 18 to 65 years', 'met'],
    ['Aged ≥ 18 and < 65 years', 'not_met'],
    ['Men and women, 18 years of age or older', 'met'],
    ['Female, age at least 70 years', 'not_met'],
    ['Males only', 'unknown'],
    ['Male subjects', 'not_met'],
    ['Age-related macular degeneration', 'unknown'],
    ['Age over 50 years with three risk factors', 'unknown'],
  ])('by age and sex: %s is %s', (text, status) => {
    expect(statusOf(text, facts([]))).toBe(status);
  });

  it('is unknown where age or sex is not known', () => {
    expect(statusOf('Age 18 to 65 years', facts([], { birthDate: '1960' }))).toBe('unknown');
    expect(statusOf('Female subjects', facts([], { sex: 'O' }))).toBe('unknown');
  });

  it('of pregnancy is decided by sex or by the record, never by silence', () => {
    expect(judge('Pregnant or breastfeeding women', facts([], { sex: 'M' }), 'exclusion')).toMatchObject({
      status: 'not_met',
      speaks: 'for',
    });
    expect(statusOf('Pregnant or lactating', facts([]))).toBe('unknown');
    expect(statusOf('Pregnancy', facts([entry('condition', 'Normal pregnancy')]))).toBe('met');
  });

  it.each([
    ['eGFR ≥ 30 mL/min/1.73m2', 'met'],
    ['eGFR < 30 mL/min/1.73 m^2 at screening', 'not_met'],
    ['Platelets ≥ 100,000/mm3', 'met'],
    ['Platelet count > 200 x 10^9/L', 'not_met'],
    ['Hemoglobin at least 9 g/dL', 'met'],
    ['Hemoglobin >= 90 g/L', 'met'],
    ['HbA1c between 7 and 10 %', 'unknown'],
    ['Bilirubin <= 1.5 x ULN', 'unknown'],
    ['eGFR < 60 mL/min/1.73m2 or on dialysis', 'unknown'],
    ['INR > 1.5', 'unknown'],
  ])('by the latest measurement: %s is %s', (text, status) => {
    const record = [
      lab('98979-8', 45, 'mL/min/{1.73_m2}'),
      lab('98979-8', 10, 'mL/min/{1.73_m2}', '2025-09-01'),
      lab('777-3', 150, '10*3/uL'),
      lab('718-7', 12, 'g/dL'),
      lab('4548-4', 8, '%', '2020-01-01'),
    ];
    expect(statusOf(text, facts(record))).toBe(status);
  });

  it.each([
    ['History of asthma', 'met'],
    ['Asthma or cystic fibrosis', 'met'],
    ['No known asthma', 'not_met'],
    ['Heart attack', 'unknown'],
    ['Prior myocardial infarction', 'met'],
    ['Uncontrolled asthma', 'unknown'],
    ['Asthma and heart failure', 'unknown'],
    ['Asthma, unless it is mild', 'unknown'],
    ['Current use of warfarin', 'met'],
    ['Known allergy to iohexol', 'met'],
    ['Known allergy to warfarin', 'unknown'],
    ['Tuberculosis', 'not_met'],
    ['Psoriasis', 'unknown'],
    ['Thyroid asthmatic', 'unknown'],
  ])('by the names of the record: %s is %s', (text, status) => {
    const record = [
      entry('condition', 'Asthma (disorder)'),
      entry('condition', 'Myocardial infarction', { status: 'resolved' }),
      entry('condition', 'Tuberculosis', { status: 'refuted' }),
      entry('medication', 'Warfarin'),
      entry('allergy', 'Iohexol'),
    ];
    expect(statusOf(text, facts(record, { synonyms: { 'myocardial infarction': ['heart attack'] } }))).toBe(status);
  });

  it('names the fact that was used, also where it is not enough', () => {
    const record = [entry('condition', 'Asthma')];
    expect(judge('Severe asthma', facts(record), 'exclusion')).toMatchObject({
      status: 'unknown',
      speaks: 'open',
      data: [{ record_entry_id: 'id-Asthma', text: 'Asthma', date: '2026-01-10' }],
    });
    expect(judge('Asthma', facts(record), 'exclusion')).toMatchObject({ status: 'met', speaks: 'against' });
  });
});

describe('A trial', () => {
  const trial: Trial = {
    nct_id: 'NCT00000001',
    title: 'T',
    status: 'RECRUITING',
    phases: ['PHASE3'],
    conditions: ['Asthma'],
    keywords: [],
    interventions: [],
    summary: '',
    sex: 'all',
    minimum_age: 18,
    maximum_age: 65,
    criteria: 'Inclusion Criteria:\n* Asthma\nExclusion Criteria:\n* Current use of warfarin\n* Signed by a relative',
    locations: [
      { facility: 'A', city: 'Munich', country: 'Germany', status: 'RECRUITING', place: { latitude: 48.137, longitude: 11.575 } },
      { facility: 'B', city: 'Berlin', country: 'Germany', status: 'COMPLETED', place: { latitude: 52.52, longitude: 13.405 } },
    ],
    updated_on: '2026-01-01',
  };
  const known = facts([entry('condition', 'Asthma')]);
  const berlin = { latitude: 52.52, longitude: 13.405 };

  it('is possible while nothing speaks against it, and excluded by one criterion', () => {
    expect(matchTrial(trial, known, { from: null, maxKm: null })).toMatchObject({
      verdict: 'possible',
      counts: { for: 3, against: 0, open: 2 },
      nearest: null,
    });
    const taking = facts([entry('condition', 'Asthma'), entry('medication', 'Warfarin')]);
    expect(matchTrial(trial, taking, { from: null, maxKm: null })).toMatchObject({ verdict: 'excluded', counts: { against: 1 } });
    expect(matchTrial({ ...trial, status: 'COMPLETED' }, known, { from: null, maxKm: null }).verdict).toBe('excluded');
    expect(matchTrial({ ...trial, sex: 'male' }, known, { from: null, maxKm: null }).verdict).toBe('excluded');
  });

  it('is as far as its nearest place that takes patients in (Munich to Berlin: 504 km)', () => {
    const near = matchTrial(trial, known, { from: berlin, maxKm: 100 });
    expect(near.nearest).toMatchObject({ facility: 'A' });
    expect(near.nearest?.distance_km).toBeCloseTo(504, -1);
    expect(near.verdict).toBe('excluded');
    expect(matchTrial(trial, known, { from: berlin, maxKm: 600 }).verdict).toBe('possible');
  });

  it('comes before others when nothing speaks against it, then by what speaks for it, then by distance', () => {
    const match = (against: number, forIt: number, km: number | null) => ({
      counts: { for: forIt, against, open: 0 },
      nearest: km === null ? null : { facility: '', city: '', country: '', distance_km: km },
    });
    const [a, b, c, d] = [match(0, 3, 10), match(0, 3, 90), match(0, 1, 1), match(1, 9, 1)] as const;
    expect([d, c, b, a].sort(compareMatches)).toEqual([a, b, c, d]);
  });

  it('is measured along the surface of the earth: a quarter of it is 10 007.5 km', () => {
    expect(distanceKm({ latitude: 0, longitude: 0 }, { latitude: 90, longitude: 0 })).toBeCloseTo(10_007.56, 1);
    expect(distanceKm(berlin, berlin)).toBe(0);
  });
});

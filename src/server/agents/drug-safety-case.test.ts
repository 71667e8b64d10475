import { beforeAll, describe, expect, it } from 'vitest';
import { compileKnowledge, type Knowledge } from '../../clinical/drug-safety/compile.ts';
import type { RecordEntry } from '../../contract/patient-record.ts';
import { bundledTables } from '../clinical/drug-knowledge.ts';
import { drugSafetyCase } from './drug-safety-case.ts';
import { relevantHistory } from './relevant-history.ts';

const NOW = new Date('2026-06-01T12:00:00.000Z');

let count = 0;
function entry(kind: RecordEntry['kind'], text: string, more: Partial<RecordEntry> = {}): RecordEntry {
  count += 1;
  return {
    id: `00000000-0000-7000-8000-${String(count).padStart(12, '0')}`,
    kind,
    codes: [],
    text,
    status: 'active',
    started_at: '2026-05-01',
    ended_at: null,
    value: null,
    unit: null,
    value_text: null,
    details: {},
    source: 'person',
    source_id: null,
    recorded_at: '2026-05-01T00:00:00.000Z',
    ...more,
  };
}
const lab = (loinc: string, value: number, unit: string, started_at = '2026-05-01'): RecordEntry =>
  entry('observation', loinc, { codes: [{ system: 'http://loinc.org', code: loinc }], value, unit, started_at });

describe('the question to the rules on drugs', () => {
  let knowledge: Knowledge;
  beforeAll(async () => {
    knowledge = compileKnowledge([await bundledTables()]);
  });
  const caseOf = (entries: RecordEntry[], patient: { birth_date: string | null; sex: string | null } = { birth_date: null, sex: null }) =>
    drugSafetyCase(knowledge, { entries, patient, exam: null, now: NOW });

  it('has what is active alone, and says of each fact where it is from', () => {
    const { request, facts } = caseOf(
      [
        entry('medication', 'metformin 500 mg', { details: { frequency: 'bid' } }),
        entry('medication', 'warfarin', { status: 'unknown' }),
        entry('medication', 'ibuprofen', { ended_at: '2026-01-01T00:00:00.000Z' }),
        entry('condition', 'Asthma', { status: 'resolved' }),
        entry('allergy', 'penicillin', { status: 'unknown' }),
        entry('allergy', 'latex', { status: 'refuted' }),
      ],
      { birth_date: '19560601', sex: 'F' },
    );
    expect(request).toMatchObject({ medications: ['metformin 500 mg bid'], allergies: ['penicillin'], conditions: [] });
    expect(request.patient).toEqual({ age_years: 70, sex: 'female' });
    expect(facts.map(({ name }) => name)).toEqual(['age_years', 'sex']);
  });

  it('takes the latest plausible value, in the unit of the rules, and none that is old', () => {
    const { request } = caseOf([
      lab('2160-0', 88.4, 'umol/L', '2026-04-01'),
      lab('2160-0', 176.8, 'umol/L', '2026-05-01'),
      lab('2160-0', 9_999, 'mg/dL', '2026-05-20'),
      lab('2160-0', 3, 'furlongs', '2026-05-21'),
      lab('98979-8', 24, 'mL/min/{1.73_m2}', '2024-01-01'),
      lab('29463-7', 154.32358, '[lb_av]', '2025-12-01'),
    ]);
    expect(request.patient).toEqual({ creatinine_mg_dl: 2, weight_kg: expect.closeTo(70, 3) });
  });

  it('asks by the code where the text names no drug that is known', () => {
    const [key = ''] = [...knowledge.codes.keys()].filter((known) => known.startsWith('atc:'));
    const code = key.slice('atc:'.length);
    const codes = [{ system: 'http://www.whocc.no/atc', code }];
    expect(caseOf([entry('medication', 'the blue one', { codes })]).request.medications).toEqual([{ system: 'atc', code }]);
    expect(caseOf([entry('medication', 'the blue one')]).request.medications).toEqual(['the blue one']);
  });
});

describe('the relevant history', () => {
  it('names the rule of each fact, and of each measurement shows the latest of the year', () => {
    const report = relevantHistory(
      [
        entry('condition', 'COPD'),
        entry('condition', 'Fracture', { status: 'resolved' }),
        lab('718-7', 11, 'g/dL', '2026-01-01'),
        lab('718-7', 13, 'g/dL', '2026-05-01'),
        lab('718-7', 12, 'g/dL', '2026-03-01'),
        lab('4548-4', 7, '%', '2024-05-01'),
      ],
      NOW,
    );
    expect(report.conditions).toMatchObject([{ text: 'COPD', rule: 'active-condition' }]);
    expect(report.labs).toMatchObject([{ value: 13, unit: 'g/dL', rule: 'latest-of-the-year' }]);
    expect([report.medications, report.allergies]).toEqual([[], []]);
  });
});

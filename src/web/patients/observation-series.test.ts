import { expect, it } from 'vitest';
import type { RecordEntry } from '../../contract/patient-record.ts';
import { seriesOf } from './observation-series.ts';

let count = 0;
const observation = (change: Partial<RecordEntry>): RecordEntry => ({
  id: String(++count),
  kind: 'observation',
  codes: [{ system: 'http://loinc.org', code: '2160-0' }],
  text: 'Creatinine',
  status: 'active',
  started_at: '2026-01-01',
  ended_at: null,
  value: 1,
  unit: 'mg/dL',
  value_text: null,
  details: {},
  source: 'fhir',
  source_id: null,
  recorded_at: '2026-01-01T00:00:00.000Z',
  ...change,
});

it('values of one code and unit make a line in the order of time', () => {
  const { series } = seriesOf([observation({ started_at: '2026-02-01', value: 2 }), observation({ started_at: '2025-02-01' })]);
  expect(series).toHaveLength(1);
  expect(series[0]?.points.map(({ value }) => value)).toEqual([1, 2]);
});

it('values of different units, single ones, words and what was refuted make none, and are not lost', () => {
  const entries = [
    observation({}),
    observation({ unit: 'umol/L', value: 88 }),
    observation({ value: null, value_text: 'normal' }),
    observation({ status: 'refuted' }),
    observation({ status: 'refuted' }),
  ];
  const { series, others } = seriesOf(entries);
  expect([series, others.length]).toEqual([[], 5]);
});

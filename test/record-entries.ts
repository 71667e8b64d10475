import type { RecordEntry } from '../src/contract/patient-record.ts';

let count = 0;

/** An entry of a record with a new id; what is not given is not known. */
export function recordEntry(entry: Partial<RecordEntry> & Pick<RecordEntry, 'kind' | 'text'>): RecordEntry {
  count += 1;
  return {
    id: `00000000-0000-7000-8000-${String(count).padStart(12, '0')}`,
    codes: [],
    status: entry.kind === 'observation' || entry.kind === 'procedure' ? 'unknown' : 'active',
    started_at: null,
    ended_at: null,
    value: null,
    unit: null,
    value_text: null,
    details: {},
    source: 'person',
    source_id: null,
    recorded_at: '2026-01-01T00:00:00.000Z',
    ...entry,
  };
}

/** A measured value by its LOINC code. */
export function measured(loinc: string, value: number, unit: string, at: string): RecordEntry {
  return recordEntry({
    kind: 'observation',
    text: loinc,
    codes: [{ system: 'http://loinc.org', code: loinc }],
    value,
    unit,
    started_at: at,
  });
}

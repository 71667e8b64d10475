import { describe, expect, it } from 'vitest';
import type { RecordEntry } from '../../contract/patient-record.ts';
import { buildQueries, type QueryFinding } from './build-query.ts';

function finding(id: string, title: string, more: Partial<QueryFinding> = {}): QueryFinding {
  return { id, source: 'model', code: title.toLowerCase(), title, status: 'proposed', confidence: 0.9, ...more };
}

function condition(id: string, text: string, more: Partial<RecordEntry> = {}): RecordEntry {
  const nothing = { ended_at: null, value: null, unit: null, value_text: null, details: {}, source: 'fhir', source_id: null } as const;
  return {
    ...nothing,
    id,
    kind: 'condition',
    codes: [],
    text,
    status: 'active',
    started_at: '2020',
    recorded_at: '2024-01-01T00:00:00.000Z',
    ...more,
  };
}

const textsOf = (input: Parameters<typeof buildQueries>[0]) => buildQueries(input).map(({ text }) => text);

describe('Queries of a case', () => {
  it('ask the question first, then each finding, then findings with diseases at half weight', () => {
    const queries = buildQueries({
      findings: [finding('f1', 'Lung nodule')],
      record: [condition('r1', 'Chronic obstructive bronchitis (disorder)')],
      question: 'Is PET-CT useful?',
    });
    expect(queries).toEqual([
      { text: 'Is PET-CT useful?', weight: 1, because: [{ kind: 'question', id: null }] },
      { text: 'lung nodule', weight: 1, because: [{ kind: 'finding', id: 'f1' }] },
      {
        text: 'lung nodule chronic obstructive bronchitis',
        weight: 0.5,
        because: [
          { kind: 'finding', id: 'f1' },
          { kind: 'record', id: 'r1' },
        ],
      },
    ]);
  });

  it('leave out rejected and normal findings, sizes, sides and doubts, and ask for the same thing once, the surest first', () => {
    const findings = [
      finding('f1', 'Probable left upper pulmonary nodule, 7.5 mm', { confidence: 0.6 }),
      finding('f2', 'Pulmonary nodule', { confidence: 0.4 }),
      finding('f3', 'Effusion', { status: 'rejected' }),
      finding('f4', 'Normal', { code: 'normal' }),
      finding('f5', 'Cardiomegaly', { confidence: null }),
    ];
    expect(textsOf({ findings, record: [], question: null })).toEqual(['cardiomegaly', 'pulmonary nodule']);
  });

  it('use active diseases only, the newest first, and no social findings', () => {
    const record = [
      condition('r1', 'Full-time employment (finding)'),
      condition('r2', 'Asthma', { status: 'resolved' }),
      condition('r3', 'Hypertension', { started_at: '2001' }),
      condition('r4', 'Lupus', { started_at: '2022-05' }),
      condition('r5', 'Aspirin', { kind: 'medication' }),
    ];
    expect(textsOf({ findings: [finding('f1', 'Edema')], record, question: ' ' })).toEqual(['edema', 'edema lupus', 'edema hypertension']);
  });

  it('are none where there is nothing to ask', () => {
    expect(buildQueries({ findings: [], record: [condition('r1', 'Asthma')], question: null })).toEqual([]);
  });
});

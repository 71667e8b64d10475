import { describe, expect, it } from 'vitest';
import { dataFiles, hasSharedData } from '../../../test/data.ts';
import { bundledDrugTables } from '../../../test/knowledge.ts';
import { measured, recordEntry } from '../../../test/record-entries.ts';
import { syntheaRecord } from '../../../test/synthea-record.ts';
import type { RecordEntry } from '../../contract/patient-record.ts';
import { compileKnowledge } from '../drug-safety/compile.ts';
import { readKnowledgeTables } from '../drug-safety/read-tables.ts';
import { SCORES } from '../scores/registry.ts';
import { type ScoredPatient, scoresFromRecord } from './recorded-scores.ts';
import { sourceOfInput } from './score-sources.ts';

const { files, manifest } = bundledDrugTables();
const knowledge = compileKnowledge([readKnowledgeTables(files, manifest)]);
const now = new Date('2026-06-01T12:00:00.000Z');

const scores = (entries: readonly RecordEntry[], patient: Partial<ScoredPatient> = {}) =>
  scoresFromRecord({ key: 'p1', birthDate: '19760301', sex: 'M', entries, knowledge, now, ...patient });
const score = (id: string, entries: readonly RecordEntry[], patient: Partial<ScoredPatient> = {}) => {
  const found = scores(entries, patient).find(({ result }) => result.score === id);
  if (!found) throw new Error(`No score ${id}`);
  return found;
};
const condition = (text: string, more: Partial<RecordEntry> = {}) => recordEntry({ kind: 'condition', text, ...more });

describe('scores filled from the record', () => {
  it('computes eGFR of a man of 50 from 88.4 umol/L (Inker 2021: 91.7), with source and age of each input', () => {
    const creatinine = measured('14682-9', 88.4, 'umol/L', '2026-05-22');
    const { result, inputs } = score('egfr-ckd-epi-2021-cr', [measured('2160-0', 3, 'mg/dL', '2025-12-01'), creatinine]);
    expect(result).toMatchObject({ value: 91.7, missing: [] });
    expect(inputs).toEqual([
      { name: 'age', value: 50, at: null, age_days: null, from: [{ kind: 'patient', id: 'p1' }] },
      { name: 'sex', value: 'male', at: null, age_days: null, from: [{ kind: 'patient', id: 'p1' }] },
      {
        name: 'creatinine',
        value: { value: 1, unit: 'mg/dL' },
        at: '2026-05-22',
        age_days: 10,
        from: [{ kind: 'entry', id: creatinine.id }],
      },
    ]);
  });

  it('leaves missing what the record does not show, so that the score is a range', () => {
    const { result } = score('cha2ds2-vasc', [condition('Essential hypertension', { started_at: '2010' })], { birthDate: '1946-01-01' });
    // 80 years 2, hypertension 1; heart failure, diabetes, stroke (2) and vascular disease are not known.
    expect(result).toMatchObject({ value: null, range: { min: 3, max: 8 } });
    expect(result.missing.sort()).toEqual(['diabetes', 'heart_failure', 'stroke', 'vascular_disease']);
  });

  it('does not take a value that is too old, of the future or not plausible', () => {
    const old = measured('2160-0', 1, 'mg/dL', '2025-05-31');
    const late = score('egfr-ckd-epi-2021-cr', [old]);
    expect(late.result.missing).toContain('creatinine');
    expect(late.not_used).toEqual([
      { name: 'creatinine', reason: expect.stringContaining('366 days'), from: [{ kind: 'entry', id: old.id }] },
    ]);
    expect(score('egfr-ckd-epi-2021-cr', [measured('2160-0', 1, 'mg/dL', '2025-06-01')]).not_used).toEqual([]);
    expect(score('egfr-ckd-epi-2021-cr', [measured('2160-0', 1, 'mg/dL', '2026-06-02')]).result.missing).toContain('creatinine');
    const wild = score('egfr-ckd-epi-2021-cr', [measured('2160-0', 99, 'mg/dL', '2026-05-31')]);
    expect(wild.not_used).toEqual([expect.objectContaining({ name: 'creatinine', reason: expect.stringContaining('plausible') })]);
  });

  it('takes vital signs only of the last day', () => {
    const at = (day: string) => [measured('8480-6', 85, 'mm[Hg]', day), measured('9279-1', 24, '/min', day)];
    expect(score('qsofa', at('2026-06-01T08:00:00Z')).result).toMatchObject({ range: { min: 2, max: 3 } });
    expect(score('qsofa', at('2026-05-29T08:00:00Z')).result).toMatchObject({ range: { min: 0, max: 3 } });
  });

  it('reads Charlson from ICD-10 by Quan 2005, and from words where there is no code', () => {
    const icd10 = (code: string) =>
      condition(code, { codes: [{ system: 'http://hl7.org/fhir/sid/icd-10', code }], status: 'resolved', started_at: '2015' });
    const { inputs } = score('charlson', [icd10('E11.22'), icd10('C78.0'), condition('Alzheimer disease')]);
    expect(inputs.map(({ name }) => name).sort()).toEqual(['age', 'dementia', 'diabetes_with_organ_damage', 'metastatic_tumor']);
  });

  it('sets drug flags by class, of what is taken now', () => {
    const aspirin = recordEntry({ kind: 'medication', text: 'Plavix 75 mg' });
    expect(score('has-bled', [aspirin]).inputs).toContainEqual(expect.objectContaining({ name: 'drugs', value: true }));
    expect(score('has-bled', [{ ...aspirin, status: 'inactive' }]).inputs.map(({ name }) => name)).toEqual(['age']);
  });

  it('counts a fresh thrombosis as no former one', () => {
    const at = (started_at: string) => condition('Pulmonary embolism', { started_at });
    expect(score('wells-pe', [at('2026-05-20')]).inputs).toEqual([]);
    expect(score('wells-pe', [at('2026-04-01')]).inputs).toEqual([expect.objectContaining({ name: 'previous_vte', value: true })]);
  });

  it('gives urea or urea nitrogen, not both', () => {
    const entries = [measured('22664-7', 9, 'mmol/L', '2026-06-01'), measured('3094-0', 25, 'mg/dL', '2026-06-01')];
    expect(score('curb-65', entries).inputs.map(({ name }) => name)).toEqual(['urea', 'age']);
    expect(score('curb-65', entries.slice(1)).inputs.map(({ name }) => name)).toEqual(['urea_nitrogen', 'age']);
  });

  it('never says no: every flag that it gives is true, whatever the record', () => {
    const entries = [condition('Family history of diabetes'), condition('No evidence of heart failure'), condition('Dementia')];
    const flags = scores(entries.map((entry) => ({ ...entry, status: entry.text === 'Dementia' ? 'refuted' : 'active' })))
      .flatMap(({ inputs }) => inputs)
      .filter(({ value }) => typeof value === 'boolean');
    expect(flags).toEqual([]);
  });

  it('knows a source only for inputs that exist', () => {
    const named = SCORES.flatMap(({ id, inputs }) => Object.keys(inputs).filter((name) => sourceOfInput(id, name) !== undefined));
    expect(named.length).toBeGreaterThan(100);
    expect(scores([])).toHaveLength(SCORES.length);
  });
});

describe.skipIf(!hasSharedData)('Synthea patients (needs ../shared/data)', () => {
  it('are scored without an error, and every input names its source', () => {
    for (const name of dataFiles('synthea-r4')) {
      const { birthDate, sex, entries } = syntheaRecord(name);
      const days = entries.flatMap(({ kind, started_at }) => (kind === 'observation' && started_at !== null ? [started_at] : []));
      const filled = scores(entries, { birthDate, sex, now: new Date(days.sort().at(-1) ?? '') });
      expect(filled.flatMap(({ inputs }) => inputs).every(({ from }) => from.length > 0)).toBe(true);
      expect(filled.find(({ result }) => result.score === 'bsa-mosteller')?.result.value).toBeGreaterThan(0);
    }
  });
});

import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { dataFiles, hasSharedData } from '../../../test/data.ts';
import { bundledDrugTables } from '../../../test/knowledge.ts';
import { measured, recordEntry } from '../../../test/record-entries.ts';
import { syntheaRecord } from '../../../test/synthea-record.ts';
import { HistorySynthesis } from '../../contract/history.ts';
import type { RecordEntry } from '../../contract/patient-record.ts';
import { compileKnowledge } from '../drug-safety/compile.ts';
import { readKnowledgeTables } from '../drug-safety/read-tables.ts';
import { mannKendall } from './lab-trends.ts';
import { regionsInText, regionsOf } from './regions.ts';
import { type HistoryInput, synthesizeHistory } from './synthesize.ts';

const { files, manifest } = bundledDrugTables();
const knowledge = compileKnowledge([readKnowledgeTables(files, manifest)]);
const now = new Date('2026-06-01T08:00:00.000Z');
const CHEST_CT = {
  study_instance_uid: '2.25.1',
  study_date: '20260601',
  description: 'CT chest',
  modalities: ['CT'],
  body_parts: ['CHEST'],
};

const synthesize = (entries: readonly RecordEntry[], more: Partial<HistoryInput> = {}) =>
  synthesizeHistory({ entries, studies: [], reports: [], birthDate: '1960-03-05', knowledge, now, ...more });
const rules = (entries: readonly RecordEntry[], more: Partial<HistoryInput> = {}): string[] =>
  synthesize(entries, more).patterns.map(({ rule }) => rule);
const ids = (...entries: readonly RecordEntry[]) => entries.map(({ id }) => ({ kind: 'entry', id }));
const medication = (text: string, more: Partial<RecordEntry> = {}) => recordEntry({ kind: 'medication', text, ...more });
const condition = (text: string, more: Partial<RecordEntry> = {}) => recordEntry({ kind: 'condition', text, ...more });

describe('the timeline', () => {
  it('tells what two sources say of one event once, with both and the more exact date', () => {
    const coded = condition('Asthma', { codes: [{ system: 'http://snomed.info/sct', code: '195967001' }], started_at: '2019-05-04' });
    const typed = condition('asthma', { started_at: '2019-05-04T10:00:00Z' });
    const { timeline } = synthesize([coded, typed, condition('Asthma', { started_at: '2021-01-01' })]);
    expect(timeline).toHaveLength(2);
    expect(timeline[1]).toMatchObject({ at: '2019-05-04T10:00:00Z', from: ids(coded, typed) });
  });

  it('puts entries, studies and reports in one order, the newest first, and what has no date last', () => {
    const { timeline } = synthesize([condition('Migraine'), condition('Asthma', { started_at: '2020' })], {
      studies: [{ ...CHEST_CT, study_date: '20240105' }],
      reports: [{ id: 'r1', study_instance_uid: '2.25.1', signed_at: '2024-01-06T09:00:00.000Z', impression: 'Nodule of 7 mm' }],
    });
    expect(timeline.map(({ title }) => title)).toEqual(['Nodule of 7 mm', 'CT, CT chest', 'Asthma', 'Migraine']);
  });

  it('joins the measurements of a day and leaves out what was refuted', () => {
    const { timeline } = synthesize([
      measured('718-7', 13, 'g/dL', '2026-01-01T08:00:00Z'),
      measured('777-3', 250, '10*3/uL', '2026-01-01T08:00:00Z'),
      condition('Epilepsy', { status: 'refuted' }),
    ]);
    expect(timeline).toHaveLength(1);
    expect(timeline[0]).toMatchObject({ kind: 'observations', at: '2026-01-01' });
    expect(timeline[0]?.from).toHaveLength(2);
  });
});

describe('trends and changes of measurements', () => {
  it('finds a steady rise over values in different units (Mann 1945)', () => {
    const values = [
      measured('2160-0', 0.9, 'mg/dL', '2022-01-10'),
      measured('14682-9', 88.4, 'umol/L', '2023-01-10'),
      measured('2160-0', 1.1, 'mg/dl', '2024-01-10'),
      measured('14682-9', 106.08, 'µmol/L', '2025-01-10'),
      measured('2160-0', 1.3, 'mg/dL', '2026-01-10'),
    ];
    const [pattern] = synthesize(values).patterns;
    expect(pattern).toMatchObject({ kind: 'trend', title: 'Creatinine rising: 0.9 to 1.3 mg/dL', from: ids(...values) });
    expect(pattern?.series?.points.map(({ value }) => value)).toEqual([0.9, 1, 1.1, 1.2, 1.3]);
  });

  it('gives the exact probabilities of Kendall: n = 5 in order 2/120, n = 4 in order 2/24', () => {
    expect(mannKendall([1, 2, 3, 4, 5])).toEqual({ s: 10, p: 2 / 120 });
    expect(mannKendall([4, 3, 2, 1])).toEqual({ s: -6, p: 2 / 24 });
    expect(mannKendall([1, 1, 1, 1, 1]).p).toBe(1);
    // Normal approximation with continuity correction: z = 44 / sqrt(125) for ten in order with one tie of two (variance 125 - 1).
    expect(mannKendall([1, 2, 3, 4, 5, 6, 7, 8, 9, 9]).p).toBeCloseTo(0.0001, 4);
  });

  it('tells no trend of four values, of values that go up and down, or of a growing child', () => {
    const series = (...values: number[]) => values.map((value, index) => measured('777-3', value, '10*9/L', `${2021 + index}-02-01`));
    expect(rules(series(200, 210, 220, 230))).toEqual([]);
    expect(rules(series(200, 260, 190, 250, 210))).toEqual([]);
    const heights = [100, 107, 113, 119, 125].map((value, index) => measured('8302-2', value, 'cm', `${2021 + index}-02-01`));
    expect(rules(heights, { birthDate: '2016-05-05' })).toEqual([]);
  });

  it('meets the definition of acute kidney injury at 1.5 times within 7 days, not below (KDIGO 2012)', () => {
    const at = (value: number) => [
      measured('2160-0', 1, 'mg/dL', '2026-05-01T08:00:00Z'),
      measured('2160-0', value, 'mg/dL', '2026-05-07T08:00:00Z'),
    ];
    expect(rules(at(1.5))).toContain('creatinine-kdigo-aki');
    expect(rules(at(1.49))).toEqual([]);
  });

  it('meets it at 0.3 mg/dL within 48 hours, not at 0.2', () => {
    const at = (value: number) => [
      measured('2160-0', 1, 'mg/dL', '2026-05-01T08:00:00Z'),
      measured('2160-0', value, 'mg/dL', '2026-05-03T08:00:00Z'),
    ];
    expect(rules(at(1.3))).toContain('creatinine-kdigo-aki');
    expect(rules(at(1.2))).toEqual([]);
  });

  it('tells a low eGFR only if it lasts for more than 3 months until now (KDIGO 2012)', () => {
    const low = (...values: [number, string][]) => values.map(([value, at]) => measured('33914-3', value, 'mL/min/{1.73_m2}', at));
    expect(rules(low([50, '2025-01-01'], [55, '2025-05-01']))).toContain('egfr-kdigo-ckd');
    expect(rules(low([50, '2025-01-01'], [65, '2025-05-01']))).not.toContain('egfr-kdigo-ckd');
    expect(rules(low([50, '2025-01-01'], [55, '2025-03-01']))).not.toContain('egfr-kdigo-ckd');
  });

  it('names a value whose unit does not convert and concludes nothing from it', () => {
    const odd = measured('718-7', 13, 'mg', '2026-01-01');
    const { patterns, not_used } = synthesize([odd]);
    expect(patterns).toEqual([]);
    expect(not_used).toContainEqual({ from: { kind: 'entry', id: odd.id }, reason: expect.stringContaining('unit') });
  });
});

describe('conflicts', () => {
  it('a drug both taken and stopped, also under its brand', () => {
    const taken = medication('Coumadin 5 mg daily', { started_at: '2026-01-01' });
    const stopped = medication('warfarin', { status: 'inactive', started_at: '2026-01-01', ended_at: '2026-03-01' });
    expect(synthesize([taken, stopped]).patterns).toContainEqual(
      expect.objectContaining({ rule: 'drug-active-and-stopped', from: ids(taken, stopped) }),
    );
  });

  it('an earlier course that ended before the present one is none', () => {
    const taken = medication('warfarin 5 mg', { started_at: '2026-01-01' });
    const earlier = medication('warfarin 5 mg', { status: 'inactive', started_at: '2020-01-01', ended_at: '2020-06-01' });
    const undated = medication('warfarin 5 mg', { status: 'inactive', started_at: '2021-01-01' });
    expect(rules([taken, earlier, undated])).not.toContain('drug-active-and-stopped');
  });

  it('an allergy to a drug that is taken, by side chain (Romano 2021), and not to one that shares none', () => {
    const allergy = recordEntry({ kind: 'allergy', text: 'amoxicillin' });
    const cross = medication('cefalexin 500 mg');
    expect(synthesize([allergy, cross]).patterns).toContainEqual(
      expect.objectContaining({ rule: 'allergy-to-active-drug', from: ids(allergy, cross), citation: expect.stringContaining('Romano') }),
    );
    expect(rules([allergy, medication('cefazolin 1 g')])).toEqual([]);
    expect(rules([allergy, medication('cefalexin 500 mg', { status: 'inactive' })])).toEqual([]);
  });

  it('a problem present and refuted, an allergy beside "no known allergies", dates that cannot be', () => {
    expect(rules([condition('Epilepsy'), condition('Epilepsy', { status: 'refuted' })])).toEqual(['present-and-refuted']);
    expect(rules([recordEntry({ kind: 'allergy', text: 'No known allergies' }), recordEntry({ kind: 'allergy', text: 'latex' })])).toEqual([
      'allergy-and-none',
    ]);
    expect(rules([condition('Asthma', { started_at: '1950-01-01' })])).toEqual(['impossible-date']);
  });
});

describe('gaps and what comes back', () => {
  it('diabetes without hemoglobin A1c for more than 6 months, and not where it is in time', () => {
    const diabetes = condition('Type 2 diabetes mellitus', { started_at: '2015' });
    const creatinine = measured('2160-0', 1, 'mg/dL', '2026-03-01');
    const late = synthesize([diabetes, creatinine, measured('4548-4', 7, '%', '2025-10-01')]);
    expect(late.patterns.map(({ rule }) => rule)).toEqual(['diabetes-hba1c']);
    expect(late.patterns[0]?.title).toContain('last 2025-10-01');
    expect(rules([diabetes, creatinine, measured('4548-4', 7, '%', '2026-01-01')])).toEqual([]);
    expect(rules([condition('Family history of diabetes')])).toEqual([]);
  });

  it('a vitamin K antagonist without an INR in 12 weeks', () => {
    expect(rules([medication('Marcumar 1-0-0')])).toEqual(['vitamin-k-antagonist-inr']);
    expect(rules([medication('Marcumar 1-0-0'), measured('6301-6', 2.4, '{INR}', '2026-04-01')])).toEqual([]);
  });

  it('an overdue recommendation', () => {
    const followUps = [{ id: 'f1', title: 'CT for a nodule', due_to: '2026-05-01', is_open: true }];
    expect(synthesize([], { followUps }).patterns).toEqual([
      expect.objectContaining({ rule: 'follow-up-overdue', from: [{ kind: 'follow_up', id: 'f1' }] }),
    ]);
    expect(rules([], { followUps: followUps.map((one) => ({ ...one, is_open: false })) })).toEqual([]);
  });

  it('counts episodes that begin 30 days apart or more', () => {
    const at = (started_at: string) => condition('Acute bronchitis (disorder)', { status: 'resolved', started_at });
    expect(synthesize([at('2020-01-01'), at('2020-01-20'), at('2021-02-01')]).patterns).toContainEqual(
      expect.objectContaining({ rule: 'recurrent-condition', title: 'Acute bronchitis (disorder): 2 episodes' }),
    );
    expect(rules([at('2020-01-01'), at('2020-01-30')])).toEqual([]);
  });
});

describe('relevance to the present study', () => {
  const relevant = (entries: readonly RecordEntry[], more: Partial<HistoryInput> = {}, question: string | null = null) =>
    synthesize(entries, { present: { study: CHEST_CT, question }, ...more }).relevant;

  it('a chest CT: cancer, lung disease, kidney function and metformin matter, a wrist fracture does not', () => {
    const entries = [
      condition('Fracture of wrist', { status: 'resolved', started_at: '2010' }),
      condition('Malignant tumor of colon', { started_at: '2022-02-01' }),
      condition('Chronic obstructive bronchitis', { codes: [{ system: 'http://snomed.info/sct', code: '185086009' }] }),
      medication('Glucophage 500 mg bid'),
      measured('33914-3', 48, 'mL/min/{1.73_m2}', '2026-05-20'),
    ];
    const found = relevant(entries);
    expect(found.map(({ rule }) => rule)).toEqual(['contrast-kidney', 'contrast-metformin', 'cancer', 'lung-disease']);
    expect(found[0]).toMatchObject({ matters_for: 'safety', title: 'Estimated GFR 48 mL/min/{1.73_m2}, 2026-05-20 (12 days ago)' });
    expect(found.every(({ reason, from }) => reason !== '' && from.length > 0)).toBe(true);
  });

  it('an earlier study of the region with its report, not one of another region', () => {
    const prior = { ...CHEST_CT, study_instance_uid: '2.25.2', study_date: '20250101' };
    const wrist = { ...CHEST_CT, study_instance_uid: '2.25.3', description: 'wrist', body_parts: ['WRIST'], modalities: ['CR'] };
    const reports = [{ id: 'r', study_instance_uid: '2.25.2', signed_at: '2025-01-02T00:00:00Z', impression: 'Nodule 5 mm' }];
    expect(relevant([], { studies: [CHEST_CT, prior, wrist], reports })).toEqual([
      expect.objectContaining({
        rule: 'prior-of-region',
        title: 'CT, CT chest, reported: Nodule 5 mm',
        from: [
          { kind: 'study', id: '2.25.2' },
          { kind: 'report', id: 'r' },
        ],
      }),
    ]);
  });

  it('reads the region from the body part, from the description and from mammography', () => {
    const place = (description: string | null, body_parts: string[] = [], modalities = ['CT']) =>
      regionsOf({ description, body_parts, modalities });
    expect(place('CT CAP')).toEqual(['chest', 'abdomen', 'pelvis']);
    expect(place(null, ['LSPINE'])).toEqual(['spine']);
    expect(place(null, [], ['MG'])).toEqual(['breast']);
    expect(place('Survey')).toEqual([]);
    expect(regionsInText('Lumbar tap')).toEqual(['spine']);
  });

  it('the question decides: former thrombosis matters where embolism is asked for', () => {
    const thrombosis = condition('Deep venous thrombosis', { status: 'resolved', started_at: '2019' });
    expect(relevant([thrombosis], {}, 'Pulmonary embolism?').map(({ rule }) => rule)).toEqual(['embolism']);
    expect(relevant([thrombosis])).toEqual([]);
    const named = relevant([condition('Sjogren syndrome')], {}, 'known sjogren, dyspnea');
    expect(named).toEqual([expect.objectContaining({ rule: 'named-in-question', reason: expect.stringContaining('sjogren') })]);
  });
});

describe.skipIf(!hasSharedData)('Synthea patients (needs ../shared/data)', () => {
  it.each(hasSharedData ? dataFiles('synthea-r4').map((name, index) => [index + 1, name] as const) : [])(
    'patient %i: every entry is in the timeline once, and every statement names entries of the record',
    (_, name) => {
      const { birthDate, entries } = syntheaRecord(name);
      const result = synthesizeHistory({
        entries,
        studies: [CHEST_CT],
        reports: [],
        birthDate,
        knowledge,
        present: { study: CHEST_CT, question: 'cough' },
        now,
      });
      expect([...Value.Errors(HistorySynthesis, result)]).toEqual([]);
      const told = result.timeline.flatMap(({ from }) => from).filter(({ kind }) => kind === 'entry');
      expect(told.map(({ id }) => id).sort()).toEqual(
        entries
          .filter(({ status }) => status !== 'refuted')
          .map(({ id }) => id)
          .sort(),
      );
      const known = new Set(entries.map(({ id }) => id));
      const named = [...result.patterns, ...result.relevant].flatMap(({ from }) => from).filter(({ kind }) => kind === 'entry');
      expect(named.length).toBeGreaterThan(0);
      expect(named.every(({ id }) => known.has(id))).toBe(true);
      expect(result.not_used.filter(({ reason }) => reason.includes('unit'))).toEqual([]);
    },
  );
});

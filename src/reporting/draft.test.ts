import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import type { Analysis } from '../contract/analysis.ts';
import type { Finding } from '../contract/findings.ts';
import { LOCALES, ReportSections } from '../contract/reports.ts';
import { type DraftInput, draftSections } from './draft.ts';

let lastId = 0;
const finding = (changes: Partial<Finding>): Finding => ({
  id: `f${++lastId}`,
  study_instance_uid: '1.2.3',
  series_instance_uid: null,
  sop_instance_uid: null,
  frame: null,
  analysis_id: 'run-1',
  source: 'model',
  code: 'pneumonia',
  title: 'Pneumonia',
  confidence: 0.94,
  threshold: 0.5,
  box: null,
  evidence: {},
  status: 'accepted',
  text: null,
  proposed: null,
  reason: null,
  reviewed_by: null,
  reviewed_at: null,
  disclaimer: null,
  created_at: '2026-11-21T08:00:00.000Z',
  ...changes,
});
const nodule = (diameter_mm: number, side: 'left' | 'right', changes: Partial<Finding> = {}) =>
  finding({ code: 'lung-nodule', evidence: { diameter_mm, side, kind: 'solid' }, ...changes });
const emphysema = (changes: Partial<Finding> = {}) => finding({ code: 'emphysema', evidence: { laa950_percent: 12.4 }, ...changes });

const run = (changes: Partial<Analysis>): Analysis => ({
  id: 'run-1',
  study_instance_uid: '1.2.3',
  series_instance_uid: '1.2.3.4',
  sop_instance_uid: null,
  model_id: 'ct-lung',
  model_version: '1.0.0',
  model_digest: 'd',
  input_digest: null,
  parameters: {},
  status: 'succeeded',
  reason: null,
  scores: [],
  measurements: [],
  has_heatmap: false,
  out_of_distribution_score: null,
  disclaimer: '',
  started_at: null,
  finished_at: null,
  duration_ms: null,
  ...changes,
});
const laa950 = { name: 'laa950', title: 'LAA-950', value: 12.4, unit: '%', sop_instance_uid: null };
const volume = { name: 'lung-volume-total', title: 'Volume', value: 5243, unit: 'mL', sop_instance_uid: null };

const input = (changes: Partial<DraftInput> = {}): DraftInput => ({
  study: { modalities: ['CT'], series_count: 2, instance_count: 312, description: null, is_synthetic: false },
  findings: [],
  analyses: [],
  locale: 'en',
  ...changes,
});

describe('the draft of a report', () => {
  it('holds the accepted findings by severity, nodules from the largest, right before left', () => {
    const { sections } = draftSections(
      input({ findings: [emphysema(), nodule(6, 'left'), nodule(6, 'right'), nodule(9, 'left'), finding({ confidence: null })] }),
    );
    expect(sections.findings.split('\n')).toEqual([
      'Findings consistent with pneumonia.',
      'Solid nodule in the left lung, diameter 9.0\u00a0mm.',
      'Solid nodule in the right lung, diameter 6.0\u00a0mm.',
      'Solid nodule in the left lung, diameter 6.0\u00a0mm.',
      'Emphysema: 12.4% of the lung below \u2212950\u00a0HU (LAA-950).',
    ]);
    expect(sections.impression).toBe(
      '1. Findings consistent with pneumonia.\n2. 3 lung nodules, the largest 9.0\u00a0mm (solid, in the left lung).\n3. Emphysema (LAA-950 12.4%).',
    );
  });

  it("tells the reader's own findings first and in the reader's words", () => {
    const own = finding({ source: 'person', code: 'person', title: 'Effusion', text: 'Small effusion on the right.' });
    const { sections, findingIds } = draftSections(input({ findings: [finding({ id: 'model' }), own] }));
    expect(sections.findings.split('\n')[0]).toBe('Effusion: Small effusion on the right.');
    expect(findingIds).toEqual([own.id, 'model']);
  });

  it('claims no normality and no recommendation where nothing was accepted', () => {
    const { sections, findingIds } = draftSections(input({ findings: [finding({ status: 'rejected' })], analyses: [run({})] }));
    expect(findingIds).toEqual([]);
    expect(sections.findings).toBe('No AI finding was accepted by the reader. The assessment of the reader is to be written here.');
    expect(sections.impression).toBe('To be written by the reader.');
    expect(Object.values(sections).join(' ')).not.toMatch(/normal|unremarkable|no evidence|no pneumonia/i);
  });

  it('never lets a rejected or undecided finding, or its words, into any section (E-38)', () => {
    const word = fc.stringMatching(/^[A-Z]{12}$/);
    const decided = fc.record({
      status: fc.constantFrom('accepted', 'edited', 'rejected', 'proposed'),
      code: fc.constantFrom('pneumonia', 'lung-nodule', 'emphysema', 'other'),
      source: fc.constantFrom('model', 'person'),
      title: word,
      text: fc.oneof(word, fc.constant(null)),
      location: word,
    } as const);
    fc.assert(
      fc.property(fc.array(decided, { maxLength: 8 }), fc.constantFrom(...LOCALES), (all, locale) => {
        const findings = all.map(({ location, ...rest }) => finding({ ...rest, evidence: { location } }));
        const { sections, findingIds } = draftSections(input({ findings, locale, analyses: [run({ measurements: [volume] })] }));
        const text = Object.values(sections).join('\n');
        for (const [index, one] of findings.entries()) {
          const isIn = one.status === 'accepted' || one.status === 'edited';
          expect(findingIds.includes(one.id)).toBe(isIn);
          if (isIn && one.status === 'edited' && one.text !== null) expect(sections.findings).toContain(one.text);
          if (isIn) continue;
          for (const hidden of [one.title, one.text, all[index]?.location]) if (hidden) expect(text).not.toContain(hidden);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is the same whatever order the findings come in', () => {
    const findings = [emphysema(), nodule(6, 'left'), nodule(6, 'left'), finding({}), finding({ code: 'other', title: 'Other' })];
    expect(draftSections(input({ findings: findings.toReversed() }))).toEqual(draftSections(input({ findings })));
  });
});

describe('technique and comparison', () => {
  it('name modality, body part, size, equipment and what each model did', () => {
    const { sections } = draftSections(
      input({
        study: {
          modalities: ['CT'],
          series_count: 1,
          instance_count: 312,
          description: 'CT Thorax',
          is_synthetic: true,
          body_parts: ['CHEST', 'CHEST'],
          equipment: ['ACME Scanner 5'],
          clinical_information: ' Cough. ',
        },
        analyses: [
          run({}),
          run({ id: 'run-2', model_id: 'cxr-pneumonia', status: 'abstained', reason: 'CT is not accepted.' }),
          run({ id: 'run-3', model_id: 'cxr-pneumonia', series_instance_uid: '1.9', status: 'abstained', reason: 'CT is not accepted.' }),
          run({ id: 'run-4', model_id: 'body-part', status: 'failed', reason: null }),
        ],
      }),
    );
    expect(sections.clinical_information).toBe('Cough.');
    expect(sections.technique.split('\n')).toEqual([
      'CT of the chest (study description: CT Thorax).',
      '1 series, 312 instances.',
      'Equipment: ACME Scanner 5.',
      'The images are synthetic: made by software, not taken of a person.',
      'Evaluated by software: ct-lung 1.0.0.',
      'cxr-pneumonia 1.0.0 (2 inputs): not evaluable: CT is not accepted.',
      'body-part 1.0.0: failed: no reason given.',
    ]);
  });

  it('count only the newest run of a model on one input', () => {
    const { sections } = draftSections(input({ analyses: [run({}), run({ id: 'old', status: 'failed', reason: 'out of memory' })] }));
    expect(sections.technique).toContain('Evaluated by software: ct-lung 1.0.0.');
    expect(sections.technique).not.toContain('out of memory');
  });

  it('say what is not given and that no prior study was available', () => {
    const { sections } = draftSections(input());
    expect(sections.clinical_information).toBe('Not given.');
    expect(sections.comparison).toBe('No prior study available.');
    expect(sections.technique).toContain('No AI model was run.');
  });

  it('name the prior study compared with', () => {
    const comparison = [{ study_date: '20240312', description: 'CT Thorax', modalities: ['CT'] }];
    expect(draftSections(input({ comparison })).sections.comparison).toBe('CT (CT Thorax) of 12 Mar 2024.');
  });
});

describe('measurements', () => {
  it('stand under the model that made them', () => {
    const { sections } = draftSections(input({ findings: [emphysema()], analyses: [run({ measurements: [volume, laa950] })] }));
    expect(sections.findings).toContain(
      '\n\nMeasurements by software (ct-lung 1.0.0):\n- Total lung volume: 5,243\u00a0mL\n- Lung below \u2212950\u00a0HU (LAA-950): 12.4%',
    );
  });

  it.each(['rejected', 'proposed'] as const)('go with their finding when it is %s', (status) => {
    const { sections } = draftSections(input({ findings: [emphysema({ status })], analyses: [run({ measurements: [volume, laa950] })] }));
    expect(sections.findings).toContain('Total lung volume');
    expect(sections.findings).not.toContain('LAA-950');
  });
});

describe('the size of a draft', () => {
  it('stays within the contract and says what did not fit', () => {
    const findings = Array.from({ length: 9 }, (_, index) => finding({ status: 'edited', text: String(index).repeat(4000) }));
    const analyses = Array.from({ length: 400 }, (_, index) => run({ id: `a${index}`, model_id: `m${index}`, measurements: [volume] }));
    const study = { ...input().study, clinical_information: '😀'.repeat(15_000) };
    const { sections, findingIds } = draftSections(input({ findings, analyses, study }));
    expect(Value.Check(ReportSections, sections)).toBe(true);
    expect(sections.clinical_information.isWellFormed()).toBe(true);
    expect(findingIds.length).toBeLessThan(9);
    expect(sections.findings).toContain(`${9 - findingIds.length} more accepted findings are too long`);
    for (const one of findings) expect(sections.findings.includes(one.text ?? '')).toBe(findingIds.includes(one.id));
  });
});

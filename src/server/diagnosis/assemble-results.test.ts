import { describe, expect, it } from 'vitest';
import type { AiConfig } from '../../contract/diagnosis.ts';
import type { DrugSafetyAlert } from '../../contract/drug-safety.ts';
import type { Finding } from '../../contract/findings.ts';
import { assembleResults, type ResultParts } from './assemble-results.ts';

const STUDY = '1.2.3';
const RUN = { id: 'run-1', model_id: 'cxr-pneumonia', model_version: '1.0.0', has_heatmap: true };
const REPORT = { report_id: 'r', study_instance_uid: STUDY, signed_by: 'A reader', signed_at: '2026-01-01T00:00:00.000Z' };

function finding(id: string, more: Partial<Finding> = {}): Finding {
  return {
    id,
    study_instance_uid: STUDY,
    series_instance_uid: null,
    sop_instance_uid: '1.2.3.4',
    frame: 1,
    analysis_id: RUN.id,
    source: 'model',
    code: 'pneumonia',
    title: 'Pneumonia',
    confidence: 0.8,
    threshold: 0.5,
    box: { x: 1, y: 2, width: 3, height: 4 },
    evidence: { probability: 0.8 },
    status: 'proposed',
    text: null,
    proposed: null,
    reason: null,
    reviewed_by: null,
    reviewed_at: null,
    disclaimer: null,
    created_at: '2026-01-01T00:00:00.000Z',
    ...more,
  };
}

const nodule = (id: string, more: Partial<Finding> = {}): Finding =>
  finding(id, { code: 'lung-nodule', title: 'Nodule', confidence: null, threshold: null, evidence: { diameter_mm: 9 }, ...more });

function results(findings: Finding[], more: Partial<ResultParts> = {}) {
  return assembleResults({
    diagnosis_id: 'd',
    isOver: true,
    ai_config: { models: [], analysis_depth: 'standard', confidence_threshold: 0.5, explainability_mode: 'heatmap' },
    vital_signs: {},
    ageYears: 70,
    findings,
    runs: [RUN],
    reports: {},
    missing: [],
    signatures: [],
    studies: [STUDY],
    ...more,
  });
}

function alert(severity: DrugSafetyAlert['severity']): DrugSafetyAlert {
  return {
    rule_id: `rule-${severity}`,
    kind: 'contrast',
    drugs: ['metformin'],
    severity,
    display: 'interruptive',
    effect: 'effect',
    mechanism: null,
    management: `measure for ${severity}`,
    evidence: 'guideline',
    citation: 'a citation',
    depends_on: [],
    source: 's',
  };
}
const drugs = (...severities: DrugSafetyAlert['severity'][]): ResultParts['reports'] => ({
  drug_checker: {
    result: { alerts: severities.map(alert), not_checked: [], medications: [], knowledge: [], knowledge_off: [], disclaimer: '' },
    facts: [],
  },
});

describe('the results of a diagnosis', () => {
  it('put the more confident first, and join findings of one code under the highest', () => {
    const { primary_diagnosis, secondary_diagnoses, confidence } = results([
      nodule('n'),
      finding('weak', { confidence: 0.6 }),
      finding('strong', { confidence: 0.9 }),
    ]);
    expect(primary_diagnosis).toMatchObject({ code: 'pneumonia', confidence: 0.9, finding_ids: ['strong', 'weak'] });
    expect(primary_diagnosis?.source).toMatchObject({ agent: 'monai', model_id: 'cxr-pneumonia', model_version: '1.0.0' });
    expect(secondary_diagnoses.map(({ code }) => code)).toEqual(['lung-nodule']);
    expect(confidence).toBe(0.9);
  });

  it('put what a person has confirmed above what is only proposed', () => {
    const { primary_diagnosis } = results([finding('p', { confidence: 0.99 }), nodule('n', { status: 'accepted' })]);
    expect(primary_diagnosis).toMatchObject({ code: 'lung-nodule', decision: 'accepted', confidence: null });
  });

  it('lose what a person rejected, and say what an empty answer means', () => {
    const rejected = results([finding('p', { status: 'rejected' })]);
    expect(rejected).toMatchObject({ primary_diagnosis: null, findings: [], below_threshold: 0 });
    expect(results([], { missing: [{ agent: 'monai', reason: 'no images' }] }).statement).toContain('no all-clear');
    expect(results([], { isOver: false })).toMatchObject({ status: 'none', statement: 'The agents are not done.' });
  });

  it('count what lies below the threshold, but show what has no probability and what is confirmed', () => {
    const config: AiConfig = { models: [], analysis_depth: 'standard', confidence_threshold: 0.95, explainability_mode: 'none' };
    const strict = results([finding('p'), finding('q', { status: 'edited', text: 'words' }), nodule('n')], { ai_config: config });
    expect(strict.findings.map(({ finding_id }) => finding_id)).toEqual(['q', 'n']);
    expect(strict.below_threshold).toBe(1);
    expect(strict.findings[0]).toMatchObject({ box: null, heatmap: null, text: 'words', decision: 'edited' });
    expect(results([finding('p')], { ai_config: config }).statement).toContain('below the confidence threshold');
  });

  it('are signed only once the report of every study is', () => {
    expect(results([]).status).toBe('preliminary');
    expect(results([], { missing: [{ agent: 'research', reason: 'no index' }] }).status).toBe('partial');
    expect(results([], { signatures: [REPORT] }).status).toBe('signed');
    expect(results([], { signatures: [REPORT], studies: [STUDY, '1.2.4'] }).status).toBe('preliminary');
    expect(results([], { studies: [] }).status).toBe('preliminary');
  });

  it('take the severity of the most severe rule that fires, each with its source', () => {
    expect(results([])).toMatchObject({ severity: null, severity_reasons: [] });
    expect(results([nodule('n')]).severity_reasons).toMatchObject([
      {
        severity: 'moderate',
        source: { rule: 'nodule-size', citation: expect.stringContaining('MacMahon') },
        evidence: { diameter_mm: 9 },
      },
    ]);
    expect(results([nodule('n', { evidence: { diameter_mm: 5 } })]).severity).toBe('low');
    expect(results([nodule('n')], { reports: drugs('major', 'contraindicated') }).severity).toBe('high');
    expect(results([], { vital_signs: { consciousness: 'unresponsive' } }).severity).toBe('critical');
  });

  it('score pneumonia and sepsis in adults alone, and only where no unknown could change the class', () => {
    const vital_signs = {
      respiratory_rate: { value: 32, unit: '/min' },
      systolic_pressure: { value: 85, unit: 'mm[Hg]' },
      diastolic_pressure: { value: 50, unit: 'mm[Hg]' },
      consciousness: 'confusion' as const,
    };
    const rulesOf = (parts: Partial<ResultParts>): string[] =>
      results([finding('p')], parts).severity_reasons.map(({ source }) => source.rule);
    // Age, rate, pressure and confusion are 4 points: high, whatever urea is.
    expect(rulesOf({ vital_signs })).toEqual(['qsofa', 'curb-65']);
    expect(rulesOf({ vital_signs, ageYears: 9 })).toEqual([]);
    expect(rulesOf({ vital_signs: { respiratory_rate: { value: 16, unit: '/min' } } })).toEqual([]);
    expect(rulesOf({ vital_signs: { respiratory_rate: { value: 0, unit: '/min' } } })).toEqual([]);
  });

  it('recommend the measures of the rules, what is to be decided, and what was not evaluated, the most urgent first', () => {
    const { recommendations } = results([finding('p')], {
      reports: drugs('minor', 'moderate', 'contraindicated'),
      missing: [{ agent: 'research', reason: 'no index' }],
    });
    expect(recommendations.map(({ urgency, source }) => [urgency, source.rule])).toEqual([
      ['high', 'rule-contraindicated'],
      ['moderate', 'nothing-is-final-before-a-person-decides'],
      ['low', 'rule-moderate'],
      ['low', 'missing-is-told'],
    ]);
    expect(recommendations[0]?.source.citation).toBe('a citation');
  });

  it('show what the answer rests on as the mode asks', () => {
    const occlusion = {
      analysis_id: RUN.id,
      sop_instance_uid: '1.2.3.4',
      label: 'l',
      probability: 0.8,
      covered_probability: 0.2,
      box: { x: 0, y: 0, width: 1, height: 1 },
      regions: 36,
    };
    const reports = { monai: { runs: [], left_out: [], occlusions: [occlusion] } };
    const shown = (explainability_mode: 'none' | 'heatmap' | 'detailed') =>
      results([finding('p')], {
        reports,
        ai_config: { models: [], analysis_depth: 'deep', confidence_threshold: 0.5, explainability_mode },
      }).findings[0];
    expect(shown('none')).toMatchObject({ box: null, heatmap: null, occlusion: null });
    expect(shown('heatmap')).toMatchObject({ box: { x: 1 }, heatmap: '/api/v1/analysis/run-1/heatmap', occlusion: null });
    expect(shown('detailed')).toMatchObject({ heatmap: '/api/v1/analysis/run-1/heatmap', occlusion: { regions: 36 } });
  });
});

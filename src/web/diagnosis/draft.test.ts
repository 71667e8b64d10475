import { expect, it } from 'vitest';
import { EMPTY_DRAFT, isTouched, openStepOf, requestOf } from './draft.ts';
import { EMPTY_VITALS } from './vital-form.ts';

const KEY = '0'.repeat(32);

it('a draft without a patient begins with the patient, one with an impossible value with the complaints', () => {
  expect(openStepOf(EMPTY_DRAFT)).toBe('patient');
  const vitals = { ...EMPTY_VITALS, oxygen_saturation: { typed: '0.97', unit: '%' } };
  expect(openStepOf({ ...EMPTY_DRAFT, patientKey: KEY, vitals })).toBe('complaints');
  expect(openStepOf({ ...EMPTY_DRAFT, patientKey: KEY })).toBeUndefined();
});

it('who has only come from a patient loses nothing by leaving; who has typed does', () => {
  expect(isTouched({ ...EMPTY_DRAFT, patientKey: KEY })).toBe(false);
  expect(isTouched({ ...EMPTY_DRAFT, symptoms: 'cough' })).toBe(true);
  expect(isTouched({ ...EMPTY_DRAFT, studies: ['1.2'] })).toBe(true);
});

it('sends what was chosen, one symptom a line, and no examination where none is planned', () => {
  const request = requestOf({ ...EMPTY_DRAFT, patientKey: KEY, symptoms: 'cough\n\n fever ', threshold: 0.4 });
  expect(request).toMatchObject({ patient_key: KEY, symptoms: ['cough', 'fever'], ai_config: { confidence_threshold: 0.4, models: [] } });
  expect(request).not.toHaveProperty('planned_exam');
  expect(requestOf({ ...EMPTY_DRAFT, patientKey: KEY, contrast: 'iodinated' }).planned_exam).toEqual({ contrast: 'iodinated' });
});

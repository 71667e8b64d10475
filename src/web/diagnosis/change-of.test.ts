import { expect, it } from 'vitest';
import type { Diagnosis } from '../../contract/diagnosis.ts';
import { changeOf, formOf } from './change-of.ts';
import { EMPTY_DRAFT } from './draft.ts';
import { contentOf, draftOf, missingFiles } from './kept-draft.ts';

const DIAGNOSIS: Diagnosis = {
  id: '00000000-0000-7000-8000-000000000001',
  patient_key: 'p',
  status: 'completed',
  priority: 'routine',
  patient_data: {
    symptoms: ['cough', 'fever'],
    vital_signs: { temperature: { value: 38.4, unit: 'Cel' }, consciousness: 'alert' },
    planned_exam: { contrast: 'iodinated', agent: 'iohexol' },
  },
  images: [],
  ai_config: { models: [], analysis_depth: 'standard', confidence_threshold: 0.5, explainability_mode: 'heatmap' },
  progress: { percentage: 100, current_stage: 'complete', stages_completed: [] },
  version: 3,
  created_by: 'u',
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  started_at: null,
  completed_at: null,
};

it('asks for nothing when nothing was changed, so that no agent begins anew and what the form does not show stays', () => {
  expect(changeOf(formOf(DIAGNOSIS), formOf(DIAGNOSIS))).toEqual({});
});

it('asks for what was changed alone', () => {
  const before = formOf(DIAGNOSIS);
  expect(changeOf(before, { ...before, symptoms: 'cough\n\nfever\ndyspnea ' })).toEqual({ symptoms: ['cough', 'fever', 'dyspnea'] });
  expect(changeOf(before, { ...before, depth: 'deep', contrast: 'none' })).toEqual({
    planned_exam: null,
    ai_config: { analysis_depth: 'deep' },
  });
  const colder = { ...before.vitals, temperature: { typed: '37,1', unit: 'Cel' } };
  expect(changeOf(before, { ...before, vitals: colder })).toEqual({
    vital_signs: { temperature: { value: 37.1, unit: 'Cel' }, consciousness: 'alert' },
  });
});

it('a draft comes back as it was kept, with the names of the files that have to be chosen again', () => {
  const film = new File(['x'], 'film.dcm');
  const draft = {
    ...EMPTY_DRAFT,
    patientKey: 'p',
    symptoms: 'cough\n',
    files: [film],
    vitals: { ...EMPTY_DRAFT.vitals, temperature: { typed: '38,', unit: '[degF]' }, consciousness: 'voice' as const },
  };
  const back = draftOf('p', contentOf(draft));
  expect(back).toEqual({ ...draft, files: [], formerFiles: ['film.dcm'] });
  expect(missingFiles(back)).toEqual(['film.dcm']);
  expect(missingFiles({ ...back, files: [film] })).toEqual([]);
  expect(contentOf({ ...back, files: [film] }).file_names).toEqual(['film.dcm']);
});

import { expect, it } from 'vitest';
import { EMPTY_CASE, requestOf } from './drug-case.ts';

it('leaves out what is not known, so that it is never taken as "no"', () => {
  expect(requestOf(EMPTY_CASE)).toEqual({ medications: [], allergies: [], conditions: [], patient: {} });
});

it('reads lines, numbers with a comma or a point, and answers', () => {
  const typed = {
    medications: ' warfarin 5 mg \n\nibuprofen\n',
    age: '71',
    creatinine: '1,4',
    weight: '62.5',
    sex: 'female',
    pregnant: 'false',
  } as const;
  expect(requestOf({ ...EMPTY_CASE, ...typed, contrast: 'iodinated', policy: 'esur' })).toEqual({
    medications: ['warfarin 5 mg', 'ibuprofen'],
    allergies: [],
    conditions: [],
    patient: { age_years: 71, creatinine_mg_dl: 1.4, weight_kg: 62.5, sex: 'female', pregnant: false },
    exam: { contrast: 'iodinated' },
    policy: 'esur',
  });
});

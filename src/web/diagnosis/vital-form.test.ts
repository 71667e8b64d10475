import { expect, it } from 'vitest';
import { EMPTY_VITALS, problemsOf, type VitalForm, vitalSignsOf } from './vital-form.ts';

const typed = (signs: Partial<Record<keyof VitalForm, [string, string]>>): VitalForm => ({
  ...EMPTY_VITALS,
  ...Object.fromEntries(Object.entries(signs).map(([name, [text, unit]]) => [name, { typed: text, unit }])),
});

it('what is left open is not sent, and is no problem', () => {
  expect([vitalSignsOf(EMPTY_VITALS), problemsOf(EMPTY_VITALS)]).toEqual([{}, {}]);
});

it('a decimal comma is a decimal point', () => {
  expect(vitalSignsOf(typed({ temperature: ['38,4', 'Cel'] }))).toEqual({ temperature: { value: 38.4, unit: 'Cel' } });
});

it('a Fahrenheit value in Celsius is told while one types, and is none in Fahrenheit', () => {
  expect(problemsOf(typed({ temperature: ['98.6', 'Cel'] })).temperature).toMatchObject({ kind: 'range', max: 47 });
  expect(problemsOf(typed({ temperature: ['98.6', '[degF]'] }))).toEqual({});
  expect(problemsOf(typed({ heart_rate: ['fast', '/min'] })).heart_rate).toEqual({ kind: 'no-number' });
});

it('a diastolic pressure has to be below the systolic one, whatever the units', () => {
  const form = typed({ systolic_pressure: ['100', 'mm[Hg]'], diastolic_pressure: ['14', 'kPa'] });
  expect(problemsOf(form)).toEqual({ diastolic_pressure: { kind: 'pressure' } });
  expect(problemsOf(typed({ systolic_pressure: ['120', 'mm[Hg]'], diastolic_pressure: ['80', 'mm[Hg]'] }))).toEqual({});
});

import { describe, expect, it } from 'vitest';
import type { VitalSigns } from '../../contract/diagnosis.ts';
import { VITAL_SIGN_UNITS } from '../../contract/vital-sign-limits.ts';
import { AppError } from '../platform/errors.ts';
import { requirePlausible, vitalValue } from './vital-signs.ts';

function fieldsOf(signs: VitalSigns): string[] {
  try {
    requirePlausible(signs);
    return [];
  } catch (error) {
    return error instanceof AppError ? error.fields.map(({ field }) => field.replace('body/vital_signs/', '')) : ['another error'];
  }
}

describe('vital signs', () => {
  it('are read in whatever unit they come', () => {
    const signs: VitalSigns = {
      temperature: { value: 101.3, unit: '[degF]' },
      systolic_pressure: { value: 16, unit: 'kPa' },
      weight: { value: 70_000, unit: 'g' },
      height: { value: 1.8, unit: 'm' },
      heart_rate: { value: 0, unit: '/min' },
    };
    expect(fieldsOf(signs)).toEqual([]);
    expect(vitalValue(signs, 'temperature')).toBeCloseTo(38.5, 6);
    expect(vitalValue(signs, 'systolic_pressure')).toBeCloseTo(120, 1);
    expect([vitalValue(signs, 'weight'), vitalValue(signs, 'height'), vitalValue(signs, 'heart_rate')]).toEqual([70, 180, 0]);
    expect(vitalValue(signs, 'oxygen_saturation')).toBeUndefined();
  });

  it.each([
    ['a Fahrenheit temperature as Celsius', { temperature: { value: 98.6, unit: 'Cel' } }, 'temperature/value'],
    ['a saturation above 100 %', { oxygen_saturation: { value: 101, unit: '%' } }, 'oxygen_saturation/value'],
    ['a saturation as a fraction', { oxygen_saturation: { value: 0.97, unit: '%' } }, 'oxygen_saturation/value'],
    ['a height in meters as centimeters', { height: { value: 1.8, unit: 'cm' } }, 'height/value'],
    ['a unit of something else', { weight: { value: 70, unit: 'cm' } }, 'weight/unit'],
    ['a unit named like a property of every object', { weight: { value: 70, unit: 'constructor' } }, 'weight/unit'],
    ['a negative rate', { heart_rate: { value: -1, unit: '/min' } }, 'heart_rate/value'],
  ])('are refused: %s', (_, signs: VitalSigns, field) => {
    expect(fieldsOf(signs)).toEqual([field]);
  });

  it('have the same limits in every unit in which they are asked for, and none reaches beyond', () => {
    for (const [name, units] of Object.entries(VITAL_SIGN_UNITS))
      for (const { unit, min, max } of units) {
        for (const value of [min, max]) expect([name, unit, value, fieldsOf({ [name]: { value, unit } })]).toEqual([name, unit, value, []]);
        for (const value of [min * 0.97 - 1, max * 1.03]) expect(fieldsOf({ [name]: { value, unit } })).toEqual([`${name}/value`]);
      }
  });

  it('are refused where the diastolic pressure is not below the systolic one, whatever their units', () => {
    const signs: VitalSigns = { systolic_pressure: { value: 100, unit: 'mm[Hg]' }, diastolic_pressure: { value: 14, unit: 'kPa' } };
    expect(fieldsOf(signs)).toEqual(['diastolic_pressure']);
  });
});

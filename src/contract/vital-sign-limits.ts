import type { VitalSigns } from './diagnosis.ts';

export type MeasuredSign = Exclude<keyof VitalSigns, 'consciousness'>;
/** A unit (UCUM) that a value may come in, and the values that a patient can have in it. */
export type SignUnit = { unit: string; min: number; max: number };

/**
 * The values that are possible in a patient, alive or being resuscitated; wider than any that is normal, so that what is refused is a mistyped
 * number or a wrong unit. The first unit is the one that rules are asked in. Temperature: lowest and highest survived (13.7 Cel, Gilbert 2000,
 * Lancet 355:375; 46.5 Cel, Slovis 1982, Ann Emerg Med 11:269).
 */
export const VITAL_SIGN_UNITS: Readonly<Record<MeasuredSign, readonly [SignUnit, ...SignUnit[]]>> = {
  heart_rate: [{ unit: '/min', min: 0, max: 350 }],
  respiratory_rate: [{ unit: '/min', min: 0, max: 100 }],
  systolic_pressure: [
    { unit: 'mm[Hg]', min: 20, max: 350 },
    { unit: 'kPa', min: 2.7, max: 46.6 },
  ],
  diastolic_pressure: [
    { unit: 'mm[Hg]', min: 5, max: 250 },
    { unit: 'kPa', min: 0.7, max: 33.3 },
  ],
  temperature: [
    { unit: 'Cel', min: 13, max: 47 },
    { unit: '[degF]', min: 55.4, max: 116.6 },
  ],
  oxygen_saturation: [{ unit: '%', min: 1, max: 100 }],
  weight: [
    { unit: 'kg', min: 0.2, max: 650 },
    { unit: '[lb_av]', min: 0.5, max: 1433 },
  ],
  height: [
    { unit: 'cm', min: 20, max: 280 },
    { unit: '[in_i]', min: 7.9, max: 110.2 },
  ],
};

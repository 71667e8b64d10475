import { convertUnit, type Quantity, unitsOf } from '../../clinical/units.ts';
import type { VitalSign, VitalSigns } from '../../contract/diagnosis.ts';
import { AppError, type FieldError } from '../platform/errors.ts';

type Measured = Exclude<keyof VitalSigns, 'consciousness'>;
type Sign = { quantity: Quantity | 'percent'; unit: string; min: number; max: number };

/**
 * Canonical unit and the values that are possible in a patient, alive or being resuscitated; wider than any that is normal, so that what is
 * refused is a mistyped number or a wrong unit. Temperature: lowest and highest survived (13.7 Cel, Gilbert 2000, Lancet 355:375; 46.5 Cel,
 * Slovis 1982, Ann Emerg Med 11:269).
 */
const SIGNS: Readonly<Record<Measured, Sign>> = {
  heart_rate: { quantity: 'rate', unit: '/min', min: 0, max: 350 },
  respiratory_rate: { quantity: 'rate', unit: '/min', min: 0, max: 100 },
  systolic_pressure: { quantity: 'pressure', unit: 'mm[Hg]', min: 20, max: 350 },
  diastolic_pressure: { quantity: 'pressure', unit: 'mm[Hg]', min: 5, max: 250 },
  temperature: { quantity: 'temperature', unit: 'Cel', min: 13, max: 47 },
  oxygen_saturation: { quantity: 'percent', unit: '%', min: 1, max: 100 },
  weight: { quantity: 'mass', unit: 'kg', min: 0.2, max: 650 },
  height: { quantity: 'length', unit: 'cm', min: 20, max: 280 },
};
const NAMES = Object.keys(SIGNS) as Measured[];

/**
 * Refuses what no patient has, naming each field and never its value.
 *
 * @throws {AppError} `invalid-request`
 */
export function requirePlausible(signs: VitalSigns): void {
  const fields: FieldError[] = NAMES.flatMap((name) => problemOf(name, signs[name]) ?? []);
  const [systolic, diastolic] = [vitalValue(signs, 'systolic_pressure'), vitalValue(signs, 'diastolic_pressure')];
  if (systolic !== undefined && diastolic !== undefined && diastolic >= systolic)
    fields.push({ field: 'body/vital_signs/diastolic_pressure', message: 'is not below the systolic pressure' });
  if (fields.length > 0) throw new AppError('invalid-request', 'A vital sign is not plausible', { fields });
}

/** A vital sign in its canonical unit (/min, mm[Hg], Cel, %, kg, cm); undefined if it is not known. */
export function vitalValue(signs: VitalSigns, name: Measured): number | undefined {
  const given = signs[name];
  return given && converted(SIGNS[name], given);
}

function problemOf(name: Measured, given: VitalSign | undefined): FieldError | undefined {
  if (!given) return undefined;
  const sign = SIGNS[name];
  const value = converted(sign, given);
  const units = sign.quantity === 'percent' ? ['%'] : unitsOf(sign.quantity);
  if (value === undefined) return { field: `body/vital_signs/${name}/unit`, message: `is none of ${units.join(', ')}` };
  if (value >= sign.min && value <= sign.max) return undefined;
  return { field: `body/vital_signs/${name}/value`, message: `is not from ${sign.min} to ${sign.max} ${sign.unit}` };
}

function converted({ quantity, unit }: Sign, { value, unit: from }: VitalSign): number | undefined {
  if (quantity === 'percent') return from === '%' ? value : undefined;
  return convertUnit(quantity, value, { from, to: unit });
}

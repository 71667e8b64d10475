import { convertUnit, type Quantity, unitsOf } from '../../clinical/units.ts';
import type { VitalSign, VitalSigns } from '../../contract/diagnosis.ts';
import { type MeasuredSign, VITAL_SIGN_UNITS } from '../../contract/vital-sign-limits.ts';
import { AppError, type FieldError } from '../platform/errors.ts';

type Sign = { quantity: Quantity | 'percent'; unit: string; min: number; max: number };

/** What each sign is, in its canonical unit: the first of `VITAL_SIGN_UNITS`. */
const QUANTITIES: Readonly<Record<MeasuredSign, Sign['quantity']>> = {
  heart_rate: 'rate',
  respiratory_rate: 'rate',
  systolic_pressure: 'pressure',
  diastolic_pressure: 'pressure',
  temperature: 'temperature',
  oxygen_saturation: 'percent',
  weight: 'mass',
  height: 'length',
};
const NAMES = Object.keys(QUANTITIES) as MeasuredSign[];

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
export function vitalValue(signs: VitalSigns, name: MeasuredSign): number | undefined {
  const given = signs[name];
  return given && converted(signOf(name), given);
}

function problemOf(name: MeasuredSign, given: VitalSign | undefined): FieldError | undefined {
  if (!given) return undefined;
  const sign = signOf(name);
  const value = converted(sign, given);
  const units = sign.quantity === 'percent' ? ['%'] : unitsOf(sign.quantity);
  if (value === undefined) return { field: `body/vital_signs/${name}/unit`, message: `is none of ${units.join(', ')}` };
  if (value >= sign.min && value <= sign.max) return undefined;
  return { field: `body/vital_signs/${name}/value`, message: `is not from ${sign.min} to ${sign.max} ${sign.unit}` };
}

function signOf(name: MeasuredSign): Sign {
  return { quantity: QUANTITIES[name], ...VITAL_SIGN_UNITS[name][0] };
}

function converted({ quantity, unit }: Sign, { value, unit: from }: VitalSign): number | undefined {
  if (quantity === 'percent') return from === '%' ? value : undefined;
  return convertUnit(quantity, value, { from, to: unit });
}

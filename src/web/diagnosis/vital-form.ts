import type { VitalSign, VitalSigns } from '../../contract/diagnosis.ts';
import { type MeasuredSign, type SignUnit, VITAL_SIGN_UNITS } from '../../contract/vital-sign-limits.ts';

/** What is typed for one sign, and the unit that is chosen for it (UCUM). */
export type TypedSign = { typed: string; unit: string };
export type Consciousness = NonNullable<VitalSigns['consciousness']>;
/** What is typed so far; an empty text says that nobody has measured it. */
export type VitalForm = Readonly<Record<MeasuredSign, TypedSign>> & { readonly consciousness: Consciousness | '' };

/** Why a value cannot be: no number, none that a patient has, or a diastolic pressure that is not below the systolic one. */
export type SignProblem = { kind: 'no-number' } | { kind: 'range'; min: number; max: number; unit: string } | { kind: 'pressure' };

// The keys are those of the type.
export const SIGNS = Object.keys(VITAL_SIGN_UNITS) as MeasuredSign[];
const NUMBER = /^-?\d+([.,]\d+)?$/;
const KPA = 7.50062;

export const EMPTY_VITALS: VitalForm = {
  ...(Object.fromEntries(SIGNS.map((sign) => [sign, { typed: '', unit: VITAL_SIGN_UNITS[sign][0].unit }])) as Record<
    MeasuredSign,
    TypedSign
  >),
  consciousness: '',
};

/** What is wrong, sign by sign, with what is typed so far; the server decides by the same limits. */
export function problemsOf(form: VitalForm): Partial<Record<MeasuredSign, SignProblem>> {
  const problems: Partial<Record<MeasuredSign, SignProblem>> = {};
  for (const sign of SIGNS) {
    const problem = problemOf(sign, form[sign]);
    if (problem) problems[sign] = problem;
  }
  const [systolic, diastolic] = [pressureOf(form.systolic_pressure), pressureOf(form.diastolic_pressure)];
  if (systolic !== undefined && diastolic !== undefined && diastolic >= systolic) problems.diastolic_pressure ??= { kind: 'pressure' };
  return problems;
}

/** What is known, as the server takes it: nothing that is empty or no number. */
export function vitalSignsOf(form: VitalForm): VitalSigns {
  const signs: { [name in MeasuredSign]?: VitalSign } = {};
  for (const sign of SIGNS) {
    const value = numberOf(form[sign].typed);
    if (value !== undefined) signs[sign] = { value, unit: form[sign].unit };
  }
  return form.consciousness === '' ? signs : { ...signs, consciousness: form.consciousness };
}

export function limitsOf(sign: MeasuredSign, unit: string): SignUnit {
  const [first, ...others] = VITAL_SIGN_UNITS[sign];
  return others.find((other) => other.unit === unit) ?? first;
}

function problemOf(sign: MeasuredSign, { typed, unit }: TypedSign): SignProblem | undefined {
  if (typed.trim() === '') return undefined;
  const value = numberOf(typed);
  if (value === undefined) return { kind: 'no-number' };
  const limits = limitsOf(sign, unit);
  return value < limits.min || value > limits.max ? { kind: 'range', ...limits } : undefined;
}

/** In mmHg. */
function pressureOf({ typed, unit }: TypedSign): number | undefined {
  const value = numberOf(typed);
  return value === undefined ? undefined : unit === 'kPa' ? value * KPA : value;
}

function numberOf(typed: string): number | undefined {
  const text = typed.trim();
  return NUMBER.test(text) ? Number(text.replace(',', '.')) : undefined;
}

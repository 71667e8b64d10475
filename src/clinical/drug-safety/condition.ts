import type { DrugSafetyPatient } from '../../contract/drug-safety.ts';

/** What rules may ask of the patient; undefined where it is not known. */
export type PatientFacts = {
  age: number | undefined;
  weight: number | undefined;
  egfr: number | undefined;
  /** Cockcroft-Gault with actual weight, mL/min. */
  crcl: number | undefined;
  potassium: number | undefined;
  qtc: number | undefined;
  female: boolean | undefined;
  aki: boolean | undefined;
  dialysis: boolean | undefined;
  pregnant: boolean | undefined;
  breastfeeding: boolean | undefined;
  /** Child-Pugh as 1, 2, 3. */
  childpugh: number | undefined;
};

const NAMES: Record<keyof PatientFacts, string> = {
  age: 'age',
  weight: 'weight',
  egfr: 'eGFR',
  crcl: 'creatinine clearance',
  potassium: 'serum potassium',
  qtc: 'QTc interval',
  female: 'sex',
  aki: 'acute kidney injury',
  dialysis: 'dialysis',
  pregnant: 'pregnancy',
  breastfeeding: 'breastfeeding',
  childpugh: 'Child-Pugh class',
};

/** Facts that somebody has to state; nobody measures them. */
export const STATED_FACTS: ReadonlySet<string> = new Set([NAMES.female, NAMES.aki, NAMES.dialysis, NAMES.pregnant, NAMES.breastfeeding]);

type Test = { fact: keyof PatientFacts; holds: (value: number | boolean) => boolean };
/** All tests of one alternative must hold; one alternative is enough. */
export type Condition = readonly (readonly Test[])[];

/**
 * Reads `age>=65 and egfr<30 or dialysis`: comparisons of numbers and plain or negated (`!`) flags; `and` binds closer than `or`.
 *
 * @throws {Error} names the part that is not understood
 */
export function parseCondition(text: string): Condition {
  if (text.trim() === '') return [[]];
  return text.split(/\bor\b/).map((alternative) => alternative.split(/\band\b/).map((part) => parseTest(part.trim())));
}

/** `yes`, `no`, or the facts that are missing to say. */
export function evaluateCondition(condition: Condition, facts: PatientFacts): 'yes' | 'no' | { unknown: string[] } {
  const unknown = new Set<string>();
  for (const tests of condition) {
    const missing = tests.filter(({ fact }) => facts[fact] === undefined);
    const fails = tests.some(({ fact, holds }) => {
      const value = facts[fact];
      return value !== undefined && !holds(value);
    });
    if (fails) continue;
    if (missing.length === 0) return 'yes';
    for (const { fact } of missing) unknown.add(NAMES[fact]);
  }
  return unknown.size === 0 ? 'no' : { unknown: [...unknown] };
}

/** @param egfr computed by the caller if it was not given */
export function factsOf(patient: DrugSafetyPatient, egfr: number | undefined): PatientFacts {
  const { age_years: age, weight_kg: weight, creatinine_mg_dl: creatinine, sex } = patient;
  const hasAll = age !== undefined && weight !== undefined && creatinine !== undefined && sex !== undefined;
  return {
    age,
    weight,
    egfr,
    // Cockcroft DW, Gault MH. Nephron 1976;16:31-41.
    crcl: hasAll && age >= 18 ? (((140 - age) * weight) / (72 * creatinine)) * (sex === 'female' ? 0.85 : 1) : undefined,
    potassium: patient.potassium,
    qtc: patient.qtc_ms,
    female: sex === undefined ? undefined : sex === 'female',
    aki: patient.acute_kidney_injury,
    dialysis: patient.dialysis,
    // Nobody has to say that a man is not pregnant.
    pregnant: patient.pregnant ?? (sex === 'male' ? false : undefined),
    breastfeeding: patient.breastfeeding ?? (sex === 'male' ? false : undefined),
    childpugh: patient.child_pugh === undefined ? undefined : 'ABC'.indexOf(patient.child_pugh) + 1,
  };
}

function parseTest(part: string): Test {
  const flag = /^(!?)([a-z]+)$/.exec(part);
  if (flag?.[2]) return { fact: factNamed(flag[2], part), holds: (value) => Boolean(value) === (flag[1] === '') };
  const comparison = /^([a-z]+)\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)$/.exec(part);
  if (!comparison?.[1] || !comparison[3]) throw new Error(`'${part}' is not a comparison or a flag`);
  const [, name, sign] = comparison;
  const limit = Number(comparison[3]);
  const holds = (value: number | boolean): boolean => {
    const number = Number(value);
    if (sign === '<') return number < limit;
    if (sign === '<=') return number <= limit;
    return sign === '>' ? number > limit : number >= limit;
  };
  return { fact: factNamed(name, part), holds };
}

function factNamed(name: string, part: string): keyof PatientFacts {
  // Own keys of the table above are exactly the facts.
  if (Object.hasOwn(NAMES, name)) return name as keyof PatientFacts;
  throw new Error(`'${part}' names no fact; known: ${Object.keys(NAMES).join(', ')}`);
}

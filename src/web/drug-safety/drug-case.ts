import type { DrugSafetyExam, DrugSafetyPatient, DrugSafetyRequest } from '../../contract/drug-safety.ts';
import { linesOf } from '../lines.ts';

/** What was typed, as it was typed; empty is not known. */
export type DrugCase = {
  medications: string;
  allergies: string;
  conditions: string;
  age: string;
  sex: '' | 'female' | 'male';
  weight: string;
  creatinine: string;
  egfr: string;
  pregnant: '' | 'true' | 'false';
  breastfeeding: '' | 'true' | 'false';
  contrast: DrugSafetyExam['contrast'];
  policy: 'acr' | 'fda' | 'esur';
};

export const EMPTY_CASE: DrugCase = {
  medications: '',
  allergies: '',
  conditions: '',
  age: '',
  sex: '',
  weight: '',
  creatinine: '',
  egfr: '',
  pregnant: '',
  breastfeeding: '',
  contrast: 'none',
  policy: 'acr',
};

/** What the server is asked: unknown facts are left out, never sent as "no". */
export function requestOf(drugCase: DrugCase): DrugSafetyRequest {
  const patient: DrugSafetyPatient = {
    ...numberAs('age_years', drugCase.age),
    ...numberAs('weight_kg', drugCase.weight),
    ...numberAs('creatinine_mg_dl', drugCase.creatinine),
    ...numberAs('egfr', drugCase.egfr),
    ...(drugCase.sex === '' ? {} : { sex: drugCase.sex }),
    ...(drugCase.pregnant === '' ? {} : { pregnant: drugCase.pregnant === 'true' }),
    ...(drugCase.breastfeeding === '' ? {} : { breastfeeding: drugCase.breastfeeding === 'true' }),
  };
  return {
    medications: linesOf(drugCase.medications),
    allergies: linesOf(drugCase.allergies),
    conditions: linesOf(drugCase.conditions),
    patient,
    ...(drugCase.contrast === 'none' ? {} : { exam: { contrast: drugCase.contrast }, policy: drugCase.policy }),
  };
}

/** With a comma or a point; what is no number goes as it is, so that the server says so. */
function numberAs<K extends string>(name: K, typed: string): { [P in K]?: number } {
  if (typed.trim() === '') return {};
  // The one key of the type.
  return { [name]: Number(typed.trim().replace(',', '.')) } as { [P in K]?: number };
}

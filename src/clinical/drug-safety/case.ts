import type { ClinicalCode, DrugSafetyAlert, DrugSafetyRequest, UnderstoodMedication } from '../../contract/drug-safety.ts';
import type { Knowledge } from './compile.ts';
import type { PatientFacts } from './condition.ts';
import type { Drug } from './knowledge.ts';

/** A drug that the patient takes, with the line that names it. */
export type Taken = { drug: Drug; line: UnderstoodMedication };
/** A text as given and folded, or a code. */
export type Entry = { text: string; folded: string; code: ClinicalCode | null };
/** What every check sees. */
export type Case = {
  knowledge: Knowledge;
  taken: readonly Taken[];
  allergies: readonly Entry[];
  conditions: readonly Entry[];
  facts: PatientFacts;
  request: DrugSafetyRequest;
};
export type Checked = { alerts: DrugSafetyAlert[]; not_checked: { text: string; reason: string }[] };

import { DISCLAIMER } from '../../contract/disclaimer.ts';
import type {
  AlertKind,
  ClinicalCode,
  DrugSafetyAlert,
  DrugSafetyRequest,
  DrugSafetyResult,
  UnderstoodMedication,
} from '../../contract/drug-safety.ts';
import { findScore } from '../scores/registry.ts';
import type { Case, Checked, Entry } from './case.ts';
import { checkAllergies } from './check-allergies.ts';
import { checkConditions } from './check-conditions.ts';
import { checkContrast } from './check-contrast.ts';
import { checkDoses } from './check-doses.ts';
import { checkInteractions } from './check-interactions.ts';
import { foldName, type Knowledge } from './compile.ts';
import { factsOf, STATED_FACTS } from './condition.ts';
import type { Drug } from './knowledge.ts';
import { linesOf, splitMedications } from './medication-list.ts';
import { parseMedication } from './parse-medication.ts';

const SEVERITY_ORDER = ['contraindicated', 'major', 'moderate', 'minor'];

/**
 * Everything that the knowledge says against the medications, most severe first. A drug or an allergy that the knowledge does not have
 * is listed as not checked. A rule that depends on a fact which is not known fires and names it.
 */
export function checkMedications(knowledge: Knowledge, request: DrugSafetyRequest): DrugSafetyResult {
  const given = [...request.medications, ...linesOf(request.medication_list ?? '')];
  const medications = given.flatMap((one) => understand(knowledge, one));
  const taken = medications
    .filter(({ not_taken }) => !not_taken)
    .flatMap((line) => ingredientsOf(knowledge, line).map((drug) => ({ drug, line })));
  const patient = request.patient ?? {};
  const one: Case = {
    knowledge,
    taken,
    allergies: (request.allergies ?? []).map(entryOf),
    conditions: (request.conditions ?? []).map(entryOf),
    facts: factsOf(patient, patient.egfr ?? egfrOf(patient)),
    request,
  };
  const checked = [checkInteractions, checkAllergies, checkConditions, checkDoses, checkContrast].map((check) => check(one));
  const unknown = medications
    .filter(({ drugs }) => drugs.length === 0)
    .map(({ text }) => ({ text, reason: 'No drug of the knowledge base was recognized' }));
  const { fired, open } = splitOpen(checked.flatMap(({ alerts }) => alerts));
  return {
    alerts: fired.sort(bySeverity),
    not_checked: [
      ...switchedOff(knowledge),
      ...unknown,
      ...notTaken(medications),
      ...checked.flatMap(({ not_checked }) => not_checked),
      ...open,
    ],
    medications: medications.map((line) => ({ ...line, drugs: line.drugs.map((id) => knowledge.drugs.get(id)?.inn ?? id) })),
    knowledge: [...knowledge.sources],
    knowledge_off: [...knowledge.off],
    disclaimer: DISCLAIMER,
  };
}

/** Kinds that would warn of nearly every drug if a fact that is not known counted as a maybe. */
const NEEDS_FACTS: ReadonlySet<AlertKind> = new Set(['dose', 'pregnancy', 'lactation']);

/** Rules that wait for a fact nobody stated are not shouted one by one: the fact is named once. */
function splitOpen(alerts: readonly DrugSafetyAlert[]): { fired: DrugSafetyAlert[]; open: Checked['not_checked'] } {
  const waits = ({ kind, depends_on }: DrugSafetyAlert): boolean =>
    depends_on.length > 0 && (NEEDS_FACTS.has(kind) || depends_on.every((fact) => STATED_FACTS.has(fact)));
  const facts = new Set(alerts.filter(waits).flatMap(({ depends_on }) => depends_on));
  const open = [...facts].map((fact) => ({ text: fact, reason: 'Not stated: the rules that depend on it were not applied' }));
  return { fired: alerts.filter((alert) => !waits(alert)), open };
}

function switchedOff({ off }: Knowledge): Checked['not_checked'] {
  return off.map(({ source, version, reason }) => ({ text: `${source} ${version}`, reason: `This source of knowledge is off. ${reason}` }));
}

function notTaken(medications: readonly UnderstoodMedication[]): Checked['not_checked'] {
  const lines = medications.filter(({ not_taken, drugs }) => not_taken && drugs.length > 0);
  return lines.map(({ text }) => ({ text, reason: 'The line says that it is not taken' }));
}

function understand(knowledge: Knowledge, given: string | ClinicalCode): UnderstoodMedication[] {
  if (typeof given === 'string') return splitMedications(knowledge, given).map((line) => parseMedication(knowledge, line));
  const drug = knowledge.codes.get(`${given.system}:${given.code}`);
  const nothing = { dose_mg: null, doses_per_day: null, route: null, as_needed: false, not_taken: false, corrected: false, unread: [] };
  return [{ text: `${given.system} ${given.code}`, drugs: drug === undefined ? [] : [drug], ...nothing }];
}

/** The drugs of a line, combinations taken apart; the combination itself stays too, where rules name it. */
function ingredientsOf(knowledge: Knowledge, line: UnderstoodMedication): Drug[] {
  const ids = new Set(line.drugs.flatMap((id) => [id, ...(knowledge.drugs.get(id)?.parts ?? [])]));
  return [...ids].flatMap((id) => knowledge.drugs.get(id) ?? []);
}

function entryOf(given: string | ClinicalCode): Entry {
  if (typeof given === 'string') return { text: given, folded: ` ${foldName(given)} `, code: null };
  return { text: `${given.system} ${given.code}`, folded: '', code: given };
}

function egfrOf(patient: NonNullable<DrugSafetyRequest['patient']>): number | undefined {
  const { age_years: age, sex, creatinine_mg_dl: creatinine } = patient;
  if (age === undefined || sex === undefined || creatinine === undefined) return undefined;
  if (creatinine < 0.1 || age < 18 || age > 120) return undefined;
  return findScore('egfr-ckd-epi-2021-cr')?.compute({ age, sex, creatinine }).value ?? undefined;
}

function bySeverity(a: DrugSafetyAlert, b: DrugSafetyAlert): number {
  const display = Number(a.display === 'passive') - Number(b.display === 'passive');
  return display || SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity);
}

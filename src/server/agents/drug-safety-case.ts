import { Value } from 'typebox/value';
import type { Knowledge } from '../../clinical/drug-safety/compile.ts';
import { parseMedication } from '../../clinical/drug-safety/parse-medication.ts';
import { convertUnit, type Quantity } from '../../clinical/units.ts';
import type { DrugCheckReport } from '../../contract/agents.ts';
import { type ClinicalCode, DrugSafetyPatient, type DrugSafetyRequest } from '../../contract/drug-safety.ts';
import type { Coding, RecordEntry } from '../../contract/patient-record.ts';
import { ageAt } from '../analysis/plan.ts';
import type { PatientFacts } from '../clinical/patient-queries.ts';
import { isActive } from './relevant-history.ts';

const DAY_MS = 86_400_000;
/** Kidney function and electrolytes of half a year ago are no basis for a dose or a contrast medium. */
const LAB_DAYS = 180;
const MAX_LINE = 300;

/** Code systems of FHIR, as drug safety calls them. */
const SYSTEMS: readonly (readonly [RegExp, ClinicalCode['system']])[] = [
  [/rxnorm/i, 'rxnorm'],
  [/whocc\.no\/atc/i, 'atc'],
  [/icd-10/i, 'icd10'],
  [/snomed/i, 'snomed'],
];

type Measured = { name: 'creatinine_mg_dl' | 'egfr' | 'potassium' | 'weight_kg' | 'height_cm'; loinc: readonly string[]; days: number };
type Converted = Measured & { quantity: Quantity | null; unit: string };
/** What is measured of the patient, by LOINC. Weight and height last longer than chemistry. */
const MEASURED: readonly Converted[] = [
  { name: 'creatinine_mg_dl', loinc: ['2160-0', '38483-4', '14682-9'], days: LAB_DAYS, quantity: 'creatinine', unit: 'mg/dL' },
  {
    name: 'egfr',
    loinc: ['98979-8', '98980-6', '62238-1', '33914-3', '77147-7', '48642-3', '48643-1', '69405-9'],
    days: LAB_DAYS,
    quantity: null,
    unit: 'mL/min/{1.73_m2}',
  },
  { name: 'potassium', loinc: ['2823-3', '6298-4', '77142-8'], days: LAB_DAYS, quantity: 'sodium', unit: 'mmol/L' },
  { name: 'weight_kg', loinc: ['29463-7', '3141-9', '3142-7'], days: 365, quantity: 'mass', unit: 'kg' },
  { name: 'height_cm', loinc: ['8302-2', '3137-7'], days: 3_650, quantity: 'length', unit: 'cm' },
];
const EGFR_UNITS = /^mL\/min(\/(\{?1\.73_?m2\}?|1\.73\.m2|\{1\.73_m2\}))?$/i;

type Facts = DrugCheckReport['facts'];
export type DrugSafetyCase = { request: DrugSafetyRequest; facts: Facts };

/** The question that the record of a patient asks of the rules on drugs; what is not in the record is left out, never guessed. Pure. */
export function drugSafetyCase(
  knowledge: Knowledge,
  {
    entries,
    patient,
    exam,
    now,
  }: { entries: readonly RecordEntry[]; patient: PatientFacts; exam: DrugSafetyRequest['exam'] | null; now: Date },
): DrugSafetyCase {
  const facts: Facts = [];
  const known: DrugSafetyPatient = {};
  const { ageYears } = ageAt(patient.birth_date, now.toISOString().slice(0, 10).replaceAll('-', ''));
  if (ageYears !== undefined && ageYears <= 130) {
    known.age_years = ageYears;
    facts.push({ name: 'age_years', value: String(ageYears), source: 'patient' });
  }
  if (patient.sex === 'F' || patient.sex === 'M') {
    known.sex = patient.sex === 'F' ? 'female' : 'male';
    facts.push({ name: 'sex', value: known.sex, source: 'patient' });
  }
  for (const measured of MEASURED) {
    const found = latestValue(entries, measured, now);
    if (!found) continue;
    known[measured.name] = found.value;
    facts.push({ name: measured.name, value: String(found.value), source: `record_entry ${found.id}, ${found.at}` });
  }
  const active = (kind: RecordEntry['kind']): RecordEntry[] => entries.filter((entry) => entry.kind === kind && isActive(entry, now));
  const allergies = entries.filter(({ kind, status }) => kind === 'allergy' && (status === 'active' || status === 'unknown'));
  return {
    request: {
      medications: active('medication')
        .map((entry) => medicationOf(knowledge, entry))
        .slice(0, 200),
      allergies: allergies.map(({ text }) => lineOf(text)).slice(0, 100),
      conditions: active('condition').map(conditionOf).slice(0, 200),
      patient: known,
      ...(exam ? { exam } : {}),
    },
    facts,
  };
}

/** The line with its dose, as written; the code where the line names no drug that is known. */
function medicationOf(knowledge: Knowledge, { text, codes, details }: RecordEntry): string | ClinicalCode {
  const line = lineOf([text, details['dose_text'], details['frequency']].filter(Boolean).join(' '));
  if (parseMedication(knowledge, line).drugs.length > 0) return line;
  return codesOf(codes).find(({ system, code }) => knowledge.codes.has(`${system}:${code}`)) ?? line;
}

function conditionOf({ text, codes }: RecordEntry): string | ClinicalCode {
  return codesOf(codes).find(({ system }) => system === 'icd10') ?? lineOf(text);
}

function codesOf(codes: readonly Coding[]): ClinicalCode[] {
  return codes.flatMap(({ system, code }) => {
    const known = SYSTEMS.find(([form]) => form.test(system));
    return known && code.length > 0 && code.length <= 40 ? [{ system: known[1], code }] : [];
  });
}

function lineOf(text: string): string {
  return text.trim().slice(0, MAX_LINE) || 'unnamed';
}

/** The latest value that is plausible and in a unit that is known. */
function latestValue(
  entries: readonly RecordEntry[],
  measured: Converted,
  now: Date,
): { id: string; at: string; value: number } | undefined {
  const found = entries.flatMap((entry) => {
    const { id, kind, status, started_at: at, value, unit, codes } = entry;
    if (kind !== 'observation' || status === 'refuted' || value === null || at === null) return [];
    if (!codes.some(({ system, code }) => /loinc/i.test(system) && measured.loinc.includes(code))) return [];
    const age = now.getTime() - Date.parse(at);
    if (!(age >= -DAY_MS && age <= measured.days * DAY_MS)) return [];
    const converted = inUnit(measured, value, unit ?? '');
    return converted !== undefined && Value.Check(DrugSafetyPatient, { [measured.name]: converted }) ? [{ id, at, value: converted }] : [];
  });
  return found.toSorted((a, b) => (a.at < b.at ? 1 : -1))[0];
}

function inUnit({ quantity, unit: to }: Converted, value: number, from: string): number | undefined {
  if (quantity === null) return EGFR_UNITS.test(from) ? value : undefined;
  return convertUnit(quantity, value, { from, to });
}

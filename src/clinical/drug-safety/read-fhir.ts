import type { ClinicalCode, DrugSafetyExam, DrugSafetyPatient } from '../../contract/drug-safety.ts';
import { testOfLoinc } from '../history/lab-tests.ts';
import { convertUnit } from '../units.ts';
import type { Knowledge } from './compile.ts';
import { parseMedication } from './parse-medication.ts';

/** A FHIR R4 resource, of which nothing is certain until it is looked at. */
export type Resource = Readonly<Record<string, unknown>>;

const LINE_CHARACTERS = 300;
const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const ATC = 'http://www.whocc.no/atc';
const ICD10 = /icd-?10/i;
const LOINC = 'http://loinc.org';
/** Tests of the record and what the check calls them. */
const FACTS: Readonly<Record<string, { name: 'creatinine_mg_dl' | 'egfr' | 'weight_kg' | 'height_cm' | 'potassium'; unit: string }>> = {
  creatinine: { name: 'creatinine_mg_dl', unit: 'mg/dL' },
  egfr: { name: 'egfr', unit: 'mL/min/{1.73_m2}' },
  weight: { name: 'weight_kg', unit: 'kg' },
  height: { name: 'height_cm', unit: 'cm' },
  potassium: { name: 'potassium', unit: 'mmol/L' },
};
const GONE: ReadonlySet<string> = new Set([
  'stopped',
  'cancelled',
  'completed',
  'entered-in-error',
  'ended',
  'inactive',
  'resolved',
  'refuted',
]);

/** The resources of a bundle, or the resource itself; empty for anything else. */
export function resourcesOf(value: unknown): Resource[] {
  const resource = recordOf(value);
  if (!resource) return [];
  if (resource['resourceType'] !== 'Bundle') return typeof resource['resourceType'] === 'string' ? [resource] : [];
  return listOf(resource['entry']).flatMap((entry) => resourcesOf(recordOf(entry)?.['resource']));
}

/** A medication order as the line that a prescriber would write; its code where the words name no drug. Undefined for one that is over. */
export function medicationOf(resource: Resource, knowledge: Knowledge): string | ClinicalCode | undefined {
  if (!/^Medication(Request|Statement|Order)$/.test(String(resource['resourceType'])) || isGone(resource)) return undefined;
  const concept = recordOf(resource['medicationCodeableConcept']) ?? containedMedication(resource);
  const [dosage] = [...listOf(resource['dosageInstruction']), ...listOf(resource['dosage'])].map((one) => recordOf(one)?.['text']);
  const line = [wordsOf(concept), typeof dosage === 'string' ? dosage : ''].filter(Boolean).join(' ').slice(0, LINE_CHARACTERS);
  if (line !== '' && parseMedication(knowledge, line).drugs.length > 0) return line;
  const codes = codingsOf(concept).flatMap(({ system, code }): ClinicalCode[] =>
    system === RXNORM ? [{ system: 'rxnorm', code }] : system === ATC ? [{ system: 'atc', code }] : [],
  );
  return codes.find(({ system, code }) => knowledge.codes.has(`${system}:${code}`)) ?? (line || codes[0] || 'A medication without a name');
}

/** An allergy or condition that holds: by ICD-10 where it is a condition and has one, else by its words. */
export function entryOf(resource: Resource, type: 'AllergyIntolerance' | 'Condition'): string | ClinicalCode | undefined {
  if (resource['resourceType'] !== type || isGone(resource)) return undefined;
  const concept = recordOf(resource['code']);
  const icd10 = type === 'Condition' ? codingsOf(concept).find(({ system }) => ICD10.test(system)) : undefined;
  if (icd10) return { system: 'icd10', code: icd10.code.slice(0, 40) };
  return wordsOf(concept).slice(0, LINE_CHARACTERS) || undefined;
}

/** Age, sex and the newest measurements; what is not there stays unknown. */
export function patientOf(resources: readonly Resource[], now: Date): DrugSafetyPatient {
  const patient = resources.find(({ resourceType }) => resourceType === 'Patient');
  const gender = patient?.['gender'];
  const born = typeof patient?.['birthDate'] === 'string' ? Date.parse(patient['birthDate']) : Number.NaN;
  const age = (now.getTime() - born) / (365.2425 * 86_400_000);
  return {
    ...(age >= 0 && age <= 130 ? { age_years: Math.floor(age) } : {}),
    ...(gender === 'female' || gender === 'male' ? { sex: gender } : {}),
    ...measurementsOf(resources),
  };
}

const WITH_CONTRAST =
  /\b(?:with(?: and without)?|w\/?|iv|mit)\s+(?:iv\s+|intravenous\s+)?(?:contrast|kontrast\w*|gadolinium)|\bcontrast[- ]enhanced|\bcta\b|\bangiogra\w+/i;
const MR = /\b(?:mri?|mra|magnetic resonance|magnetresonanz\w*)\b/i;
const CT = /\b(?:ct|cta|computed tomogra\w+|angiogra\w+)\b/i;

/** An imaging order that asks for a contrast medium. */
export function examOf(resource: Resource): DrugSafetyExam | undefined {
  if (resource['resourceType'] !== 'ServiceRequest' || isGone(resource)) return undefined;
  const words = wordsOf(recordOf(resource['code']));
  if (!WITH_CONTRAST.test(words)) return undefined;
  if (MR.test(words)) return { contrast: 'gadolinium', modality: 'MR' };
  return CT.test(words) ? { contrast: 'iodinated', modality: 'CT' } : undefined;
}

function measurementsOf(resources: readonly Resource[]): DrugSafetyPatient {
  const facts: DrugSafetyPatient = {};
  const observations = resources
    .filter(({ resourceType, status }) => resourceType === 'Observation' && status !== 'entered-in-error' && status !== 'cancelled')
    .toSorted((a, b) => String(a['effectiveDateTime'] ?? '').localeCompare(String(b['effectiveDateTime'] ?? '')));
  for (const resource of observations) {
    const test = codingsOf(recordOf(resource['code'])).flatMap(({ system, code }) =>
      system === LOINC ? (testOfLoinc(code) ?? []) : [],
    )[0];
    const fact = test && FACTS[test.id];
    const quantity = recordOf(resource['valueQuantity']);
    const value = quantity?.['value'];
    const unit = quantity?.['code'] ?? quantity?.['unit'];
    if (!fact || typeof value !== 'number' || typeof unit !== 'string') continue;
    const converted = convertUnit(test.quantity, value, { from: unit, to: fact.unit });
    if (converted !== undefined) facts[fact.name] = converted;
  }
  return facts;
}

function isGone(resource: Resource): boolean {
  const coded = ['clinicalStatus', 'verificationStatus'].flatMap((name) => codingsOf(recordOf(resource[name])).map(({ code }) => code));
  return [resource['status'], ...coded].some((status) => typeof status === 'string' && GONE.has(status));
}

function containedMedication(resource: Resource): Resource | undefined {
  const reference = recordOf(resource['medicationReference'])?.['reference'];
  if (typeof reference !== 'string') return undefined;
  const contained = listOf(resource['contained']).map(recordOf);
  return recordOf(contained.find((one) => `#${String(one?.['id'])}` === reference)?.['code']);
}

/** Its text, or else the first display. */
function wordsOf(concept: Resource | undefined): string {
  if (typeof concept?.['text'] === 'string' && concept['text'].trim() !== '') return concept['text'].trim();
  return codingsOf(concept).find(({ display }) => display !== '')?.display ?? '';
}

function codingsOf(concept: Resource | undefined): { system: string; code: string; display: string }[] {
  return listOf(concept?.['coding']).flatMap((one) => {
    const coding = recordOf(one);
    if (typeof coding?.['code'] !== 'string') return [];
    const display = typeof coding['display'] === 'string' ? coding['display'] : '';
    return [{ system: typeof coding['system'] === 'string' ? coding['system'] : '', code: coding['code'], display }];
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function recordOf(value: unknown): Resource | undefined {
  // An object that is no list: its members are looked at one by one.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Resource) : undefined;
}

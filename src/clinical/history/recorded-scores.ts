import type { RecordedInput, RecordedScore } from '../../contract/history.ts';
import type { RecordEntry } from '../../contract/patient-record.ts';
import type { Knowledge } from '../drug-safety/compile.ts';
import { charlsonConditionsFromIcd10 } from '../scores/charlson-icd10.ts';
import { ClinicalInputError } from '../scores/inputs.ts';
import { SCORES } from '../scores/registry.ts';
import type { ScoreDefinition } from '../scores/score.ts';
import { icd10Of, showsConcept } from './concepts.ts';
import { type LabSeries, readLabSeries, sourceOf } from './lab-series.ts';
import { ageInYears, daysBetween, momentOf } from './moment.ts';
import { isPresent, readMedications, type TakenMedication } from './problems.ts';
import { type InputSource, sourceOfInput } from './score-sources.ts';

export type ScoredPatient = {
  /** Of the patient record, as the source of age and sex. */
  key: string;
  /** `YYYYMMDD` or ISO 8601. */
  birthDate: string | null;
  /** DICOM (`F`, `M`, `O`) or FHIR (`female`, `male`, …). */
  sex: string | null;
  entries: readonly RecordEntry[];
  knowledge: Knowledge;
  now: Date;
};

type Read = ScoredPatient & { series: ReadonlyMap<string, LabSeries>; medications: readonly TakenMedication[] };
type Unusable = RecordedScore['not_used'][number];
/** A problem counts as former if it is over, or began longer ago than an acute one would. */
const FORMER_DAYS = 30;

/** Inputs of which one stands in place of the other: the second is given only where the first is not known. */
const ALTERNATIVES: readonly (readonly [string, string])[] = [['urea', 'urea_nitrogen']];

/**
 * Every score with the inputs that the record gives, each with its source and its age. Flags are set by what the record shows and never
 * cleared by what it does not; values that are too old, or not plausible, are named and not used. Pure.
 */
export function scoresFromRecord(patient: ScoredPatient): RecordedScore[] {
  const { series } = readLabSeries(patient.entries);
  const past = series.map((one) => ({ ...one, points: one.points.filter(({ moment }) => moment.from <= patient.now.getTime()) }));
  const read: Read = {
    ...patient,
    series: new Map(past.map((one) => [one.test, one])),
    medications: readMedications(patient.entries, patient.knowledge),
  };
  return SCORES.map((score) => fill(score, read));
}

function fill(score: ScoreDefinition, read: Read): RecordedScore {
  const inputs: RecordedInput[] = [];
  const unusable: Unusable[] = [];
  for (const name of Object.keys(score.inputs)) {
    const source = sourceOfInput(score.id, name);
    const found = source && readInput(name, source, read);
    if (found && 'reason' in found) unusable.push(found);
    else if (found) inputs.push(found);
  }
  const replaced = new Set(ALTERNATIVES.flatMap(([first, second]) => (inputs.some(({ name }) => name === first) ? [second] : [])));
  return compute(
    score,
    inputs.filter(({ name }) => !replaced.has(name)),
    unusable,
  );
}

/** Leaves out what the score finds not plausible, and says so. */
function compute(score: ScoreDefinition, inputs: readonly RecordedInput[], unusable: readonly Unusable[]): RecordedScore {
  try {
    const result = score.compute(Object.fromEntries(inputs.map(({ name, value }) => [name, value])));
    return { result, inputs: [...inputs], not_used: [...unusable] };
  } catch (error) {
    const refused = error instanceof ClinicalInputError ? inputs.find(({ name }) => name === error.field) : undefined;
    if (!refused) throw error;
    const { name, from } = refused;
    const rest = inputs.filter((input) => input !== refused);
    return compute(score, rest, [...unusable, { name, reason: 'The recorded value is not plausible for this score', from }]);
  }
}

function readInput(name: string, source: InputSource, read: Read): RecordedInput | Unusable | undefined {
  switch (source.kind) {
    case 'age':
    case 'sex':
      return ofPerson(name, source.kind, read);
    case 'test':
      return ofTest(name, source, read);
    case 'problem':
      return flagFrom(name, problemsShowing(source, read), read);
    case 'drug':
      return flagFrom(name, drugsOfClasses(source.classes, read), read);
    case 'charlson':
      return flagFrom(name, charlsonEntries(source, read), read);
  }
}

function ofPerson(name: string, kind: 'age' | 'sex', { key, birthDate, sex, now }: Read): RecordedInput | undefined {
  const letter = (sex ?? '').slice(0, 1).toUpperCase();
  const value = kind === 'age' ? ageInYears(birthDate, now) : letter === 'F' ? 'female' : letter === 'M' ? 'male' : undefined;
  return value === undefined ? undefined : { name, value, at: null, age_days: null, from: [{ kind: 'patient', id: key }] };
}

function ofTest(
  name: string,
  { test, maxAgeDays }: Extract<InputSource, { kind: 'test' }>,
  { series, now }: Read,
): RecordedInput | Unusable | undefined {
  const one = series.get(test);
  const point = one?.points.at(-1);
  if (!one || !point) return undefined;
  // By the latest that it can have been: a day without a time may be today.
  const age_days = Math.max(0, daysBetween(point.moment, { from: now.getTime(), to: now.getTime() }));
  if (now.getTime() - point.moment.to > maxAgeDays * 86_400_000)
    return { name, reason: `The last value is ${age_days} days old, more than the ${maxAgeDays} that count as present`, from: point.from };
  const unit = one.unit === '1' ? null : one.unit;
  return { name, value: unit === null ? point.value : { value: point.value, unit }, at: point.at, age_days, from: point.from };
}

function problemsShowing({ concepts, when }: Extract<InputSource, { kind: 'problem' }>, { entries, now }: Read): RecordEntry[] {
  return entries.filter((entry) => {
    if (entry.kind !== 'condition' && entry.kind !== 'procedure') return false;
    if (!concepts.some((concept) => showsConcept(entry, concept))) return false;
    if (when === 'present') return isPresent(entry, now);
    return when === 'ever' ? hasBegun(entry, now) : isFormer(entry, now);
  });
}

/** Nothing that is dated in the future. */
function hasBegun({ started_at }: RecordEntry, now: Date): boolean {
  return (momentOf(started_at)?.from ?? 0) <= now.getTime();
}

function isFormer(entry: RecordEntry, now: Date): boolean {
  const start = momentOf(entry.started_at);
  const isOld = start !== undefined && daysBetween({ from: start.to, to: start.to }, { from: now.getTime(), to: 0 }) > FORMER_DAYS;
  return isOld || (entry.status === 'resolved' && hasBegun(entry, now));
}

function drugsOfClasses(classes: readonly string[], { medications, now }: Read): RecordEntry[] {
  return medications
    .filter(({ entry, drugs }) => isPresent(entry, now) && drugs.some((drug) => drug.classes.some((name) => classes.includes(name))))
    .map(({ entry }) => entry);
}

function charlsonEntries({ condition, concepts }: Extract<InputSource, { kind: 'charlson' }>, { entries, now }: Read): RecordEntry[] {
  return entries.filter((entry) => {
    if (entry.kind !== 'condition' || entry.status === 'refuted' || !hasBegun(entry, now)) return false;
    const codes = icd10Of(entry);
    // A code of ICD-10 says exactly what it says; words and other codes are asked only where there is none.
    if (codes.length > 0) return Object.hasOwn(charlsonConditionsFromIcd10(codes), condition);
    return concepts.some((concept) => showsConcept(entry, concept));
  });
}

function flagFrom(name: string, entries: readonly RecordEntry[], { now }: Read): RecordedInput | undefined {
  const [first, ...others] = entries;
  if (!first) return undefined;
  const newest = others.reduce((a, b) => ((b.started_at ?? '') > (a.started_at ?? '') ? b : a), first);
  const moment = momentOf(newest.started_at);
  return {
    name,
    value: true,
    at: newest.started_at,
    age_days: moment ? Math.max(0, daysBetween(moment, { from: now.getTime(), to: now.getTime() })) : null,
    from: entries.map(sourceOf),
  };
}

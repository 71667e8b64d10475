import type { RecordEntry } from '../../contract/patient-record.ts';
import type { Judgment } from './judgment.ts';
import { inUnit, LAB_NAMES, type LabName, unitCode } from './lab-names.ts';
import { datumOf, type PatientFacts } from './patient-facts.ts';
import { type Bounds, isWithin, readBounds } from './read-bounds.ts';
import { remainingWords, wordSet } from './remaining-words.ts';

/** An older value says too little of today. */
const MAX_AGE_DAYS = 365;
const DAY_MS = 86_400_000;
const UNDERSTOOD = wordSet(
  'least most more less than greater equal lower higher above below over under minimum maximum no not up level levels value values count serum plasma baseline screening ' +
    'visit ml min m2 m g dl l mg kg mm mm3 hg x ul umol mol cells e9 per sq',
);

/** A measurement with a bound: `eGFR >= 30 mL/min/1.73m2`. Decided by the latest value of the last year. */
export function judgeLab(text: string, facts: PatientFacts): Judgment | undefined {
  const named = LAB_NAMES.filter(({ name }) => name.test(text));
  const [lab] = named;
  if (!lab) return undefined;
  const bounds = readBounds(text.replace(lab.name, ' ').replaceAll(/1[.,]73\s+(?=m|sq)/g, '1.73'));
  if (!bounds) return undefined;
  const data = latestOf(facts.record, lab);
  const shown = data ? [datumOf(data)] : [];
  // Hemoglobin is a part of the name of HbA1c; the number then belongs to the longer one, which comes first.
  const rest = remainingWords(text.replace(lab.name, ' ').replaceAll(/1[.,]73/g, ' '), UNDERSTOOD);
  if (rest.length > 0) return { status: 'unknown', reason: 'It says more than the measurement', data: shown };
  if (!data) return { status: 'unknown', reason: 'The record has no such measurement', data: [] };
  return decide(data, { lab, bounds, now: facts.now });
}

function decide(entry: RecordEntry, { lab, bounds, now }: { lab: LabName; bounds: Bounds; now: Date }): Judgment {
  const data = [datumOf(entry)];
  const measuredAt = Date.parse(entry.started_at ?? '');
  if (Number.isNaN(measuredAt) || now.getTime() - measuredAt > MAX_AGE_DAYS * DAY_MS)
    return { status: 'unknown', reason: 'The latest measurement is more than a year old', data };
  const asked = bounds.unit === '' ? lab.unit : unitCode(bounds.unit.replace(/[.;,]+$/, ''));
  const has = unitCode(entry.unit ?? '');
  const value = entry.value !== null && has !== undefined && asked ? inUnit(entry.value, has, asked) : undefined;
  if (value === undefined) return { status: 'unknown', reason: 'The units cannot be compared', data };
  return { status: isWithin(value, bounds) ? 'met' : 'not_met', reason: 'By the latest measurement', data };
}

function latestOf(record: readonly RecordEntry[], { loinc }: LabName): RecordEntry | undefined {
  return record
    .filter(({ kind, status, value }) => kind === 'observation' && status !== 'refuted' && value !== null)
    .filter(({ codes }) => codes.some(({ code }) => loinc.includes(code)))
    .toSorted((a, b) => ((a.started_at ?? '') < (b.started_at ?? '') ? 1 : -1))[0];
}

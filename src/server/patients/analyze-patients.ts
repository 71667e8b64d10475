import type { Coding } from '../../contract/patient-record.ts';
import { AGE_BANDS, type PatientAnalytics } from '../../contract/patients-analytics.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db } from '../platform/ports.ts';
import {
  countBands,
  countBy,
  countCodes,
  countPatientsMade,
  countStudiesMade,
  findEntryOfTerm,
  type Group,
} from './analytics-repository.ts';
import { genderOf } from './person.ts';
import { codeTerm } from './record-terms.ts';

type Wanted = { months?: number; conditions?: number };
/** The view of the record, and the one in which the caller sees studies. */
export type AnalyticsDeps = { db: Db; studiesOf: Db; now: () => Date };

/** Counts over all patients. Each is one statement over an index or a table; none reads a row of a patient into memory. */
export async function analyzePatients(
  { db, studiesOf, now }: AnalyticsDeps,
  { months = 12, conditions = 10 }: Wanted,
): Promise<PatientAnalytics> {
  const at = now();
  const status = await countBy(db, 'status');
  const risk = await countBy(db, 'risk_level');
  const [active, inactive] = [countOf(status, 'active'), countOf(status, 'inactive')];
  return {
    at: at.toISOString(),
    total: active + inactive,
    active,
    inactive,
    demographics: await demographics(db, at),
    risk_levels: { low: countOf(risk, 'low'), medium: countOf(risk, 'medium'), high: countOf(risk, 'high'), unknown: countOf(risk, null) },
    top_conditions: await topConditions(db, conditions),
    months: await volumes({ db, studiesOf }, { at, months }),
  };
}

function countOf(groups: readonly Group[], value: string | null): number {
  return groups.find((group) => group.value === value)?.count ?? 0;
}

async function demographics(db: Db, at: Date): Promise<PatientAnalytics['demographics']> {
  const today = Number(at.toISOString().slice(0, 10).replaceAll('-', ''));
  // Born after this day, somebody is not yet as old.
  const bounds = AGE_BANDS.slice(1).map((years) => String(today - years * 10_000));
  const bands = AGE_BANDS.map((years, index) =>
    index === AGE_BANDS.length - 1 ? `${years}+` : `${years}-${(AGE_BANDS[index + 1] ?? 0) - 1}`,
  );
  const counted = new Map<string, PatientAnalytics['demographics'][number]>();
  for (const { sex, band, count } of (await countBands(db, bounds)).sort((a, b) => a.band - b.band)) {
    const [age_band, gender] = [bands[band] ?? 'unknown', genderOf(sex)];
    // What DICOM has for a sex beyond these three is unknown to us.
    const key = `${age_band} ${gender}`;
    counted.set(key, { age_band, gender, count: (counted.get(key)?.count ?? 0) + count });
  }
  return [...counted.values()];
}

async function topConditions(db: Db, limit: number): Promise<PatientAnalytics['top_conditions']> {
  const mark = codeTerm('');
  const groups = await countCodes(db, { from: mark, before: `${mark}\u{10FFFF}`, limit });
  const found: PatientAnalytics['top_conditions'] = [];
  for (const { value, count } of groups) {
    const entry = value === null ? undefined : await findEntryOfTerm(db, value);
    const coding = entry && parseColumn<Coding[]>(entry.codes).find(({ code }) => codeTerm(code) === value);
    if (entry && coding) found.push({ system: coding.system, code: coding.code, text: coding.display ?? entry.text, patients: count });
  }
  return found;
}

async function volumes(
  { db, studiesOf }: Pick<AnalyticsDeps, 'db' | 'studiesOf'>,
  { at, months }: { at: Date; months: number },
): Promise<PatientAnalytics['months']> {
  const found: PatientAnalytics['months'] = [];
  for (let back = months - 1; back >= 0; back -= 1) {
    const [from, before] = [monthStart(at, back), monthStart(at, back - 1)];
    const patients = await countPatientsMade(db, { from, before });
    const studies = await countStudiesMade(studiesOf, { from, before });
    found.push({ month: from.slice(0, 7), patients, studies });
  }
  return found;
}

/** The first instant (UTC) of the month that lies so many months back. */
function monthStart(at: Date, back: number): string {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - back, 1)).toISOString();
}
